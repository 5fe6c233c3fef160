/** Writes `schemas/r4/` from HL7's official definitions; with `--check` writes nothing and fails when a byte would differ. https://hl7.org/fhir/R4/downloads.html */
import { mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { schemaFiles } from './schemas/schema-files.ts';

export const schemasDirectory = fileURLToPath(new URL('../../schemas/r4', import.meta.url));

function present(directory: string): readonly string[] {
  const entries = readdirSync(directory, { recursive: true, withFileTypes: true });
  return entries.filter((entry) => entry.isFile()).map(({ parentPath, name }) => join(parentPath, name));
}

const textOf = (path: string): string | undefined => {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
};

/** Paths of files in `directory` that are missing, differ or are not generated, sorted. */
export function staleFiles(directory: string, files: ReadonlyMap<string, string>): readonly string[] {
  const wanted = new Map([...files].map(([name, text]) => [join(directory, name), text]));
  const differing = [...wanted].filter(([path, text]) => textOf(path) !== text).map(([path]) => path);
  const surplus = present(directory).filter((path) => !wanted.has(path));
  return [...differing, ...surplus].sort();
}

function write(directory: string, files: ReadonlyMap<string, string>): void {
  for (const path of staleFiles(directory, files)) rmSync(path, { force: true });
  for (const [name, text] of files) {
    const path = join(directory, name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
  }
}

function main(): void {
  const files = schemaFiles();
  if (!process.argv.includes('--check')) {
    write(schemasDirectory, files);
    console.log(`${files.size} files written to schemas/r4`);
    return;
  }
  const stale = staleFiles(schemasDirectory, files);
  for (const path of stale) console.error(`not as generated: ${path}`);
  process.exitCode = stale.length > 0 ? 1 : 0;
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) main();
