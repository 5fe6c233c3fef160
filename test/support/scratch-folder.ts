/** Where the PostgreSQL of a test run keeps its data. */
import { mkdtempSync, readdirSync, readFileSync, rmSync, statfsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { isRunning } from '../../src/runtime/process-facts.ts';

const memory = '/dev/shm';
const neededBytes = 2 * 1024 ** 3;
const prefix = 'vesta-test-';

/** Memory where there is enough: copying a database takes 10 ms there, and up to 300 ms on a disk. */
function chooseParent(): string {
  try {
    const { bavail, bsize } = statfsSync(memory);
    return bavail * bsize > neededBytes ? memory : tmpdir();
  } catch {
    return tmpdir();
  }
}

/** The process that uses a folder, as PostgreSQL's data directory notes it. */
function userOf(folder: string): number | undefined {
  try {
    return Number.parseInt(readFileSync(path.join(folder, 'data/lock'), 'utf8'), 10);
  } catch {
    return undefined;
  }
}

/** Ctrl-C ends jest without its tear-down. */
function removeAbandoned(parent: string): void {
  for (const name of readdirSync(parent)) {
    const folder = path.join(parent, name);
    const user = name.startsWith(prefix) ? userOf(folder) : undefined;
    if (user !== undefined && !isRunning(user)) rmSync(folder, { recursive: true, force: true });
  }
}

export function makeScratchFolder(): string {
  const parent = chooseParent();
  removeAbandoned(parent);
  return mkdtempSync(path.join(parent, prefix));
}
