/** A private folder for the socket of the embedded PostgreSQL. The path of a socket is limited to 107 bytes, a project's is not: so it lives in the folder for temporary files. */
import { chownSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Launch } from './launch.ts';

const maximumBytes = 107;
const socketName = '.s.PGSQL.5432';
const prefix = 'vesta-';

function temporaryFolder(): string {
  const candidate = path.join(tmpdir(), `${prefix}XXXXXX`, socketName);
  return Buffer.byteLength(candidate) <= maximumBytes ? tmpdir() : '/tmp';
}

/** Reads which folder the last server on this data directory used, or uses. */
export function readSocketDirectory(record: string): string | undefined {
  try {
    return readFileSync(record, 'utf8').trim() || undefined;
  } catch {
    return undefined;
  }
}

/** Makes the folder (mode 0700) and notes it in `record`; removes the one an earlier server left when it was killed. */
export function makeSocketDirectory(record: string, { uid, gid }: Launch): string {
  const earlier = readSocketDirectory(record);
  if (earlier && path.basename(earlier).startsWith(prefix)) rmSync(earlier, { recursive: true, force: true });
  const folder = mkdtempSync(path.join(temporaryFolder(), prefix));
  if (uid !== undefined && gid !== undefined) chownSync(folder, uid, gid);
  writeFileSync(record, `${folder}\n`, { mode: 0o600 });
  return folder;
}
