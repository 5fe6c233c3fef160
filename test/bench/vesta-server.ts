/** A Vesta as users start it, in a process and a data directory of its own. */
import { type ChildProcess, spawn } from 'node:child_process';
import { chmodSync, closeSync, existsSync, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { performance } from 'node:perf_hooks';
import { setTimeout as delay } from 'node:timers/promises';
import type { Cleanup } from './cleanup.ts';
import type { Api } from './load/load-order.ts';
import { familyOfProcess } from './processes.ts';

export interface VestaServer {
  readonly pid: number;
  readonly api: Api;
  readonly dataDirectory: string;
  /** From the start of the process to the first answer that it is ready. */
  readonly startMilliseconds: number;
  /** Ends the server and its PostgreSQL; does nothing when they have ended. */
  stop(): Promise<void>;
}

export interface ServerOptions {
  /** The folder of a built Vesta. */
  readonly directory: string;
  /** Where the server keeps its data, and its log beside them. */
  readonly workspace: string;
}

const host = '127.0.0.1';
const basePath = '/fhir';
const token = '0123456789abcdef'.repeat(4);
const startTimeout = 60_000;
const stopTimeout = 30_000;

/** Makes an empty folder for one server. Who runs PostgreSQL, another user than root, may pass through it. */
export function makeWorkspace(): { readonly path: string; remove(): void } {
  const folder = mkdtempSync(path.join(tmpdir(), 'vesta-bench-'));
  chmodSync(folder, 0o711);
  return { path: folder, remove: () => rmSync(folder, { recursive: true, force: true }) };
}

const dataDirectoryIn = (workspace: string): string => path.join(workspace, 'data');
const logIn = (workspace: string): string => path.join(workspace, 'vesta.log');

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, host, () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address ? address.port : 0));
    });
  });
}

/** Nothing of the caller's settings but what finds programs: the embedded database with its durable settings, no rate limit, everything else as it is by default. */
function environmentOf(port: number, dataDirectory: string): NodeJS.ProcessEnv {
  const { PATH, HOME, TMPDIR } = process.env;
  return {
    ...(PATH && { PATH }),
    ...(HOME && { HOME }),
    ...(TMPDIR && { TMPDIR }),
    HOST: host,
    PORT: String(port),
    VESTA_DATA_DIR: dataDirectory,
    VESTA_ADMIN_TOKEN: token,
    VESTA_RATE_LIMIT: 'off',
    VESTA_RATE_LIMIT_IP: 'off',
  };
}

function launch({ directory, workspace }: ServerOptions, port: number): ChildProcess {
  const log = openSync(logIn(workspace), 'a');
  const child = spawn(process.execPath, ['dist/cli/main.js', 'start'], {
    cwd: directory,
    env: environmentOf(port, dataDirectoryIn(workspace)),
    stdio: ['ignore', log, log],
  });
  closeSync(log);
  return child;
}

const hasEnded = ({ exitCode, signalCode }: ChildProcess): boolean => exitCode !== null || signalCode !== null;

async function isReady(url: string): Promise<boolean> {
  try {
    return (await fetch(url, { signal: AbortSignal.timeout(startTimeout) })).status === 200;
  } catch {
    return false;
  }
}

async function untilReady(child: ChildProcess, url: string, log: string): Promise<void> {
  const end = performance.now() + startTimeout;
  while (!(await isReady(url))) {
    if (hasEnded(child) || performance.now() > end) {
      throw new Error(`Vesta did not start:\n${readFileSync(log, 'utf8').slice(-2_000)}`);
    }
    await delay(5);
  }
}

/** Whether it ended within that time. */
async function endsWithin(child: ChildProcess, milliseconds: number): Promise<boolean> {
  const end = performance.now() + milliseconds;
  while (!hasEnded(child) && performance.now() < end) await delay(10);
  return hasEnded(child);
}

/** Ends a PostgreSQL that outlived its server. */
function endPostgres(dataDirectory: string): void {
  const file = path.join(dataDirectory, 'postgres/postmaster.pid');
  if (!existsSync(file)) return;
  const pid = Number(readFileSync(file, 'latin1').split('\n', 1)[0]);
  if (familyOfProcess(pid).some(({ command }) => command.startsWith('postgres'))) process.kill(pid, 'SIGQUIT');
}

/** Asks the server to end, and makes it end when it does not. */
async function stopServer(child: ChildProcess, workspace: string): Promise<void> {
  child.kill('SIGTERM');
  if (!(await endsWithin(child, stopTimeout))) child.kill('SIGKILL');
  await endsWithin(child, stopTimeout);
  endPostgres(dataDirectoryIn(workspace));
}

/** Starts the server and waits until it is ready; `cleanup` knows of it from its first moment. Throws, with the end of its log, when it does not get so far. */
export async function startVesta(options: ServerOptions, cleanup: Cleanup): Promise<VestaServer> {
  const { workspace } = options;
  const port = await freePort();
  const start = performance.now();
  const child = launch(options, port);
  const stop = cleanup.add(() => stopServer(child, workspace));
  try {
    await untilReady(child, `http://${host}:${port}/readyz`, logIn(workspace));
  } catch (cause) {
    await stop();
    throw cause;
  }
  return {
    pid: child.pid ?? 0,
    api: { target: { host, port }, basePath, token },
    dataDirectory: dataDirectoryIn(workspace),
    startMilliseconds: performance.now() - start,
    stop,
  };
}
