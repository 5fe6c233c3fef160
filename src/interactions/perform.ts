/** The life of every interaction, whether it came as a request or as an entry of a Bundle: permit → run → audit. Refusals and failures are audited too. */
import { auditRecords } from '../audit/audit-records.ts';
import type { Access } from '../auth/access.ts';
import { isConformanceType } from '../fhir/conformance.ts';
import { FhirError, forbidden } from '../fhir/fhir-error.ts';
import type { Issue } from '../fhir/issue.ts';
import type { AuditRecord, ChangeResult, ResourceStore, WriteSet } from '../ports.ts';
import type { AuditedChange, Context, Input, Interaction, Origin, Result, Services } from './interaction.ts';
import { queryText } from './page-links.ts';
import { danglingReferences, enforceReferences, isEnforced } from './reference-integrity.ts';

/** The permission that an input needs: conditional interactions also search. */
export function permissionFor({ interaction, id, conditions, permission }: Input): string {
  if (permission !== undefined) return permission;
  if (interaction === 'create') return conditions.ifNoneExist === undefined ? 'create' : 'conditional-create';
  const byCriteria = id === undefined && ['update', 'patch', 'delete'].includes(interaction);
  return byCriteria ? `conditional-${interaction}` : interaction;
}

/** Refuses (403) what the caller's scopes do not allow. */
export function permit(input: Input, access: Access): void {
  if (access.permits(permissionFor(input), input.type)) return;
  const { interaction, type } = input;
  throw forbidden(`The token does not allow ${interaction}${type === undefined ? '' : ` of ${type}`}`);
}

/** The search an input asks, for the audit log. */
function searchOf({ parameters, conditions }: Input): string | undefined {
  return conditions.ifNoneExist ?? (parameters.length > 0 ? queryText(parameters) : undefined);
}

const statusOf = ({ outcome }: ChangeResult): number =>
  outcome === 'created' ? 201 : outcome === 'updated' ? 200 : 204;

/** Builds the audit records of one request. */
export interface Auditor {
  ofChanges(changes: readonly AuditedChange[], results: readonly ChangeResult[]): readonly AuditRecord[];
  ofResult(result: Result): readonly AuditRecord[];
  ofFailure(cause: unknown): readonly AuditRecord[];
}

export function createAuditor(input: Input, origin: Origin, now: () => Date): Auditor {
  const query = searchOf(input);
  const { interaction, type, id } = input;
  const facts = {
    interaction,
    ...(type !== undefined && { type }),
    ...(id !== undefined && { id }),
    ...(query && { query }),
  };
  return {
    ofChanges: (changes, results) =>
      results.flatMap((result, index) =>
        auditRecords(
          { ...origin, now: now().toISOString() },
          {
            interaction: changes[index]?.interaction ?? interaction,
            type: result.type,
            id: result.id,
            version: result.version,
            status: statusOf(result),
            patients: result.patients,
            ...(query && { query }),
          },
        ),
      ),
    ofResult: ({ status, version, patients = [], interaction }) =>
      auditRecords(
        { ...origin, now: now().toISOString() },
        {
          ...facts,
          ...(interaction && { interaction }),
          ...(version && version.version > 0 && { id: version.id, version: version.version }),
          status,
          patients,
        },
      ),
    ofFailure: (cause) =>
      auditRecords(
        { ...origin, now: now().toISOString() },
        {
          ...facts,
          status: cause instanceof FhirError ? cause.status : 500,
          patients: [],
        },
      ),
  };
}

/** Writes the changes as the server's policy on references wants it; without one this is the store's own write. */
async function writeByPolicy(
  changes: readonly AuditedChange[],
  store: ResourceStore,
  services: Services,
  audit: WriteSet['audit'],
): Promise<readonly ChangeResult[]> {
  const writeSet = { changes: changes.map(({ change }) => change), audit };
  const isWarning = services.references.targets === 'warn';
  const warnings = isWarning ? await danglingReferences(changes, store, services) : undefined;
  const results = isEnforced(services.references)
    ? await store.transaction([], async (inside) => {
        await enforceReferences(changes, inside, services);
        return inside.write(writeSet);
      })
    : await store.write(writeSet);
  return warnings ? withWarnings(results, warnings) : results;
}

function withWarnings(results: readonly ChangeResult[], warnings: ReadonlyMap<number, readonly Issue[]>) {
  return results.map((result, position): ChangeResult => {
    const own = warnings.get(position);
    return own ? { ...result, warnings: own } : result;
  });
}

/** Who asks, and what they may. */
export interface CallerFacts {
  readonly origin: Origin;
  readonly access: Access;
}

interface Scope {
  readonly context: Context;
  /** True once a write has carried the audit rows of this request with it. */
  wasAudited(): boolean;
}

function openScope(input: Input, services: Services, caller: CallerFacts, auditor: Auditor): Scope {
  const { origin, access } = caller;
  let audited = false;

  function contextOn(store: ResourceStore): Context {
    return {
      ...services,
      store,
      origin,
      access,
      async write(changes) {
        const results = await writeByPolicy(changes, store, services, (results) => [
          ...auditor.ofChanges(changes, results),
          ...(input.interaction === 'transaction' ? auditor.ofResult({ status: 200 }) : []),
        ]);
        audited = true;
        if (changes.some(({ change }) => isConformanceType(change.type))) services.library.invalidate();
        return results;
      },
      transaction: (locks, work) => store.transaction(locks, (inside) => work(contextOn(inside))),
    };
  }

  return { context: contextOn(services.store), wasAudited: () => audited };
}

/** Runs an interaction for a caller. What it resolves or rejects with is in the audit log by then; when it cannot be, 503. */
export async function perform(
  input: Input,
  run: Interaction,
  services: Services,
  caller: CallerFacts,
): Promise<Result> {
  const auditor = createAuditor(input, caller.origin, services.now);
  const scope = openScope(input, services, caller, auditor);
  let result: Result;
  try {
    permit(input, caller.access);
    result = await run(input, scope.context);
  } catch (cause) {
    await services.audit.record(auditor.ofFailure(cause));
    throw cause;
  }
  if (!scope.wasAudited()) await services.audit.record(auditor.ofResult(result));
  return result;
}
