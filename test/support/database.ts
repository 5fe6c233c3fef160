/** A migrated database of one's own for a test file: a copy of the template, in some 20 ms. */
import { randomBytes } from 'node:crypto';
import pg from 'pg';
import { sharedCluster, templateDatabase } from './cluster.ts';

export interface TestDatabase {
  /** Sessions as the owner of the tables: for looking at what is stored, and for putting things there. */
  readonly pool: pg.Pool;
  /** How the API connects: as `vesta_api`, which cannot change the audit log. */
  readonly config: pg.ClientConfig;
  /** As the owner of the tables. */
  readonly adminConfig: pg.ClientConfig;
  /** Removes the database, ending whoever is connected. */
  drop(): Promise<void>;
}

async function administer(statement: string): Promise<void> {
  const client = new pg.Client(sharedCluster('postgres'));
  await client.connect();
  await client.query(statement);
  await client.end();
}

async function createDatabase(options: string): Promise<TestDatabase> {
  const name = `test_${randomBytes(8).toString('hex')}`;
  await administer(`CREATE DATABASE ${name} ${options}`);
  const adminConfig = sharedCluster(name);
  const pool = new pg.Pool({ ...adminConfig, max: 4 });
  // dropping the database ends idle sessions
  pool.on('error', () => undefined);
  return {
    pool,
    config: { ...adminConfig, user: 'vesta_api' },
    adminConfig,
    async drop() {
      await pool.end();
      await administer(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`);
    },
  };
}

/** A migrated database without resources. Drop it in `afterAll`. */
export function freshDatabase(): Promise<TestDatabase> {
  return createDatabase(`TEMPLATE ${templateDatabase} STRATEGY file_copy`);
}

/** A database without tables, for testing what makes them. */
export function emptyDatabase(): Promise<TestDatabase> {
  return createDatabase('');
}
