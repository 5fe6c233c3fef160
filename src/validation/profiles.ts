/** The profiles that a resource must satisfy: those it claims, those the server demands of its type, and those asked for. https://hl7.org/fhir/R4/profiling.html#resources */
import type { Conformance } from '../fhir/conformance.ts';
import type { Definitions } from '../fhir/definitions.ts';
import { type Issue, isError } from '../fhir/issue.ts';
import type { Terminology } from '../fhir/terminology.ts';
import { PropertyFinder } from '../fhirpath/evaluate/children.ts';
import { compileInvariant, compileSelection } from '../fhirpath/invariant/compile-invariant.ts';
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
  return createProfileCheck({
    conformance,
    terminology,
    elements,
    properties,
    snapshotOf,
    compileInvariant,
    compileSelection,
  });
}

interface Options {
  readonly profiles: ProfileCheck;
  readonly policy: ProfilePolicy;
}

interface Demand {
  readonly canonical: string;
  /** Where it is claimed in `meta.profile`; undefined for what others demand. */
  readonly index: number | undefined;
}

function claimsOf(meta: unknown): readonly Demand[] {
  const list: unknown = typeof meta === 'object' && meta !== null ? (meta as { profile?: unknown }).profile : undefined;
  if (!Array.isArray(list)) return [];
  return list.flatMap((canonical: unknown, index) => (typeof canonical === 'string' ? [{ canonical, index }] : []));
}

/** Every R4 resource satisfies the definition of its own type. */
const ofBase = (type: string): string => `http://hl7.org/fhir/StructureDefinition/${type}`;

function demandsOn(resource: object, type: string, asked: readonly string[], policy: ProfilePolicy) {
  const claims = claimsOf((resource as { meta?: unknown }).meta);
  const others = [...(policy.required.get(type) ?? []), ...asked];
  if (claims.length === 0 && others.length === 0) return [];
  const demands = [...others.map((canonical) => ({ canonical, index: undefined })), ...claims];
  if (demands.length === 1 && demands[0]?.canonical !== ofBase(type)) return demands;
  const seen = new Set([ofBase(type)]);
  return demands.filter(({ canonical }) => !seen.has(canonical) && seen.add(canonical));
}

function unknownIssue(
  { canonical, index }: Demand,
  reason: string,
  { policy, path }: { readonly policy: ProfilePolicy; readonly path: string },
): readonly Issue[] {
  // what is demanded and cannot be checked is an error, whatever the policy says of claims
  const isClaim = index !== undefined;
  const expression = isClaim ? `${path}.meta.profile[${index}]` : path;
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
  const demands = demandsOn(context.resource, place.type, profiles, options.policy);
  if (demands.length === 0) return [];
  const { rootResource, resolve, wantsWarnings } = context;
  const path = place.expression;
  const within = { path, rootResource, resolve, wantsWarnings };
  const issues = demands.flatMap((demand) => {
    const result = options.profiles.check(context.resource as never, demand.canonical, within);
    return 'unknown' in result ? unknownIssue(demand, result.unknown, { policy: options.policy, path }) : result.issues;
  });
  return context.wantsWarnings ? issues : issues.filter(isError);
}
