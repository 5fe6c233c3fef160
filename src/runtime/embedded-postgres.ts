/** PostgreSQL without an installation: the programs come from npm, the data lives in the data directory, a private socket is the only way in. See docs/adr on embedded PostgreSQL. */
import { cpSync, existsSync, renameSync, rmSync } from 'node:fs';
import path from 'node:path';
import { clearStalePostmaster, ensureCluster } from './cluster.ts';
import { type DataDirectory, dataDirectoryFiles, openDataDirectory } from './data-directory.ts';
import { canReach, chooseLaunch, type Launch } from './launch.ts';
import { binariesIn, findPostgresBinaries, type PostgresBinaries } from './postgres-binaries.ts';
import { startPostgres } from './postgres-process.ts';
import { durableSettings, type PostgresSettings } from './postgres-settings.ts';
import { makeSocketDirectory } from './socket-directory.ts';
import { type PostgresEvent, supervise } from './supervise.ts';

export interface EmbeddedPostgresOptions {
  readonly dataDirectory: string;
  readonly settings?: PostgresSettings;
  /** Hears when PostgreSQL ends by itself, comes back, or will not come back. */
  readonly tell?: (event: PostgresEvent) => void;
  /** How to run it; the best way this machine offers unless told otherwise. */
  readonly launch?: Launch;
}

export interface EmbeddedPostgres {
  /** What to connect with: add `user` and `database`. `host` is the folder of the socket. */
  readonly connection: { readonly host: string; readonly port: number };
  /** Process number of the PostgreSQL that runs now. */
  pid(): number;
  /** Ends all sessions, writes a checkpoint, gives the data directory back. */
  stop(): Promise<void>;
}

const maximumRestarts = 8;

/** Programs below a folder closed to the user who is to run them, as with a project in /root, are copied into the data directory. */
function reachableBinaries(directory: DataDirectory, launch: Launch): PostgresBinaries {
  const installed = findPostgresBinaries();
  if (canReach(installed.postgres, launch)) return installed;
  const copy = path.join(directory.path, 'programs');
  if (!existsSync(copy)) {
    const unfinished = `${copy}.new`;
    rmSync(unfinished, { recursive: true, force: true });
    cpSync(installed.root, unfinished, { recursive: true, verbatimSymlinks: true });
    renameSync(unfinished, copy);
  }
  return binariesIn(copy);
}

function checkReachable(directory: DataDirectory, launch: Launch): void {
  if (canReach(directory.cluster.replace(/postgres$/, '.'), launch)) return;
  throw new Error(
    `PostgreSQL does not run as root, and user ${launch.uid} may not enter ${directory.path}: set VESTA_DATA_DIR to a folder outside of private ones, or start as an ordinary user`,
  );
}

/** Starts PostgreSQL on the data directory, made at the first start, and keeps it running. Throws when the directory is in use or PostgreSQL cannot start. */
export async function startEmbeddedPostgres(options: EmbeddedPostgresOptions): Promise<EmbeddedPostgres> {
  const { settings = durableSettings, launch = chooseLaunch(), tell = () => undefined } = options;
  const directory = openDataDirectory(options.dataDirectory, launch.kind === 'user' ? 0o711 : 0o700);
  try {
    checkReachable(directory, launch);
    const binaries = reachableBinaries(directory, launch);
    await ensureCluster(directory.cluster, { binaries, launch, sync: settings['fsync'] === 'off' ? 'none' : 'disk' });
    await clearStalePostmaster(directory.cluster);
    const record = dataDirectoryFiles(directory.path).socket;
    const socketDirectory = makeSocketDirectory(record, launch);
    const start = () => startPostgres({ launch, binaries, cluster: directory.cluster, socketDirectory, settings });
    const supervised = supervise(await start(), { start, tell, maximumRestarts });
    return {
      connection: { host: socketDirectory, port: 5432 },
      pid: () => supervised.pid(),
      async stop() {
        await supervised.stop();
        rmSync(record, { force: true });
        rmSync(socketDirectory, { recursive: true, force: true });
        directory.release();
      },
    };
  } catch (cause) {
    directory.release();
    throw cause;
  }
}
