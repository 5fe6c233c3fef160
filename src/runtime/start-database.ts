/** A migrated database for the server: the configured one, or the embedded PostgreSQL. */
import type { Config } from '../config.ts';
import { migrate } from '../store/migrate.ts';
import { allowApiRole, configuredAccess, type DatabaseAccess, embeddedAccess } from './database-access.ts';
import { startEmbeddedPostgres } from './embedded-postgres.ts';
import type { PostgresEvent } from './supervise.ts';

export interface StartedDatabase extends DatabaseAccess {
  /** Names of the migrations that were applied. */
  readonly migrations: readonly string[];
  /** Stops PostgreSQL if this program started it. */
  stop(): Promise<void>;
}

async function migrated(access: DatabaseAccess, stop: () => Promise<void>): Promise<StartedDatabase> {
  try {
    return { ...access, migrations: await migrate(access.owner), stop };
  } catch (cause) {
    await stop();
    throw cause;
  }
}

/** Starts and migrates. `tell` hears what becomes of the embedded PostgreSQL. */
export async function startDatabase(config: Config, tell: (event: PostgresEvent) => void): Promise<StartedDatabase> {
  const configured = configuredAccess(config);
  if (configured) {
    const database = await migrated(configured, () => Promise.resolve());
    if (!config.migrationUrl) await allowApiRole(configured);
    return database;
  }
  const postgres = await startEmbeddedPostgres({ dataDirectory: config.dataDirectory, tell });
  return migrated(embeddedAccess(postgres.connection), () => postgres.stop());
}
