/** Starts one PostgreSQL for the whole test run and migrates the database that every test file gets a copy of. */
import path from 'node:path';
import pg from 'pg';
import { startEmbeddedPostgres } from '../../src/runtime/embedded-postgres.ts';
import { testSettings } from '../../src/runtime/postgres-settings.ts';
import { migrate } from '../../src/store/migrate.ts';
import { announceCluster, templateDatabase } from './cluster.ts';
import { keepRunning } from './running-cluster.ts';
import { makeScratchFolder } from './scratch-folder.ts';

export default async function setUp(): Promise<void> {
  const folder = makeScratchFolder();
  const postgres = await startEmbeddedPostgres({ dataDirectory: path.join(folder, 'data'), settings: testSettings });
  keepRunning({ postgres, folder });
  const owner = { ...postgres.connection, user: 'postgres' };
  const client = new pg.Client({ ...owner, database: 'postgres' });
  await client.connect();
  await client.query(`CREATE DATABASE ${templateDatabase}`);
  await migrate({ ...owner, database: templateDatabase });
  await client.query(`ALTER DATABASE ${templateDatabase} WITH is_template true allow_connections false`);
  await client.end();
  announceCluster(postgres.connection);
}
