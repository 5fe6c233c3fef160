/** No reference to what is not there, and no deletion of what is referred to, as far as the server's policy says so. See docs/adr/0010-reference-integrity.md. */
import { conflict, FhirError } from '../fhir/fhir-error.ts';
import type { Issue } from '../fhir/issue.ts';
import type { ResourceIdentity } from '../fhir/resource.ts';
import type { ResourceStore } from '../ports.ts';
import { type LocalTarget, localTargets } from '../search/local-targets.ts';
import { targetKey } from '../search/keys.ts';
import type { AuditedChange, Services } from './interaction.ts';
import type { ReferencePolicy } from './reference-policy.ts';

type Needed = Pick<Services, 'definitions' | 'settings' | 'hash'>;

const nameOf = ({ type, id }: ResourceIdentity): string => `${type}/${id}`;

interface Wanted extends LocalTarget {
  /** Of the change that refers to it. */
  readonly position: number;
}

/** What the changes refer to and do not make themselves. What they delete is gone, whoever else has it. */
function wantedTargets(changes: readonly AuditedChange[], { definitions, settings }: Needed): readonly Wanted[] {
  const made = new Set(changes.flatMap(({ change }) => (change.kind === 'delete' ? [] : [nameOf(change)])));
  const { elements } = definitions;
  const { baseUrl } = settings;
  return changes.flatMap(({ change: { document } }, position) => {
    if (!document) return [];
    const targets = localTargets(document.resource, { elements, baseUrl });
    return targets.filter((target) => !made.has(nameOf(target))).map((target) => ({ ...target, position }));
  });
}

function distinct(identities: readonly ResourceIdentity[]): readonly ResourceIdentity[] {
  return [
    ...new Map(identities.map((identity) => [nameOf(identity), { type: identity.type, id: identity.id }])).values(),
  ];
}

const deletionsOf = (changes: readonly AuditedChange[]): readonly ResourceIdentity[] =>
  changes.flatMap(({ change: { kind, type, id } }) => (kind === 'delete' ? [{ type, id }] : []));

const dangling = ({ type, expression }: Wanted, severity: 'error' | 'warning'): Issue => ({
  severity,
  code: 'not-found',
  diagnostics: `There is no such ${type} here`,
  expression: [expression],
});

function missingAmong(
  wanted: readonly Wanted[],
  changes: readonly AuditedChange[],
  found: readonly ResourceIdentity[],
) {
  const deleted = new Set(deletionsOf(changes).map(nameOf));
  const there = new Set(found.map(nameOf).filter((name) => !deleted.has(name)));
  return wanted.filter((target) => !there.has(nameOf(target)));
}

/** Refuses (422) changes that refer to what does not exist once they are made; what exists stays until they are. `store` must be inside a transaction. */
async function requireTargets(changes: readonly AuditedChange[], store: ResourceStore, needed: Needed): Promise<void> {
  const wanted = wantedTargets(changes, needed);
  if (wanted.length === 0) return;
  const missing = missingAmong(wanted, changes, await store.lock(distinct(wanted), 'keep'));
  const [first] = missing;
  if (!first) return;
  const issues = missing.filter(({ position }) => position === first.position).map((one) => dangling(one, 'error'));
  throw new FhirError(422, issues.slice(0, 100), {}, first.position);
}

/** Refuses (409) deletions of what others refer to. */
async function refuseOrphans(changes: readonly AuditedChange[], store: ResourceStore, { hash }: Needed): Promise<void> {
  const deletions = deletionsOf(changes);
  if (deletions.length === 0) return;
  const existing = await store.lock(distinct(deletions), 'change');
  const targetKeys = existing.map((identity) => targetKey(hash, nameOf(identity)));
  // what the same changes delete or rewrite no longer refers to it, or is refused for doing so
  const except = distinct(changes.map(({ change }) => change));
  const referrers = await store.referrers({ targetKeys, except });
  if (referrers.length === 0) return;
  const counts = referrers.map(({ type, count }) => `${count} ${type}`).join(', ');
  throw conflict(`This cannot be deleted while others refer to it: ${counts}`);
}

/** True when changes must be checked inside the transaction that writes them. */
export const isEnforced = ({ targets, onDelete }: ReferencePolicy): boolean =>
  targets === 'check' || onDelete === 'check';

/** Checks by policy, inside the transaction that writes. Deletions are locked before references are looked for, so that nobody can refer in between. */
export async function enforceReferences(
  changes: readonly AuditedChange[],
  store: ResourceStore,
  services: Needed & { readonly references: ReferencePolicy },
): Promise<void> {
  const { targets, onDelete } = services.references;
  if (onDelete === 'check') await refuseOrphans(changes, store, services);
  if (targets === 'check') await requireTargets(changes, store, services);
}

/** For each change a warning for each reference to what is not there. */
export async function danglingReferences(
  changes: readonly AuditedChange[],
  store: ResourceStore,
  needed: Needed,
): Promise<ReadonlyMap<number, readonly Issue[]>> {
  const wanted = wantedTargets(changes, needed);
  const versions = wanted.length === 0 ? [] : await store.readMany(distinct(wanted));
  const missing = missingAmong(
    wanted,
    changes,
    versions.filter(({ deleted }) => !deleted),
  );
  return byPosition(missing);
}

function byPosition(missing: readonly Wanted[]): ReadonlyMap<number, readonly Issue[]> {
  const found = new Map<number, Issue[]>();
  for (const one of missing) {
    const issues = found.get(one.position) ?? [];
    found.set(one.position, [...issues, dangling(one, 'warning')]);
  }
  return found;
}
