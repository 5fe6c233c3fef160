/** A real server in a process of its own, on a data directory that outlives it: something to kill. */
import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { dataDirectoryFiles } from '../../src/runtime/data-directory.ts';

export const token = 'crash-test-token-0123456789-0123456789-0123456789';

export interface ServerProcess {
  /** FHIR base, without a slash at the end. */
  readonly base: string;
  /** Sends the signal and resolves when the process is gone. */
  end(signal: NodeJS.Signals): Promise<void>;
}

type Child = ChildProcessByStdio<null, Readable, null>;

/** Starts the server on the directory; resolves when it serves. */
export async function startServer(folder: string): Promise<ServerProcess> {
  const env = {
    PATH: process.env['PATH'],
    PORT: '0',
    VESTA_DATA_DIR: folder,
    VESTA_LOG_LEVEL: 'silent',
    VESTA_ADMIN_TOKEN: token,
    VESTA_RATE_LIMIT: 'off',
    VESTA_RATE_LIMIT_IP: 'off',
  };
  const child: Child = spawn(process.execPath, ['--import', 'tsx', 'src/main.ts'], {
    env,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const exited = once(child, 'exit');
  for await (const line of createInterface({ input: child.stdout })) {
    const [, base] = /^Vesta serves FHIR R4 at (.+)$/.exec(line) ?? [];
    if (base === undefined) continue;
    return {
      base,
      async end(signal) {
        child.kill(signal);
        await exited;
      },
    };
  }
  throw new Error('The server ended before it was ready');
}

/** Process number of the PostgreSQL that the directory's server runs. */
export function postgresOf(folder: string): number {
  const file = path.join(dataDirectoryFiles(folder).cluster, 'postmaster.pid');
  return Number.parseInt(readFileSync(file, 'utf8'), 10);
}

async function isReady(base: string): Promise<boolean> {
  try {
    return (await fetch(new URL('/readyz', base))).ok;
  } catch {
    return false;
  }
}

/** While PostgreSQL starts, its file of process numbers is away or half written. */
function isReplaced(folder: string, killed: number): boolean {
  try {
    const pid = postgresOf(folder);
    return pid > 0 && pid !== killed;
  } catch {
    return false;
  }
}

/** Kills the PostgreSQL of the directory's server; resolves once another serves in its place. Sessions of the killed one answer a moment longer: that the server says it is ready proves nothing before. */
export async function replacePostgres(folder: string, base: string): Promise<void> {
  const killed = postgresOf(folder);
  process.kill(killed, 'SIGKILL');
  for (let attempt = 1; attempt <= 300; attempt += 1) {
    if (isReplaced(folder, killed) && (await isReady(base))) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error('The server did not become ready again');
}
