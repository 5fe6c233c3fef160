import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { dataDirectoryFiles } from '../../src/runtime/data-directory.ts';
import {
  type EmbeddedPostgres,
  type EmbeddedPostgresOptions,
  startEmbeddedPostgres,
} from '../../src/runtime/embedded-postgres.ts';
import { chooseLaunch, launchAsUser } from '../../src/runtime/launch.ts';
import { durableSettings, testSettings } from '../../src/runtime/postgres-settings.ts';
import { isRunning } from '../../src/runtime/process-facts.ts';
import { readSocketDirectory } from '../../src/runtime/socket-directory.ts';

let folder: string;
/** Every test's data directory: a stop leaves it fit for the next start. */
let home: string;
const started: EmbeddedPostgres[] = [];

async function start(directory: string, options: Partial<EmbeddedPostgresOptions> = {}): Promise<EmbeddedPostgres> {
  const postgres = await startEmbeddedPostgres({ dataDirectory: directory, settings: testSettings, ...options });
  started.push(postgres);
  return postgres;
}

async function ask<Row extends pg.QueryResultRow>(postgres: EmbeddedPostgres, statement: string): Promise<Row[]> {
  const client = new pg.Client({ ...postgres.connection, user: 'postgres', database: 'postgres' });
  client.on('error', () => undefined);
  await client.connect();
  const { rows } = await client.query<Row>(statement);
  await client.end();
  return rows;
}

/** Waits, for as long as jest lets it. */
async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setImmediate(resolve));
}

/** Starts PostgreSQL from a process of its own; gives that process and PostgreSQL's number. */
async function startElsewhere(directory: string): Promise<readonly [ChildProcess, number]> {
  const program = path.resolve('test/runtime/hold-postgres.ts');
  const child = spawn(process.execPath, ['--import', 'tsx', program, directory], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [line] = (await once(createInterface(child.stdout), 'line')) as [string];
  return [child, Number(line)];
}

beforeAll(async () => {
  folder = mkdtempSync(path.join(tmpdir(), 'vesta-embedded-'));
  // too long a path for a socket, and with what a first start left behind that was cut off
  home = path.join(folder, 'long'.repeat(30), 'home');
  mkdirSync(path.join(home, 'postgres.new/base'), { recursive: true });
  await (await start(home)).stop();
  started.length = 0;
}, 30_000);

afterEach(async () => {
  await Promise.all(started.splice(0).map((postgres) => postgres.stop()));
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('a started PostgreSQL', () => {
  it('keeps text as UTF-8 in code point order and listens on its socket only', async () => {
    const [facts] = await ask(
      await start(home),
      `SELECT current_setting('server_encoding') AS encoding, current_setting('listen_addresses') AS addresses,
        (SELECT datlocale FROM pg_database WHERE datname = 'postgres') AS locale, current_setting('data_checksums') AS checksums`,
    );
    expect(facts).toEqual({ encoding: 'UTF8', addresses: '', locale: 'C.UTF-8', checksums: 'on' });
  });

  it('writes to the disk before it acknowledges, as the server runs it', async () => {
    const postgres = await start(home, { settings: durableSettings });
    const rows = await ask(postgres, "SELECT setting FROM pg_settings WHERE name IN ('fsync', 'synchronous_commit')");
    expect(rows).toEqual([{ setting: 'on' }, { setting: 'on' }]);
  });

  it('lets nobody else into its folders', async () => {
    const postgres = await start(home);
    const modes = [home, path.join(home, 'postgres'), postgres.connection.host].map(
      (place) => statSync(place).mode & 0o077,
    );
    expect(modes.slice(1)).toEqual([0, 0]);
    expect((modes[0] ?? 0) & 0o066).toBe(0);
  });

  it('leaves no process, socket or lock behind when it is stopped', async () => {
    const postgres = await start(home);
    const pid = postgres.pid();
    started.length = 0;
    await postgres.stop();
    expect(isRunning(pid)).toBe(false);
    const { lock, socket } = dataDirectoryFiles(home);
    expect([postgres.connection.host, lock, socket].filter((file) => existsSync(file))).toEqual([]);
  });

  it('works in a folder whose path is too long for a socket, and after a first start that was cut off', async () => {
    expect(await ask(await start(home), 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
    expect(readdirSync(home)).not.toContain('postgres.new');
  });

  // what root falls back to where there are no user namespaces; anybody else has one way
  const launches = process.getuid?.() === 0 ? [launchAsUser()] : [chooseLaunch()];
  it.each(launches)(
    'runs by the way of $kind',
    async (launch) => {
      // made anew, for a copy would belong to us; and where any user may go
      chmodSync(folder, 0o711);
      const postgres = await start(path.join(folder, `launch-${launch.kind}`), { launch });
      expect(await ask(postgres, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
    },
    30_000,
  );
});

describe('a data directory', () => {
  it('is refused to a second server while the first runs', async () => {
    await start(home);
    await expect(start(home)).rejects.toThrow(/is in use by process \d+: stop it/);
  });

  it('is free again after a start that failed', async () => {
    await expect(start(home, { settings: { nonsense: 'on' } })).rejects.toThrow('PostgreSQL did not start');
    expect(await ask(await start(home), 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
  });

  it('is refused when another version of PostgreSQL made it', async () => {
    const directory = path.join(folder, 'older');
    mkdirSync(path.join(directory, 'postgres'), { recursive: true });
    writeFileSync(path.join(directory, 'postgres/PG_VERSION'), '17\n');
    await expect(start(directory)).rejects.toThrow('was made by PostgreSQL 17');
  });

  it('starts although the process number of a killed PostgreSQL now belongs to another program', async () => {
    const cluster = path.join(home, 'postgres');
    const other = spawn('sleep', ['60']);
    writeFileSync(path.join(cluster, 'postmaster.pid'), `${other.pid}\n${cluster}\n1700000000\n5432\n/tmp\n\n`);
    expect(await ask(await start(home), 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
    other.kill();
  });

  it('starts after its server was killed, with all that was acknowledged', async () => {
    const [child, pid] = await startElsewhere(home);
    const host = readSocketDirectory(dataDirectoryFiles(home).socket) ?? '';
    const client = new pg.Client({ host, user: 'postgres', database: 'postgres' });
    client.on('error', () => undefined);
    await client.connect();
    await client.query('CREATE TABLE kept AS SELECT 1 AS one');
    child.kill('SIGKILL');
    await once(child, 'exit');

    const postgres = await start(home);
    expect(isRunning(pid)).toBe(false);
    expect(await ask(postgres, 'SELECT one FROM kept')).toEqual([{ one: 1 }]);
    expect(existsSync(host)).toBe(false);
  }, 30_000);
});

describe('a PostgreSQL that is killed', () => {
  it('is started again with all that was acknowledged', async () => {
    const events: string[] = [];
    const postgres = await start(home, {
      settings: { ...testSettings, synchronous_commit: 'on' },
      tell: ({ kind }) => events.push(kind),
    });
    await ask(postgres, 'CREATE TABLE kept_too AS SELECT 1 AS one');
    const before = postgres.pid();
    process.kill(before, 'SIGKILL');
    await until(() => events.includes('regained'));
    expect(events).toEqual(['lost', 'regained']);
    expect(postgres.pid()).not.toBe(before);
    expect(await ask(postgres, 'SELECT one FROM kept_too')).toEqual([{ one: 1 }]);
  }, 30_000);
});
