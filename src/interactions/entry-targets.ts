/** Which resource each entry of a transaction is about, conditional entries resolved. https://hl7.org/fhir/R4/http.html#trules */
import { conflict, forbidden, FhirError, invalid, notFound } from '../fhir/fhir-error.ts';
import { isLogicalId } from '../fhir/resource.ts';
import type { StoredVersion } from '../ports.ts';
import { findMatch, lockName, queryOf } from './conditional.ts';
import { forEntry, isWrite, type RunnableEntry } from './entry.ts';
import { typeOf } from './identity.ts';
import type { Context } from './interaction.ts';

export interface EntryTarget {
  readonly type: string;
  /** Undefined when the criteria of a deletion match nothing. */
  readonly id?: string;
  /** True when the entry makes a resource under an id of ours. */
  readonly isNew?: boolean;
  /** Set when a conditional create found its resource, so that nothing is written. */
  readonly existing?: StoredVersion;
  /** True when an earlier entry of the Bundle already makes this resource, so that nothing is written either. */
  readonly isRepeated?: boolean;
}

/** The criteria of a conditional entry. */
function criteriaOf({ input }: RunnableEntry): string | undefined {
  if (input.interaction === 'create') return input.conditions.ifNoneExist;
  return input.id === undefined ? queryOf(input) : undefined;
}

/** The locks that the conditional entries need. */
export function lockNames(entries: readonly RunnableEntry[]): readonly string[] {
  return entries.flatMap((entry) => {
    const criteria = isWrite(entry) ? criteriaOf(entry) : undefined;
    return criteria === undefined ? [] : [lockName(typeOf(entry.input), criteria)];
  });
}

function createTarget(type: string, match: StoredVersion | undefined, context: Context): EntryTarget {
  return match ? { type, id: match.id, existing: match } : { type, id: context.newId(), isNew: true };
}

async function updateTarget(
  entry: RunnableEntry,
  match: StoredVersion | undefined,
  context: Context,
): Promise<EntryTarget> {
  const type = typeOf(entry.input);
  const bodyId = entry.input.document?.resource.id;
  if (match) {
    if (bodyId !== undefined && bodyId !== match.id) {
      throw invalid('The id in the resource is not that of the resource that the criteria match', 'id');
    }
    return { type, id: match.id };
  }
  if (!context.access.permits('create', type)) throw forbidden(`The token does not allow to create a ${type}`);
  if (bodyId === undefined) return { type, id: context.newId(), isNew: true };
  const known = await context.store.read({ type, id: bodyId });
  if (known && !known.deleted)
    throw conflict('The id in the resource belongs to a resource that the criteria do not match', 'id');
  return { type, id: bodyId };
}

async function conditionalTarget(entry: RunnableEntry, criteria: string, context: Context): Promise<EntryTarget> {
  const type = typeOf(entry.input);
  const match = await findMatch(type, criteria, context);
  const { interaction } = entry.route;
  if (interaction === 'create') return createTarget(type, match, context);
  if (interaction === 'update') return updateTarget(entry, match, context);
  if (!match && interaction === 'patch') throw notFound(`No ${type} matches the criteria`);
  return match ? { type, id: match.id } : { type };
}

function plainTarget({ input, route }: RunnableEntry, context: Context): EntryTarget {
  const type = typeOf(input);
  if (route.interaction === 'create') return { type, id: context.newId(), isNew: true };
  const { id = '' } = input;
  if (!isLogicalId(id)) throw invalid('An id has 1 to 64 letters, digits, "-" and "."', 'request.url');
  if (route.interaction === 'update' && input.document?.resource.id !== id) {
    throw invalid('The id in the resource must be the id in the URL of its entry', 'resource.id');
  }
  return { type, id };
}

/** The target of every entry, in their order. Conditional creates with the same criteria are one resource: the second finds what the first makes. */
export async function findTargets(
  entries: readonly RunnableEntry[],
  context: Context,
): Promise<readonly EntryTarget[]> {
  const created = new Map<string, EntryTarget>();
  const targets: EntryTarget[] = [];
  for (const entry of entries) {
    const criteria = criteriaOf(entry);
    const name =
      criteria === undefined || entry.route.interaction !== 'create'
        ? undefined
        : lockName(typeOf(entry.input), criteria);
    const earlier = name === undefined ? undefined : created.get(name);
    const target =
      earlier ??
      (await forEntry(entry.index, () =>
        criteria === undefined ? plainTarget(entry, context) : conditionalTarget(entry, criteria, context),
      ));
    if (name !== undefined) created.set(name, target);
    targets.push(earlier ? { ...earlier, isRepeated: true } : target);
  }
  return targets;
}

/** R4: when two entries are about the same resource, the transaction fails. */
export function refuseDuplicates(entries: readonly RunnableEntry[], targets: readonly EntryTarget[]): void {
  const seen = new Map<string, number>();
  for (const [position, { type, id, existing, isRepeated }] of targets.entries()) {
    const index = entries[position]?.index ?? position;
    if (id === undefined || existing || isRepeated) continue;
    const identity = `${type}/${id}`;
    const earlier = seen.get(identity);
    if (earlier !== undefined) {
      throw new FhirError(400, [
        {
          severity: 'error',
          code: 'duplicate',
          diagnostics: `Entries ${earlier} and ${index} are about the same ${type}`,
          expression: [`Bundle.entry[${earlier}]`, `Bundle.entry[${index}]`],
        },
      ]);
    }
    seen.set(identity, index);
  }
}
