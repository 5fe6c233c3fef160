/** The files that `vesta load` reads: those named, and all JSON and NDJSON below the folders named, in the order of their names. */
import { readdirSync, statSync } from 'node:fs';
import path from 'node:path';

/** A file to load; `version` changes when its content does. */
export interface SourceFile {
  readonly path: string;
  readonly format: 'json' | 'ndjson';
  readonly bytes: number;
  readonly version: string;
}

/** `9` before `10`: later files refer to what earlier ones hold. */
const byName = new Intl.Collator('en', { numeric: true }).compare;

function formatOf(file: string): SourceFile['format'] | undefined {
  if (file.endsWith('.json')) return 'json';
  return /\.(?:ndjson|jsonl)$/.test(file) ? 'ndjson' : undefined;
}

function sourceFile(file: string, format: SourceFile['format']): SourceFile {
  const { size, mtimeMs } = statSync(file);
  return { path: file, format, bytes: size, version: `${size}-${mtimeMs}` };
}

function filesBelow(folder: string): readonly SourceFile[] {
  const entries = readdirSync(folder, { withFileTypes: true }).filter(({ name }) => !name.startsWith('.'));
  return entries
    .sort((a, b) => byName(a.name, b.name))
    .flatMap((entry) => {
      const file = path.join(folder, entry.name);
      if (statSync(file).isDirectory()) return filesBelow(file);
      const format = formatOf(entry.name);
      return format ? [sourceFile(file, format)] : [];
    });
}

/** Throws when a place does not exist. A file that is named is read whatever its ending says. */
export function findFiles(places: readonly string[]): readonly SourceFile[] {
  return places.flatMap((place) =>
    statSync(place).isDirectory() ? filesBelow(place) : [sourceFile(place, formatOf(place) ?? 'json')],
  );
}
