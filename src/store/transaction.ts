/** One database transaction for work that reads before it writes: conditional interactions and transaction Bundles. https://www.postgresql.org/docs/current/explicit-locking.html#ADVISORY-LOCKS */
import type pg from 'pg';
import type { ChangeResult } from '../ports.ts';
import { type CommitContext, commitPlanned, type KeyedWriteSet, lockCurrent } from './commit.ts';
import type { Queryable } from './connection.ts';
import { fromDatabase, isRetryable } from './pg-error.ts';

const maximumAttempts = 4;

/** Criteria share this many locks, so that a Bundle of thousands of conditional entries cannot exhaust the lock table. */
const lockBuckets = 1024;
/** Keeps these advisory locks apart from those of migrations and of other programs on the database. */
const lockSpace = 0x76657374;

const lockStatement = `
SELECT pg_advisory_xact_lock(${lockSpace}, bucket) FROM unnest($1::int[]) AS bucket`;

/** FNV-1a: only spreads lock names over buckets, so that a collision costs a little waiting and nothing else. */
function bucketOf(name: string): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < name.length; index += 1) hash = Math.imul(hash ^ name.charCodeAt(index), 0x01000193);
  return (hash >>> 0) % lockBuckets;
}

async function lock(client: Queryable, names: readonly string[]): Promise<void> {
  if (names.length === 0) return;
  // in ascending order, so that two transactions that share locks cannot wait for each other
  const buckets = [...new Set(names.map(bucketOf))].sort((a, b) => a - b);
  await client.query({ name: 'lock-criteria', text: lockStatement, values: [buckets] });
}

/** Commits one write set inside a transaction that is already open. */
export async function writeInside(
  client: Queryable,
  context: CommitContext,
  keyed: KeyedWriteSet,
): Promise<readonly ChangeResult[]> {
  const current = await lockCurrent(client, context.types, keyed.writeSet.changes);
  const [commitment] = await commitPlanned(client, context, [keyed], current);
  if (commitment && 'results' in commitment) return commitment.results;
  throw commitment?.refusal;
}

async function attempt<Value>(
  client: pg.PoolClient,
  locks: readonly string[],
  work: (client: Queryable) => Promise<Value>,
): Promise<Value> {
  try {
    await client.query('BEGIN');
    await lock(client, locks);
    const value = await work(client);
    await client.query('COMMIT');
    return value;
  } catch (cause) {
    await client.query('ROLLBACK').catch(() => undefined);
    throw cause;
  }
}

/** Runs `work` in one transaction of a connection of the pool, again when the database says that this would help; `work` must have no effect outside it. */
export async function inTransaction<Value>(
  pool: pg.Pool,
  locks: readonly string[],
  work: (client: Queryable) => Promise<Value>,
): Promise<Value> {
  for (let attempts = 1; ; attempts += 1) {
    const client = await pool.connect().catch((cause: unknown) => {
      throw fromDatabase(cause);
    });
    let lost: Error | undefined;
    const onError = (cause: Error) => {
      lost = cause;
    };
    client.on('error', onError);
    try {
      return await attempt(client, locks, work);
    } catch (cause) {
      if (!isRetryable(cause) || attempts === maximumAttempts) throw fromDatabase(cause);
    } finally {
      client.off('error', onError);
      client.release(lost);
    }
  }
}
