/** Commits write sets: locks what exists, plans, and writes rows, history, change log, postings and audit in one statement. See docs/adr/0001-storage-design.md. */
import type { AuditRecord, Change, ChangeResult, IndexRows, WriteSet } from '../ports.ts';
import { auditInsertion, auditRows } from './audit-rows.ts';
import type { Queryable } from './connection.ts';
import { type CurrentState, type Plan, planChanges, type PlannedVersion } from './plan-changes.ts';
import { createPostingColumns, insertPostings, postingParameters, removePostings, subtract } from './postings.ts';
import type { TypeNumbers } from './stored-version.ts';

const rowColumns = 'resource_key, version, last_updated, method, deleted, patients, content';

/** All parts see the state before the statement, so `superseded` copies the old row while `updated` writes the new one. $1 versions, then postings, last the audit rows. */
const commitStatement = `
WITH input AS MATERIALIZED (
  SELECT * FROM json_to_recordset($1::json) AS v(
    resource_key bigint, resource_type smallint, id text, version integer, last_updated timestamptz, method text,
    deleted boolean, patients text[], index_rows text, content text, self_key bigint, index_version smallint, is_new boolean)
), superseded AS (
  INSERT INTO resource_history (${rowColumns})
  SELECT r.resource_key, r.version, r.last_updated, r.method, r.deleted, r.patients, r.content
  FROM input i JOIN resource r ON r.resource_key = i.resource_key WHERE NOT i.is_new
), updated AS (
  UPDATE resource r SET version = i.version, last_updated = i.last_updated, method = i.method, deleted = i.deleted,
    index_version = i.index_version, patients = i.patients, index_rows = i.index_rows, content = i.content, self_key = coalesce(i.self_key, r.self_key)
  FROM input i WHERE r.resource_key = i.resource_key AND NOT i.is_new
), inserted AS (
  INSERT INTO resource (resource_type, id, index_version, index_rows, self_key, ${rowColumns})
  SELECT resource_type, id, index_version, index_rows, self_key, ${rowColumns} FROM input WHERE is_new ORDER BY resource_type, id
), logged AS (
  INSERT INTO change_log (resource_type, resource_key, version, method, last_updated)
  SELECT resource_type, resource_key, version, method, last_updated FROM input
),
${insertPostings(2).join(',\n')}
${auditInsertion(`$${postingParameters + 2}`)}`;

const removeStatement = removePostings();

const lockStatement = `
SELECT resource_type, id, resource_key, version, deleted, last_updated, patients, index_rows
FROM unnest($1::smallint[], $2::text[]) AS wanted(wanted_type, wanted_id)
JOIN resource ON resource_type = wanted_type AND id = wanted_id
ORDER BY resource_type, id FOR UPDATE OF resource`;

interface LockedRow {
  resource_type: number;
  id: string;
  resource_key: string;
  version: number;
  deleted: boolean;
  last_updated: Date;
  patients: string[];
  index_rows: string;
}

/** What committing needs beside a connection. */
export interface CommitContext {
  readonly types: TypeNumbers;
  /** Milliseconds since 1970. */
  now(): number;
}

/** A write set with resource keys for all that it may create. */
export interface KeyedWriteSet {
  readonly writeSet: WriteSet;
  readonly keys: readonly string[];
}

/** What became of one write set of a group: its results, or why it was refused. */
export type Commitment = { readonly results: readonly ChangeResult[] } | { readonly refusal: unknown };

const identityOf = ({ type, id }: { type: string; id: string }): string => `${type}/${id}`;

/** True when the set touches only ids that nobody else can know yet, so that there is nothing to lock. */
export function createsOnly({ writeSet }: KeyedWriteSet): boolean {
  return writeSet.changes.every(({ kind }) => kind === 'create');
}

/** How many resource keys the set may need. */
export function keysNeeded({ changes }: WriteSet): number {
  return changes.filter(({ kind }) => kind !== 'delete').length;
}

/** Locks the current rows of what will be changed, in one order for all, so that two groups cannot wait for each other. */
export async function lockCurrent(
  database: Queryable,
  types: TypeNumbers,
  changes: readonly Change[],
): Promise<ReadonlyMap<string, CurrentState>> {
  const known = changes.filter(({ kind }) => kind !== 'create');
  if (known.length === 0) return new Map();
  const values = [known.map(({ type }) => types.numberOf(type)), known.map(({ id }) => id)];
  const { rows } = await database.query<LockedRow>({ name: 'lock', text: lockStatement, values });
  return new Map(
    rows.map((row) => [
      identityOf({ type: types.nameOf(row.resource_type), id: row.id }),
      {
        resourceKey: row.resource_key,
        version: row.version,
        deleted: row.deleted,
        lastUpdated: row.last_updated.getTime(),
        patients: row.patients,
        indexRows: row.index_rows,
      },
    ]),
  );
}

function noKey(): never {
  throw new Error('A write set came with too few resource keys');
}

function planOne(
  { writeSet, keys }: KeyedWriteSet,
  current: ReadonlyMap<string, CurrentState>,
  context: CommitContext,
) {
  const left = keys.values();
  try {
    const plan = planChanges(writeSet.changes, {
      current: (change) => current.get(identityOf(change)),
      newKey: () => left.next().value ?? noKey(),
      now: context.now(),
    });
    return { plan, audit: writeSet.audit(plan.results) };
  } catch (refusal) {
    return { refusal };
  }
}

function versionRow(
  { result, resourceKey, patients, rows, selfKey, generation, before }: PlannedVersion,
  types: TypeNumbers,
) {
  return {
    resource_key: resourceKey,
    resource_type: types.numberOf(result.type),
    id: result.id,
    version: result.version,
    last_updated: result.lastUpdated,
    method: result.method,
    deleted: result.deleted,
    patients,
    index_rows: JSON.stringify(rows),
    content: result.text ?? null,
    self_key: selfKey ?? null,
    index_version: generation ?? 0,
    is_new: before === undefined,
  };
}

async function writePlans(
  database: Queryable,
  types: TypeNumbers,
  plans: readonly { readonly plan: Plan; readonly audit: readonly AuditRecord[] }[],
): Promise<void> {
  const added = createPostingColumns();
  const removed = createPostingColumns();
  const versions = plans.flatMap(({ plan }) => plan.versions);
  const rows = versions.map((version) => versionRow(version, types));
  for (const [index, { before, resourceKey, rows: after }] of versions.entries()) {
    if (!before) {
      added.add(resourceKey, after);
    } else if (before.indexRows !== rows[index]?.index_rows) {
      const old = JSON.parse(before.indexRows) as IndexRows;
      added.add(resourceKey, subtract(after, old));
      removed.add(resourceKey, subtract(old, after));
    }
  }
  if (removed.count > 0) await database.query({ name: 'unindex', text: removeStatement, values: removed.parameters() });
  const audit = auditRows(plans.flatMap(({ audit }) => audit));
  const values = [JSON.stringify(rows), ...added.parameters(), audit];
  await database.query({ name: 'commit', text: commitStatement, values });
}

/** Plans and writes a group of write sets on what `current` says; a refused set leaves no trace and hinders no other. */
export async function commitPlanned(
  database: Queryable,
  context: CommitContext,
  writeSets: readonly KeyedWriteSet[],
  current: ReadonlyMap<string, CurrentState>,
): Promise<readonly Commitment[]> {
  const planned = writeSets.map((writeSet) => planOne(writeSet, current, context));
  const plans = planned.flatMap((one) => (one.plan ? [one] : []));
  if (plans.length > 0) await writePlans(database, context.types, plans);
  return planned.map((one) => (one.plan ? { results: one.plan.results } : { refusal: one.refusal }));
}
