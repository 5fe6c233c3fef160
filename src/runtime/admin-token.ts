/** The token of the first administrator: given by the environment, or made at the first start and kept in a file only its owner may read. */
import { randomBytes } from 'node:crypto';
import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dataDirectoryFiles } from './data-directory.ts';

export interface AdminToken {
  readonly token: string;
  /** Set when the token was made just now: where it is kept. */
  readonly madeIn?: string;
}

/** Reads the kept token; undefined when there is none. */
export function readAdminToken(dataDirectory: string): string | undefined {
  try {
    return readFileSync(dataDirectoryFiles(dataDirectory).adminToken, 'utf8').trim() || undefined;
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw cause;
  }
}

/** The configured token, else the kept one, else a new one of 256 random bits. */
export function ensureAdminToken(dataDirectory: string, configured: string | undefined): AdminToken {
  const known = configured ?? readAdminToken(dataDirectory);
  if (known !== undefined) return { token: known };
  const file = dataDirectoryFiles(dataDirectory).adminToken;
  const token = `vesta_admin_${randomBytes(32).toString('base64url')}`;
  mkdirSync(dataDirectory, { recursive: true, mode: 0o700 });
  writeFileSync(file, `${token}\n`, { mode: 0o600 });
  // an empty file that was there would have kept its mode
  chmodSync(file, 0o600);
  return { token, madeIn: file };
}
