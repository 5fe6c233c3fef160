/** Opens everything that lives in the database: resources, audit trail, tokens and settings. */
import pg from 'pg';
import type { IndexGenerations } from '../index-ports.ts';
import type { AuditTrail } from '../ports.ts';
import type { FoundToken } from '../auth/verify-token.ts';
import type { Observe } from '../telemetry/observation.ts';
import { createAuditTrail } from './audit-trail.ts';
import { createConnection } from './connection.ts';
import { openResourceStore, type OpenStore, type StoreOptions } from './resource-store.ts';
import { openIndexGenerations } from './index-generations.ts';
import { findToken } from './token-store.ts';

export interface Database {
  readonly store: OpenStore;
  readonly audit: AuditTrail;
  readonly generations: IndexGenerations;
  /** Keys the hash of index values and the seal of page cursors. */
  readonly hashSecret: string;
  findToken(hash: Buffer): Promise<FoundToken | undefined>;
  /** Finishes what is under way and closes all connections. */
  close(): Promise<void>;
}

async function readSetting(database: pg.Pool, name: string): Promise<string> {
  const { rows } = await database.query<{ value: string }>('SELECT value FROM setting WHERE name = $1', [name]);
  const [row] = rows;
  if (!row) throw new Error(`The database has no setting ${name}: was it migrated?`);
  return row.value;
}

/** Opens a migrated database. Audit rows have a connection of their own, so that no search keeps them waiting. */
export async function openDatabase(options: StoreOptions & { readonly observe: Observe }): Promise<Database> {
  const { database, observe } = options;
  const store = openResourceStore(options);
  const writer = createConnection({ ...database, pipeline: true, connectionTimeoutMillis: 5_000 });
  const pool = new pg.Pool({
    ...database,
    max: 2,
    connectionTimeoutMillis: 5_000,
    statement_timeout: options.searchTimeoutMs,
  });
  pool.on('error', (error) => observe({ kind: 'database-lost', error }));
  const audit = createAuditTrail(pool, { writer, observe });
  const maintenance = new pg.Pool({ ...database, max: 2, connectionTimeoutMillis: 5_000 });
  maintenance.on('error', (error) => observe({ kind: 'database-lost', error }));
  const hashSecret = await readSetting(pool, 'hash_secret');
  return {
    store,
    audit,
    generations: openIndexGenerations(maintenance),
    hashSecret,
    findToken: (hash) => findToken(pool, hash),
    async close() {
      await store.close();
      await audit.close();
      await Promise.all([writer.close(), pool.end(), maintenance.end()]);
    },
  };
}
