/** Joins the parts of this room into the ResourceStore that the interactions see. See docs/adr/0001-storage-design.md. */
import pg from 'pg';
import type { ResourceStore, WriteSet } from '../ports.ts';
import { type CommitContext, keysNeeded } from './commit.ts';
import { createConnection, type Queryable } from './connection.ts';
import { explainSearch } from './explain.ts';
import { readHistory } from './history.ts';
import { countReferrers, lockIdentities } from './integrity.ts';
import { fromDatabase } from './pg-error.ts';
import { createReadLoader } from './read-loader.ts';
import { readCurrent, readMany, readVersion } from './read.ts';
import { createResourceKeys, type TakeKeys } from './resource-keys.ts';
import { createSearchRunner, type RunSearch } from './search.ts';
import { createTypeNumbers } from './stored-version.ts';
import { inTransaction, writeInside } from './transaction.ts';
import { createWriteQueue } from './write-queue.ts';

export interface StoreOptions {
  readonly database: pg.ClientConfig;
  readonly resourceTypes: ReadonlyMap<string, number>;
  /** Connections for searches, and as many for transactions. */
  readonly poolSize: number;
  /** Milliseconds after which a search is given up (504). */
  readonly searchTimeoutMs: number;
  /** Milliseconds since 1970. */
  now(): number;
}

export interface OpenStore extends ResourceStore {
  /** True when the database answers. */
  ping(): Promise<boolean>;
  close(): Promise<void>;
}

/** Prepared statements are planned once: their shape, not the values, decides how they run. */
const planOnce = '-c plan_cache_mode=force_generic_plan';
/** Small statements on postings and primary keys: index scans are the plan, whatever the statistics say of a table that has just been filled. */
export const plannerOptions = `${planOnce} -c enable_seqscan=off -c enable_hashjoin=off -c enable_mergejoin=off`;

async function translated<Value>(work: Promise<Value>): Promise<Value> {
  try {
    return await work;
  } catch (cause) {
    throw fromDatabase(cause);
  }
}

interface Parts {
  readonly context: CommitContext;
  readonly takeKeys: TakeKeys;
  readonly runSearch: RunSearch;
}

/** The doors that work the same on the pool and inside a transaction. */
function readingDoors(points: Queryable, searches: Queryable, { context, runSearch }: Parts) {
  const { types } = context;
  return {
    read: (identity) => translated(readCurrent(points, types, identity)),
    readMany: (identities) => translated(readMany(points, types, identities)),
    readVersion: (identity, version) => translated(readVersion(points, types, { ...identity, version })),
    history: (scope) => translated(readHistory(searches, types, scope)),
    search: (plan) => translated(runSearch(searches, plan)),
    explain: (plan) => translated(explainSearch(searches, plan)),
    lock: (identities, purpose) => translated(lockIdentities(points, types, { identities, purpose })),
    referrers: (query) => translated(countReferrers(points, types, query)),
  } satisfies Partial<ResourceStore>;
}

/** A store bound to one open transaction; a transaction inside it is the same one. */
function storeInside(client: Queryable, parts: Parts): ResourceStore {
  const store: ResourceStore = {
    ...readingDoors(client, client, parts),
    async write(writeSet: WriteSet) {
      const keys = await parts.takeKeys(keysNeeded(writeSet));
      return writeInside(client, parts.context, { writeSet, keys });
    },
    async rehearse(writeSet, work) {
      const keys = await parts.takeKeys(keysNeeded(writeSet));
      await client.query({ text: 'SAVEPOINT rehearsal' });
      await writeInside(client, parts.context, { writeSet, keys });
      const value = await work(store);
      await client.query({ text: 'ROLLBACK TO SAVEPOINT rehearsal' });
      return value;
    },
    transaction: (_locks, work) => work(store),
  };
  return store;
}

/** A large Bundle may take longer to write than a search may take. */
const transactionTimeoutMs = 120_000;

function createPool(config: pg.PoolConfig): pg.Pool {
  const pool = new pg.Pool({ connectionTimeoutMillis: 5_000, ...config });
  // an idle client that is lost leaves the pool by itself; without a listener it would end the process
  pool.on('error', () => undefined);
  return pool;
}

/** Opens the store on a migrated database. Connections are made when first needed and come back after a loss. */
export function openResourceStore(options: StoreOptions): OpenStore {
  const { database, searchTimeoutMs } = options;
  const withPlanner = [database.options, plannerOptions].filter(Boolean).join(' ');
  const dedicated = { ...database, options: withPlanner, pipeline: true, connectionTimeoutMillis: 5_000 };
  const points = createConnection(dedicated);
  const writer = createConnection(dedicated);
  const searches = createPool({
    ...database,
    options: withPlanner,
    max: options.poolSize,
    statement_timeout: searchTimeoutMs,
  });
  const transactions = createPool({
    ...database,
    options: withPlanner,
    max: options.poolSize,
    statement_timeout: transactionTimeoutMs,
    idle_in_transaction_session_timeout: 60_000,
  });

  const takeKeys = createResourceKeys(points);
  const context: CommitContext = { types: createTypeNumbers(options.resourceTypes), now: options.now };
  const parts: Parts = { context, takeKeys, runSearch: createSearchRunner(context.types, options.now) };
  const queue = createWriteQueue(writer, context);
  const readOne = createReadLoader(points, context.types);

  const transaction: ResourceStore['transaction'] = (locks, work) =>
    inTransaction(transactions, locks, (client) => work(storeInside(client, parts)));

  return {
    ...readingDoors(points, searches, parts),
    read: (identity) => translated(readOne(identity)),
    async write(writeSet) {
      const keys = await translated(takeKeys(keysNeeded(writeSet)));
      return queue.write({ writeSet, keys });
    },
    transaction,
    rehearse: (writeSet, work) => transaction([], (inside) => inside.rehearse(writeSet, work)),
    async ping() {
      const answered = await searches.query('SELECT 1').catch(() => undefined);
      return answered !== undefined;
    },
    async close() {
      await queue.drain();
      await Promise.all([points.close(), writer.close(), searches.end(), transactions.end()]);
    },
  };
}
