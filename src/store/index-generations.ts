/** Brings the index rows of resources up to date: which generation each is of, and the next batch. See docs/adr/0012-reindexing.md. */
import type pg from 'pg';
import type { IndexedParameter, IndexGenerations, IndexState } from '../index-ports.ts';
import type { IndexedResource, IndexRows } from '../ports.ts';
import { fromDatabase } from './pg-error.ts';
import { createPostingColumns, insertPostings, removePostings, subtract } from './postings.ts';

/** Generations before this one had other tables. */
const firstGeneration = 2;

const extentStatement = `
SELECT (SELECT coalesce(max(generation), ${firstGeneration}) FROM index_generation)::integer AS generation,
  (SELECT min(index_version) FROM resource WHERE NOT deleted) AS oldest`;

const stateStatement = `
SELECT (SELECT coalesce(max(generation), ${firstGeneration}) FROM index_generation)::integer AS generation,
  (SELECT min(index_version) FROM resource WHERE NOT deleted) AS oldest,
  (SELECT json_object_agg(url, generation) FROM indexed_parameter) AS parameters`;

const countStatement = `
SELECT count(*) FILTER (WHERE index_version < $1)::integer AS remaining, count(*)::integer AS total
FROM resource WHERE NOT deleted`;

const beginStatement = `
INSERT INTO index_generation (generation)
SELECT coalesce(max(generation) + 1, ${firstGeneration}) FROM index_generation RETURNING generation`;

const registerStatement = `
INSERT INTO indexed_parameter (url, fingerprint, generation)
SELECT url, fingerprint, $3 FROM unnest($1::text[], $2::text[]) AS given(url, fingerprint)
ON CONFLICT (url) DO UPDATE SET fingerprint = excluded.fingerprint, generation = excluded.generation`;

const batchStatement = `
SELECT resource_key, content, index_rows FROM resource
WHERE index_version < $1 AND NOT deleted ORDER BY index_version, resource_key LIMIT $2 FOR UPDATE SKIP LOCKED`;

const updateStatement = `
UPDATE resource r SET index_rows = i.index_rows, index_version = i.index_version, self_key = i.self_key, patients = i.patients
FROM json_to_recordset($1::json) AS i(
  resource_key bigint, index_rows text, index_version smallint, self_key bigint, patients text[])
WHERE r.resource_key = i.resource_key`;

interface BatchRow {
  resource_key: string;
  content: string;
  index_rows: string;
}

interface StateRow {
  generation: number;
  oldest: number | null;
  parameters: Record<string, number> | null;
}

async function readState(client: pg.Pool | pg.PoolClient): Promise<IndexState> {
  const { rows } = await client.query<StateRow>(stateStatement);
  const { generation = firstGeneration, oldest = null, parameters = null } = rows[0] ?? {};
  const isDone = oldest === null || oldest >= generation;
  const counted = isDone
    ? undefined
    : await client.query<{ remaining: number; total: number }>(countStatement, [generation]);
  return {
    generation,
    parameters: new Map(Object.entries(parameters ?? {})),
    ...(oldest !== null && { oldest }),
    remaining: counted?.rows[0]?.remaining ?? 0,
    total: counted?.rows[0]?.total ?? 0,
  };
}

async function inTransaction<Value>(pool: pg.Pool, work: (client: pg.PoolClient) => Promise<Value>): Promise<Value> {
  const client = await pool.connect();
  try {
    await client.query('BEGIN');
    const value = await work(client);
    await client.query('COMMIT');
    return value;
  } catch (cause) {
    await client.query('ROLLBACK').catch(() => undefined);
    throw fromDatabase(cause);
  } finally {
    client.release();
  }
}

/** One generation for all that changed. Processes that start together take turns. */
async function begin(client: pg.PoolClient, parameters: readonly IndexedParameter[]): Promise<void> {
  const { rows } = await client.query<{ generation: number }>(beginStatement);
  const generation = rows[0]?.generation ?? firstGeneration;
  await client.query(registerStatement, [
    parameters.map(({ url }) => url),
    parameters.map(({ fingerprint }) => fingerprint),
    generation,
  ]);
}

const lockGenerations = 'LOCK TABLE index_generation IN EXCLUSIVE MODE';

/** Writes what changed in the index rows of each resource, as a commit of a new version would. */
async function write(client: pg.PoolClient, batch: readonly (readonly [BatchRow, IndexedResource])[]): Promise<void> {
  const [added, removed] = [createPostingColumns(), createPostingColumns()];
  for (const [{ resource_key: key, index_rows: before }, { rows }] of batch) {
    const old = JSON.parse(before) as IndexRows;
    added.add(key, subtract(rows, old));
    removed.add(key, subtract(old, rows));
  }
  if (removed.count > 0) await client.query({ name: 'unindex', text: removePostings(), values: removed.parameters() });
  if (added.count > 0) {
    const text = `WITH ${insertPostings(1, 'repair').join(',\n')} SELECT`;
    await client.query({ name: 'index', text, values: added.parameters() });
  }
  const updates = batch.map(([{ resource_key }, { rows, selfKey, generation, patients }]) => ({
    resource_key,
    index_rows: JSON.stringify(rows),
    index_version: generation,
    self_key: selfKey,
    patients,
  }));
  await client.query(updateStatement, [JSON.stringify(updates)]);
}

/** Works on connections of the pool, one at a time. */
export function openIndexGenerations(pool: pg.Pool): IndexGenerations {
  return {
    register: (parameters) =>
      inTransaction(pool, async (client) => {
        await client.query(lockGenerations);
        const { rows } = await client.query<IndexedParameter>('SELECT url, fingerprint FROM indexed_parameter');
        const known = new Map(rows.map(({ url, fingerprint }) => [url, fingerprint]));
        const changed = parameters.filter(({ url, fingerprint }) => known.get(url) !== fingerprint);
        if (changed.length > 0) await begin(client, changed);
        return readState(client);
      }),
    restart: () =>
      inTransaction(pool, async (client) => {
        await client.query(lockGenerations);
        const { rows } = await client.query<IndexedParameter>('SELECT url, fingerprint FROM indexed_parameter');
        await begin(client, rows);
        return readState(client);
      }),
    state: () => readState(pool),
    advance: (count, index) =>
      inTransaction(pool, async (client) => {
        const { generation } = await readExtent(client);
        const values = [generation, count];
        const { rows } = await client.query<BatchRow>({ name: 'reindex-batch', text: batchStatement, values });
        const batch = rows.map((row) => [row, index(JSON.parse(row.content) as object)] as const);
        if (batch.length > 0) await write(client, batch);
        return { count: rows.length, ...(await readExtent(client)) };
      }),
  };
}

/** From the earliest generation of any resource to the latest there is. */
async function readExtent(client: pg.PoolClient): Promise<{ readonly generation: number; readonly oldest?: number }> {
  const { rows } = await client.query<Pick<StateRow, 'generation' | 'oldest'>>(extentStatement);
  const { generation = firstGeneration, oldest = null } = rows[0] ?? {};
  return { generation, ...(oldest !== null && { oldest }) };
}
