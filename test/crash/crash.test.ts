/** Killed in mid-load, node or PostgreSQL: no acknowledged write or its audit row is missing, and no transaction is half there. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import pg from 'pg';
import { dataDirectoryFiles } from '../../src/runtime/data-directory.ts';
import { readSocketDirectory } from '../../src/runtime/socket-directory.ts';
import { createJournal, entriesPerTransaction, type Journal, keepBusy } from './journal.ts';
import { replacePostgres, type ServerProcess, startServer } from './server-process.ts';

let folder: string;
let server: ServerProcess;

beforeAll(async () => {
  folder = mkdtempSync(path.join(tmpdir(), 'vesta-crash-'));
  server = await startServer(folder);
}, 60_000);

afterAll(async () => {
  await server.end('SIGTERM');
  rmSync(folder, { recursive: true, force: true });
}, 60_000);

/** Runs until so many requests were acknowledged, then kills; a moment that differs from run to run. */
async function killInMidLoad(journal: Journal, kill: () => void | Promise<void>): Promise<void> {
  const enough = journal.requests.length + 150 + Math.floor(Math.random() * 300);
  let isOver = false;
  const busy = keepBusy(server.base, journal, () => isOver);
  while (journal.requests.length < enough) await new Promise((resolve) => setTimeout(resolve, 1));
  await kill();
  isOver = true;
  await busy;
}

async function inDatabase<Value>(work: (client: pg.Client) => Promise<Value>): Promise<Value> {
  const host = readSocketDirectory(dataDirectoryFiles(folder).socket);
  if (host === undefined) throw new Error('The server has noted no socket');
  const client = new pg.Client({ host, user: 'postgres', database: 'postgres' });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

async function missingVersions(client: pg.Client, { versions }: Journal): Promise<number> {
  const { rows } = await client.query<{ missing: number }>(
    `SELECT count(*)::int AS missing FROM unnest($1::text[], $2::int[]) AS a(id, version)
     WHERE NOT EXISTS (
       SELECT FROM resource r LEFT JOIN resource_history h ON h.resource_key = r.resource_key AND h.version = a.version
       WHERE r.id = a.id AND (r.version = a.version OR h.version = a.version))`,
    [versions.map(({ id }) => id), versions.map(({ version }) => version)],
  );
  return rows[0]?.missing ?? -1;
}

async function missingAudit(client: pg.Client, { requests }: Journal): Promise<number> {
  const { rows } = await client.query<{ missing: number }>(
    `SELECT count(*)::int AS missing FROM unnest($1::text[]) AS a(id)
     WHERE NOT EXISTS (SELECT FROM audit_event e WHERE e.request_id = a.id)`,
    [requests],
  );
  return rows[0]?.missing ?? -1;
}

async function sizesOfTransactions(client: pg.Client, tags: readonly string[]): Promise<readonly number[]> {
  const { rows } = await client.query<{ size: number }>(
    `SELECT (SELECT count(*)::int FROM change_log l JOIN resource r USING (resource_key)
      LEFT JOIN resource_history h ON h.resource_key = l.resource_key AND h.version = 1
      WHERE l.version = 1 AND coalesce(h.content, r.content) LIKE '%' || tag || '%') AS size
     FROM unnest($1::text[]) WITH ORDINALITY AS t(tag, n) ORDER BY n`,
    [tags],
  );
  return rows.map(({ size }) => size);
}

/** Versions whose postings are not exactly those that stand beside them. */
async function countOrphans(client: pg.Client): Promise<number> {
  const { rows } = await client.query<{ orphans: number }>(
    `SELECT count(*)::int AS orphans FROM resource r
     WHERE (SELECT count(*) FROM token_index t WHERE t.resource_key = r.resource_key) <>
       json_array_length(r.index_rows::json -> 'tokens')`,
  );
  return rows[0]?.orphans ?? -1;
}

async function reconcile(journal: Journal): Promise<void> {
  await inDatabase(async (client) => {
    expect(journal.versions.length).toBeGreaterThan(50);
    expect(await missingVersions(client, journal)).toBe(0);
    expect(await missingAudit(client, journal)).toBe(0);
    const sizes = await sizesOfTransactions(
      client,
      journal.transactions.map(({ tag }) => tag),
    );
    for (const [index, { isAcknowledged }] of journal.transactions.entries()) {
      expect(isAcknowledged ? [entriesPerTransaction] : [0, entriesPerTransaction]).toContain(sizes[index]);
    }
    expect(await countOrphans(client)).toBe(0);
  });
}

test('kill -9 of node', async () => {
  const journal = createJournal();
  for (let round = 1; round <= 2; round += 1) {
    await killInMidLoad(journal, () => server.end('SIGKILL'));
    server = await startServer(folder);
    await reconcile(journal);
  }
}, 120_000);

test('kill -9 of PostgreSQL, which comes back by itself; meanwhile requests are refused with 503', async () => {
  const journal = createJournal();
  for (let round = 1; round <= 2; round += 1) {
    await killInMidLoad(journal, () => replacePostgres(folder, server.base));
    await reconcile(journal);
  }
  const unexpected = [...journal.statuses.keys()].filter((status) => status >= 300 && status !== 503);
  expect(unexpected).toEqual([]);
}, 120_000);
