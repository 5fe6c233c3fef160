/** One running PostgreSQL: started, waited for, stopped. https://www.postgresql.org/docs/18/server-shutdown.html */
import { type ChildProcess, spawn } from 'node:child_process';
import type { PostgresBinaries } from './postgres-binaries.ts';
import { childEnvironment, type Launch } from './launch.ts';
import { fixedSettings, type PostgresSettings } from './postgres-settings.ts';

export interface PostgresProcess {
  readonly pid: number;
  /** Resolves when the process has ended, for whatever reason, with the reason in words. */
  readonly ended: Promise<string>;
  /** Ends all sessions and writes a checkpoint. */
  stop(): Promise<void>;
}

export interface PostgresCommand {
  readonly launch: Launch;
  readonly binaries: PostgresBinaries;
  /** The folder that initdb made. */
  readonly cluster: string;
  readonly socketDirectory: string;
  readonly settings: PostgresSettings;
}

const readyLine = 'ready to accept connections';
const keptLogLength = 8_192;
/** A checkpoint may take this long on a slow disk; then an immediate stop, which the next start recovers from. */
const stopMilliseconds = 30_000;

function argumentsOf({ cluster, socketDirectory, settings }: PostgresCommand): readonly string[] {
  const all = Object.entries({ ...settings, ...fixedSettings });
  return ['-D', cluster, '-k', socketDirectory, ...all.flatMap(([name, value]) => ['-c', `${name}=${value}`])];
}

function launchProcess(command: PostgresCommand): ChildProcess {
  const { launch, binaries } = command;
  const [program = '', ...rest] = [...launch.prefix, binaries.postgres, ...argumentsOf(command)];
  return spawn(program, rest, {
    ...(launch.uid !== undefined && { uid: launch.uid, gid: launch.gid }),
    env: childEnvironment,
    cwd: '/',
    stdio: ['ignore', 'ignore', 'pipe'],
    // a process group of its own: Ctrl-C must reach this program alone, which then drains before it stops the database
    detached: true,
  });
}

/** Resolves when the last of PostgreSQL's lines says it is ready, rejects when it ends before. */
function untilReady(child: ChildProcess, ended: Promise<string>): Promise<void> {
  const { promise, resolve, reject } = withResolvers();
  let log = '';
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    log = (log + text).slice(-keptLogLength);
    if (log.includes(readyLine)) resolve();
  });
  void ended.then((reason) => reject(new Error(`PostgreSQL did not start (${reason}): ${log.trim()}`)));
  return promise;
}

function withResolvers() {
  let resolve!: () => void;
  let reject!: (error: Error) => void;
  const promise = new Promise<void>((onResolve, onReject) => {
    resolve = onResolve;
    reject = onReject;
  });
  return { promise, resolve, reject };
}

function untilEnded(child: ChildProcess): Promise<string> {
  return new Promise((resolve) => {
    child.once('error', (error) => resolve(error.message));
    child.once('exit', (code, signal) => resolve(signal ? `ended by ${signal}` : `exit code ${code}`));
  });
}

/** Starts PostgreSQL on a cluster and waits until it accepts connections, crash recovery included. Throws with its log when it cannot. */
export async function startPostgres(command: PostgresCommand): Promise<PostgresProcess> {
  const child = launchProcess(command);
  const ended = untilEnded(child);
  await untilReady(child, ended);
  return {
    pid: child.pid ?? 0,
    ended,
    async stop() {
      child.kill('SIGINT');
      const impatience = setTimeout(() => child.kill('SIGQUIT'), stopMilliseconds);
      await ended;
      clearTimeout(impatience);
    },
  };
}
