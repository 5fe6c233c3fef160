/** The folder of a PostgreSQL cluster: made by initdb, and freed of what a crash left behind. https://www.postgresql.org/docs/18/app-initdb.html */
import { execFile } from 'node:child_process';
import { chownSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { PostgresBinaries } from './postgres-binaries.ts';
import { childEnvironment, type Launch } from './launch.ts';
import { isRunning, commandOf } from './process-facts.ts';

const majorVersion = '18';

export interface ClusterOptions {
  readonly binaries: PostgresBinaries;
  readonly launch: Launch;
  /** `none` for tests: the new files may be lost in a power cut. */
  readonly sync: 'disk' | 'none';
}

/** UTF-8 whatever the machine's locale, ordered by code point, so that no update of a system library reorders an index. */
const initdbOptions = [
  '--username=postgres',
  '--auth=trust',
  '--encoding=UTF8',
  '--locale=C',
  '--locale-provider=builtin',
  '--builtin-locale=C.UTF-8',
  '--no-instructions',
] as const;

function run(command: readonly string[], { uid, gid }: Launch): Promise<void> {
  const [program = '', ...rest] = command;
  const identity = uid === undefined ? {} : { uid, gid };
  return new Promise((resolve, reject) => {
    execFile(program, rest, { ...identity, env: childEnvironment, cwd: '/' }, (error, _stdout, stderr) => {
      if (error) reject(new Error(`initdb failed: ${stderr.trim() || error.message}`));
      else resolve();
    });
  });
}

/** Makes the cluster unless it is there. initdb works beside it, so that what a crash interrupts is never taken for a cluster. */
export async function ensureCluster(cluster: string, { binaries, launch, sync }: ClusterOptions): Promise<void> {
  if (existsSync(cluster)) return checkVersion(cluster);
  const unfinished = `${cluster}.new`;
  rmSync(unfinished, { recursive: true, force: true });
  mkdirSync(unfinished, { mode: 0o700 });
  if (launch.uid !== undefined && launch.gid !== undefined) chownSync(unfinished, launch.uid, launch.gid);
  const options = sync === 'none' ? [...initdbOptions, '--no-sync'] : initdbOptions;
  await run([...launch.prefix, binaries.initdb, '--pgdata', unfinished, ...options], launch);
  renameSync(unfinished, cluster);
}

function checkVersion(cluster: string): void {
  const version = readFileSync(path.join(cluster, 'PG_VERSION'), 'utf8').trim();
  if (version === majorVersion) return;
  throw new Error(
    `${cluster} was made by PostgreSQL ${version}, this program brings ${majorVersion}: upgrade it with pg_upgrade first`,
  );
}

/** Waits for a PostgreSQL that outlived its server to end. The caller holds the data directory, so it can be no other server's. */
async function endOrphan(pid: number, milliseconds: number): Promise<void> {
  process.kill(pid, 'SIGINT');
  const end = Date.now() + milliseconds;
  while (isRunning(pid)) {
    if (Date.now() > end)
      throw new Error(`An earlier PostgreSQL (process ${pid}) does not end: stop it and start again`);
    await delay(20);
  }
}

/** Deals with the `postmaster.pid` of a PostgreSQL that was killed: ends one that is still there, and frees a process number that went to another program. */
export async function clearStalePostmaster(cluster: string): Promise<void> {
  const file = path.join(cluster, 'postmaster.pid');
  if (!existsSync(file)) return;
  const lines = readFileSync(file, 'utf8').split('\n');
  const pid = Number(lines[0]);
  if (!Number.isInteger(pid) || pid <= 0 || !isRunning(pid)) return;
  const command = commandOf(pid);
  if (command.includes('postgres') && command.includes(cluster)) return endOrphan(pid, 30_000);
  // PostgreSQL takes its parent's number for stale. The file stays: the shared memory it names tells it of sessions still alive.
  if (existsSync(file)) writeFileSync(file, [String(process.pid), ...lines.slice(1)].join('\n'));
}
