/** The server as a process: what it prints, what it leaves behind, how it ends. */
import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { dataDirectoryFiles } from '../src/runtime/data-directory.ts';
import { isRunning } from '../src/runtime/process-facts.ts';
import { readSocketDirectory } from '../src/runtime/socket-directory.ts';

type Child = ChildProcessByStdio<null, Readable, Readable>;

interface Server {
  readonly child: Child;
  readonly url: string;
  /** All that it printed before it was ready. */
  readonly lines: readonly string[];
}

let folder: string;
const children: Child[] = [];

beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'vesta-main-'));
});

afterEach(async () => {
  const alive = children.splice(0).filter(({ exitCode, signalCode }) => exitCode === null && signalCode === null);
  await Promise.all(alive.map((child) => (child.kill('SIGTERM'), once(child, 'exit'))));
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

function launch(settings: Readonly<Record<string, string>> = {}): Child {
  const env = { PATH: process.env['PATH'], PORT: '0', VESTA_DATA_DIR: folder, VESTA_LOG_LEVEL: 'silent', ...settings };
  const child = spawn(process.execPath, ['--import', 'tsx', 'src/main.ts'], { env, stdio: ['ignore', 'pipe', 'pipe'] });
  children.push(child);
  return child;
}

async function start(settings?: Readonly<Record<string, string>>): Promise<Server> {
  const child = launch(settings);
  const lines: string[] = [];
  for await (const line of createInterface({ input: child.stdout })) {
    lines.push(line);
    const [, url] = /^Vesta serves FHIR R4 at (.+)$/.exec(line) ?? [];
    if (url !== undefined) return { child, url, lines };
  }
  throw new Error('The server ended before it was ready');
}

async function stop({ child }: Server, signal: NodeJS.Signals): Promise<number | null> {
  child.kill(signal);
  const [code] = (await once(child, 'exit')) as [number | null];
  return code;
}

/** The embedded PostgreSQL's number. */
function postgresOf(directory: string): number {
  return Number.parseInt(readFileSync(path.join(dataDirectoryFiles(directory).cluster, 'postmaster.pid'), 'utf8'), 10);
}

const isAlive = async ({ url }: Server) => (await fetch(new URL('/livez', url))).ok;

describe('a server', () => {
  it('prints its admin token at its first start and at no other', async () => {
    const first = await start();
    const token = readFileSync(dataDirectoryFiles(folder).adminToken, 'utf8').trim();
    expect(first.lines.join('\n')).toContain(token);
    await stop(first, 'SIGTERM');
    const second = await start();
    expect(second.lines).toEqual([`Vesta serves FHIR R4 at ${second.url}`]);
  }, 60_000);

  it.each(['SIGTERM', 'SIGINT'] as const)(
    'ends in order at %s and leaves no process behind',
    async (signal) => {
      const server = await start();
      expect(await isAlive(server)).toBe(true);
      const postgres = postgresOf(folder);
      expect(await stop(server, signal)).toBe(0);
      expect(isRunning(postgres)).toBe(false);
      expect(readdirSync(folder).toSorted()).toEqual(['admin-token', 'postgres']);
    },
    60_000,
  );

  it('starts again after it was killed', async () => {
    const killed = await start();
    const socket = readSocketDirectory(dataDirectoryFiles(folder).socket);
    expect(await stop(killed, 'SIGKILL')).toBeNull();
    const server = await start();
    expect(await isAlive(server)).toBe(true);
    expect(readSocketDirectory(dataDirectoryFiles(folder).socket)).not.toBe(socket);
  }, 60_000);

  it.each([
    ['its data directory is in use', {}, /data directory .* is in use by process \d+/],
    ['a setting is wrong', { PORT: 'many' }, /^PORT must be a whole number/],
    ['its port is taken', { PORT: 'taken', VESTA_DATA_DIR: '/nowhere' }, /EADDRINUSE/],
  ])(
    'does not start when %s, and says so in a line',
    async (_reason, settings: Record<string, string>, message) => {
      const running = await start();
      const port = settings['PORT'] === 'taken' ? { PORT: new URL(running.url).port } : {};
      const child = launch({ ...settings, ...port });
      let complaint = '';
      child.stderr.on('data', (text) => (complaint += String(text)));
      expect((await once(child, 'close'))[0]).toBe(1);
      expect(complaint).toMatch(message);
      expect(complaint.trim().split('\n')).toHaveLength(1);
      expect(await isAlive(running)).toBe(true);
    },
    60_000,
  );
});
