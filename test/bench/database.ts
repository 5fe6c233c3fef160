/** The embedded PostgreSQL of a running server, as its superuser: for facts that the API does not tell. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import pg from 'pg';

export interface DatabaseFacts {
  readonly version: string;
  /** Settings that decide about speed and safety. */
  readonly settings: Readonly<Record<string, string>>;
}

const settingNames = ['fsync', 'synchronous_commit', 'full_page_writes', 'shared_buffers', 'max_wal_size'];

/** `database` stays open only for `work`: an open session is a process whose CPU would be counted. */
async function withSession<Value>(
  dataDirectory: string,
  database: string,
  work: (client: pg.Client) => Promise<Value>,
): Promise<Value> {
  const host = readFileSync(path.join(dataDirectory, 'socket'), 'utf8').trim();
  const client = new pg.Client({ host, port: 5432, user: 'postgres', database });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

async function valueOf(client: pg.Client, statement: string): Promise<string> {
  const { rows } = await client.query<{ value: string }>(statement);
  return rows[0]?.value ?? '';
}

export function readDatabaseFacts(dataDirectory: string): Promise<DatabaseFacts> {
  return withSession(dataDirectory, 'postgres', async (client) => {
    const settings: Record<string, string> = {};
    for (const name of settingNames) {
      settings[name] = await valueOf(client, `SELECT current_setting('${name}') AS value`);
    }
    return { version: await valueOf(client, `SELECT current_setting('server_version') AS value`), settings };
  });
}

/** Bytes of all databases: tables and indexes without the write-ahead log. */
export function databaseSize(dataDirectory: string): Promise<number> {
  return withSession(dataDirectory, 'postgres', async (client) =>
    Number(await valueOf(client, 'SELECT sum(pg_database_size(oid)) AS value FROM pg_database')),
  );
}

/** Does now what autovacuum would do within minutes, at a moment of its own choosing: statistics, visibility map, a checkpoint. */
export async function settle(dataDirectory: string): Promise<void> {
  const largest = `SELECT datname AS value FROM pg_database WHERE NOT datistemplate
    ORDER BY pg_database_size(oid) DESC LIMIT 1`;
  const database = await withSession(dataDirectory, 'postgres', (client) => valueOf(client, largest));
  await withSession(dataDirectory, database, async (client) => {
    await client.query('VACUUM (ANALYZE)');
    await client.query('CHECKPOINT');
  });
}
