/** Group commit: write sets that arrive while one is being committed are committed together next, each still all or nothing. See docs/adr/0001-storage-design.md. */
import type { ChangeResult, WriteSet } from '../ports.ts';
import { unavailable } from '../fhir/fhir-error.ts';
import {
  type CommitContext,
  type Commitment,
  commitPlanned,
  createsOnly,
  type KeyedWriteSet,
  lockCurrent,
} from './commit.ts';
import type { Connection } from './connection.ts';
import { fromDatabase, isRetryable, isSqlError } from './pg-error.ts';

interface Waiting extends KeyedWriteSet {
  readonly size: number;
  resolve(results: readonly ChangeResult[]): void;
  reject(reason: unknown): void;
}

const maximumSets = 256;
const maximumCharacters = 4_000_000;
const maximumWaiting = 10_000;
const maximumAttempts = 4;

function sizeOf({ changes }: WriteSet): number {
  return changes.reduce(
    (sum, { document }) => sum + (document ? document.outline.object.end - document.outline.object.start : 0),
    0,
  );
}

/** Takes the next group from the front; a set that touches what an earlier one of the group touches waits for the next group. */
function takeGroup(waiting: Waiting[]): Waiting[] {
  const group: Waiting[] = [];
  const touched = new Set<string>();
  const left: Waiting[] = [];
  let characters = 0;
  for (const [index, one] of waiting.entries()) {
    const full = group.length >= maximumSets || (group.length > 0 && characters + one.size > maximumCharacters);
    if (full) {
      left.push(...waiting.slice(index));
      break;
    }
    const identities = one.writeSet.changes.map(({ type, id }) => `${type}/${id}`);
    if (identities.some((identity) => touched.has(identity))) {
      left.push(one);
    } else {
      group.push(one);
      characters += one.size;
    }
    // what waits must stay ahead of later sets for the same resource
    for (const identity of identities) touched.add(identity);
  }
  waiting.splice(0, waiting.length, ...left);
  return group;
}

/** One transaction for a group: a single statement when nothing needs locking, else begin, lock, write, commit. */
async function commitGroup(database: Connection, context: CommitContext, writeSets: readonly KeyedWriteSet[]) {
  const session = await database.session();
  if (writeSets.every(createsOnly)) return commitPlanned(session, context, writeSets, new Map());
  const changes = writeSets.flatMap(({ writeSet }) => writeSet.changes);
  try {
    const [, current] = await Promise.all([
      session.query({ text: 'BEGIN' }),
      lockCurrent(session, context.types, changes),
    ]);
    const commitments = await commitPlanned(session, context, writeSets, current);
    await session.query({ text: 'COMMIT' });
    return commitments;
  } catch (cause) {
    await session.query({ text: 'ROLLBACK' }).catch(() => undefined);
    throw cause;
  }
}

function settle(waiting: Waiting, commitment: Commitment | undefined): void {
  if (commitment && 'results' in commitment) waiting.resolve(commitment.results);
  else waiting.reject(commitment?.refusal);
}

export interface WriteQueue {
  write(keyed: KeyedWriteSet): Promise<readonly ChangeResult[]>;
  /** Resolves when nothing is waiting or under way. */
  drain(): Promise<void>;
}

/** `database` must be nobody else's: the queue opens transactions on it. */
export function createWriteQueue(database: Connection, context: CommitContext): WriteQueue {
  const waiting: Waiting[] = [];
  let running: Promise<void> | undefined;

  async function commitAlone(one: Waiting, attempt = 1): Promise<void> {
    try {
      const [commitment] = await commitGroup(database, context, [one]);
      settle(one, commitment);
    } catch (cause) {
      if (isRetryable(cause) && attempt < maximumAttempts) return commitAlone(one, attempt + 1);
      one.reject(fromDatabase(cause));
    }
  }

  async function commit(group: readonly Waiting[]): Promise<void> {
    try {
      const commitments = await commitGroup(database, context, group);
      for (const [index, one] of group.entries()) settle(one, commitments[index]);
    } catch (cause) {
      // a statement that failed has written nothing, so each may be tried alone; a lost connection leaves the outcome unknown
      if (isSqlError(cause)) for (const one of group) await commitAlone(one);
      else for (const one of group) one.reject(fromDatabase(cause));
    }
  }

  async function run(): Promise<void> {
    while (waiting.length > 0) await commit(takeGroup(waiting));
    running = undefined;
  }

  return {
    write({ writeSet, keys }) {
      if (waiting.length >= maximumWaiting) return Promise.reject(unavailable('Too many writes are waiting'));
      return new Promise((resolve, reject) => {
        waiting.push({ writeSet, keys, size: sizeOf(writeSet), resolve, reject });
        running ??= Promise.resolve().then(run);
      });
    },
    async drain() {
      await running;
    },
  };
}
