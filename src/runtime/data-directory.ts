/** The folder that holds everything one Vesta keeps on disk, used by one process at a time. */
import { chmodSync, linkSync, mkdirSync, readFileSync, realpathSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { isRunning, startOf } from './process-facts.ts';

export interface DataDirectory {
  readonly path: string;
  /** Folder of the PostgreSQL cluster. */
  readonly cluster: string;
  /** Lets another process have it. */
  release(): void;
}

interface Holder {
  readonly pid: number;
  readonly start: string;
}

/** Where the pieces are. `socket` names the folder of the running database's socket, for command-line tools. */
export function dataDirectoryFiles(folder: string) {
  return {
    cluster: path.join(folder, 'postgres'),
    lock: path.join(folder, 'lock'),
    socket: path.join(folder, 'socket'),
    adminToken: path.join(folder, 'admin-token'),
  } as const;
}

function readHolder(text: string): Holder | undefined {
  const [pid = '', start = ''] = text.trim().split(' ');
  return /^\d+$/.test(pid) ? { pid: Number(pid), start } : undefined;
}

function isAlive({ pid, start }: Holder): boolean {
  return isRunning(pid) && (start === '' || startOf(pid) === start);
}

function readText(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
}

/** Moves the lock of a dead process away; puts it back when another process took it between reading and moving. */
function removeStaleLock(lock: string, seen: string): void {
  const aside = `${lock}.${process.pid}`;
  try {
    renameSync(lock, aside);
    if (readFileSync(aside, 'utf8') !== seen) linkSync(aside, lock);
    rmSync(aside);
  } catch {
    // another process was quicker; the next attempt to take the lock finds out
  }
}

function takeLock(folder: string, lock: string): void {
  const own = `${process.pid} ${startOf(process.pid)}\n`;
  for (let attempt = 0; attempt < 5; attempt += 1) {
    try {
      writeFileSync(lock, own, { flag: 'wx', mode: 0o600 });
      return;
    } catch (cause) {
      if ((cause as NodeJS.ErrnoException).code !== 'EEXIST') throw cause;
    }
    const seen = readText(lock);
    if (seen === undefined) continue;
    const holder = readHolder(seen);
    if (holder && isAlive(holder)) {
      throw new Error(
        `The data directory ${folder} is in use by process ${holder.pid}: stop it, or choose another with VESTA_DATA_DIR`,
      );
    }
    removeStaleLock(lock, seen);
  }
  throw new Error(`The data directory ${folder} is being taken by another process`);
}

/** Makes the folder if need be and takes it for this process. Throws when another process has it. `mode` is the folder's: 0700, or 0711 where PostgreSQL runs as another user. */
export function openDataDirectory(folder: string, mode: 0o700 | 0o711): DataDirectory {
  // not in one step: a recursive mkdir would give its mode to the folders above too
  mkdirSync(path.dirname(path.resolve(folder)), { recursive: true });
  mkdirSync(folder, { recursive: true, mode });
  chmodSync(folder, mode);
  const real = realpathSync(folder);
  const { lock, cluster } = dataDirectoryFiles(real);
  takeLock(real, lock);
  return { path: real, cluster, release: () => rmSync(lock, { force: true }) };
}
