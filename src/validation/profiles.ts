/** The profiles that a resource must satisfy: those it claims, those the server demands of its type, and those asked for. https://hl7.org/fhir/R4/profiling.html#resources */
import type { Conformance } from '../fhir/conformance.ts';
import type { Definitions } from '../fhir/definitions.ts';
import { type Issue, isError } from '../fhir/issue.ts';
import type { Terminology } from '../fhir/terminology.ts';
import { PropertyFinder } from '../fhirpath/evaluate/children.ts';
import { compileInvariant } from '../fhirpath/invariant/compile-invariant.ts';
import { createSnapshots } from '../profiles/snapshot/create-snapshots.ts';
import { createProfileCheck, type ProfileCheck } from '../profiles/check/create-profile-check.ts';
import type { CheckContext } from './check-context.ts';
import type { Place } from './expression.ts';

export interface ProfilePolicy {
  /** What a claimed profile that is not known here amounts to. */
  readonly unknown: 'error' | 'warning' | 'ignore';
  /** For a resource type, the canonicals of profiles that every resource of it must satisfy. */
  readonly required: ReadonlyMap<string, readonly string[]>;
}

export interface ProfileOptions {
  readonly definitions: Definitions;
  readonly conformance: Conformance;
  readonly terminology: Terminology;
}

/** The check of profiles, joined from the rooms that it needs. */
export function createProfiles({ definitions, conformance, terminology }: ProfileOptions): ProfileCheck {
  const { elements } = definitions;
  const properties = new PropertyFinder(elements);
  const snapshotOf = createSnapshots(conformance);
  return createProfileCheck({ conformance, terminology, elements, properties, snapshotOf, compileInvariant });
}

interface Options {
  readonly profiles: ProfileCheck;
  readonly policy: ProfilePolicy;
}

interface Demand {
  readonly canonical: string;
  readonly expression: string;
  /** What is demanded and cannot be checked is an error, whatever the policy says of claims. */
  readonly isClaim: boolean;
}

function claimsOf(meta: unknown, path: string): readonly Demand[] {
  const list: unknown = typeof meta === 'object' && meta !== null ? (meta as { profile?: unknown }).profile : undefined;
  if (!Array.isArray(list)) return [];
  return list.flatMap((canonical: unknown, index) =>
    typeof canonical === 'string' ? [{ canonical, expression: `${path}.meta.profile[${index}]`, isClaim: true }] : [],
  );
}

/** Every R4 resource satisfies the definition of its own type. */
const ofBase = (type: string): string => `http://hl7.org/fhir/StructureDefinition/${type}`;

function demandsOn(resource: object, { expression, type }: Place, asked: readonly string[], policy: ProfilePolicy) {
  const claims = claimsOf((resource as { meta?: unknown }).meta, expression);
  const others = [...(policy.required.get(type) ?? []), ...asked];
  if (claims.length === 0 && others.length === 0) return [];
  const demands = [...others.map((canonical) => ({ canonical, expression, isClaim: false })), ...claims];
  const seen = new Set([ofBase(type)]);
  return demands.filter(({ canonical }) => !seen.has(canonical) && seen.add(canonical));
}

function unknownIssue(
  { canonical, expression, isClaim }: Demand,
  reason: string,
  policy: ProfilePolicy,
): readonly Issue[] {
  if (isClaim && policy.unknown === 'ignore') return [];
  const severity = isClaim && policy.unknown === 'warning' ? 'warning' : 'error';
  const diagnostics =
    reason === canonical
      ? `The profile ${canonical} is not known here: nothing was checked against it`
      : `The profile ${canonical} cannot be used: ${reason}`;
  return [{ severity, code: 'not-found', diagnostics, expression: [expression] }];
}

/** The issues of a resource that is valid R4 with regard to its profiles. */
export function profileIssues(
  context: CheckContext,
  { place, profiles }: { readonly place: Place; readonly profiles: readonly string[] },
  options: Options,
): readonly Issue[] {
  const demands = demandsOn(context.resource, place, profiles, options.policy);
  if (demands.length === 0) return [];
  const { rootResource, resolve } = context;
  const within = { path: place.expression, rootResource, resolve };
  const issues = demands.flatMap((demand) => {
    const result = options.profiles.check(context.resource as never, demand.canonical, within);
    return 'unknown' in result ? unknownIssue(demand, result.unknown, options.policy) : result.issues;
  });
  return context.wantsWarnings ? issues : issues.filter(isError);
}
