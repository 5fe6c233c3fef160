/** Pure half of the write path: what a write set becomes, given the current state of what it touches. https://hl7.org/fhir/R4/http.html#concurrency */
import { FhirError, gone, notFound, preconditionFailed } from '../fhir/fhir-error.ts';
import { spliceIdentity } from '../json/splice-identity.ts';
import type { Change, ChangeResult, IndexRows } from '../ports.ts';
import { noRows } from './postings.ts';

/** The locked row of a resource that exists or existed. */
export interface CurrentState {
  readonly resourceKey: string;
  readonly version: number;
  readonly deleted: boolean;
  /** Milliseconds since 1970. */
  readonly lastUpdated: number;
  readonly patients: readonly string[];
  readonly indexRows: string;
}

/** One row to be written: `before` is what it replaces. */
export interface PlannedVersion {
  readonly result: ChangeResult;
  readonly resourceKey: string;
  readonly patients: readonly string[];
  readonly rows: IndexRows;
  /** What references to the resource point to; absent for a deletion. */
  readonly selfKey?: string;
  /** Of the index rows; absent for a deletion. */
  readonly generation?: number;
  readonly before?: CurrentState;
}

export interface Plan {
  readonly results: readonly ChangeResult[];
  readonly versions: readonly PlannedVersion[];
}

export interface PlanningContext {
  current(change: Change): CurrentState | undefined;
  newKey(): string;
  /** Milliseconds since 1970. */
  readonly now: number;
}

function refuse({ status, issues }: FhirError, position: number): never {
  throw new FhirError(status, issues, {}, position);
}

function checkPreconditions(change: Change, before: CurrentState | undefined, position: number): void {
  const { expectedVersion, mayCreate = true, type } = change;
  if (expectedVersion !== undefined && before?.version !== expectedVersion) {
    refuse(preconditionFailed(`The current version of this ${type} is not the one that If-Match names`), position);
  }
  if (change.kind === 'update' && !mayCreate && (!before || before.deleted)) {
    refuse(before ? gone(`This ${type} was deleted`) : notFound(`There is no such ${type}`), position);
  }
}

/** Versions never go back in time, whatever the clock of this process says. */
function instantAfter(before: CurrentState | undefined, now: number): string {
  return new Date(before ? Math.max(now, before.lastUpdated + 1) : now).toISOString();
}

function union(first: readonly string[], second: readonly string[]): readonly string[] {
  return first.length === 0 ? second : [...new Set([...first, ...second])];
}

function unchanged(change: Change, before: CurrentState | undefined): ChangeResult {
  return {
    type: change.type,
    id: change.id,
    version: before?.version ?? 0,
    lastUpdated: new Date(before?.lastUpdated ?? 0).toISOString(),
    method: 'DELETE',
    deleted: true,
    text: undefined,
    patients: before?.patients ?? [],
    outcome: 'unchanged',
  };
}

function planDeletion(change: Change, before: CurrentState, context: PlanningContext): PlannedVersion {
  const { type, id, method } = change;
  const version = before.version + 1;
  const lastUpdated = instantAfter(before, context.now);
  const { patients, resourceKey } = before;
  const base = { type, id, version, lastUpdated, method, deleted: true, text: undefined, patients };
  return { result: { ...base, outcome: 'deleted' }, resourceKey, patients, rows: noRows, before };
}

function planContent(change: Change, before: CurrentState | undefined, context: PlanningContext): PlannedVersion {
  const { type, id, method, document, indexed } = change;
  if (!document || !indexed) throw new Error(`A ${change.kind} needs a document and its index rows`);
  const version = (before?.version ?? 0) + 1;
  const lastUpdated = instantAfter(before, context.now);
  const text = spliceIdentity(document, { id, versionId: String(version), lastUpdated });
  // whoever's record it was before is concerned by the change too
  const patients = union(before?.patients ?? [], indexed.patients);
  const outcome = !before || before.deleted ? 'created' : 'updated';
  return {
    result: { type, id, version, lastUpdated, method, deleted: false, text, patients, outcome },
    resourceKey: before?.resourceKey ?? context.newKey(),
    patients: indexed.patients,
    rows: indexed.rows,
    selfKey: indexed.selfKey,
    generation: indexed.generation,
    ...(before && { before }),
  };
}

/** Turns changes into versions or refuses the whole set with a FhirError (404, 410, 412). */
export function planChanges(changes: readonly Change[], context: PlanningContext): Plan {
  const results: ChangeResult[] = [];
  const versions: PlannedVersion[] = [];
  for (const [position, change] of changes.entries()) {
    const before = context.current(change);
    checkPreconditions(change, before, position);
    if (change.kind === 'delete' && (!before || before.deleted)) {
      results.push(unchanged(change, before));
      continue;
    }
    const planned =
      change.kind === 'delete' && before ? planDeletion(change, before, context) : planContent(change, before, context);
    results.push(planned.result);
    versions.push(planned);
  }
  return { results, versions };
}
