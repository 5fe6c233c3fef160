/** `_contained` and `_containedType`: matches that are contained in other resources. https://hl7.org/fhir/R4/search.html#contained */
import type { NamedCriterion } from './chain-depth.ts';
import type { Condition } from './condition.ts';
import { containedName } from './keys.ts';
import { malformed, refused } from './malformed.ts';
import type { SearchParameters } from './parameters.ts';
import { refusePending } from './refuse-pending.ts';
import type { SearchQuery } from './search-query.ts';
import type { Shaping } from './shaping.ts';

/** Stands for all index rows of contained resources. Raise the fingerprint when the same contained resource would give other rows, apart from what all resources would. */
export const containedIndex = { url: 'urn:vesta:contained', code: '_contained', fingerprint: '1' } as const;

export function readContained(value: string, name: string): Partial<Shaping> {
  if (value === 'false') return {};
  if (value === 'true' || value === 'both') return { contained: value };
  throw malformed(name, 'true, false or both');
}

export function readContainedType(value: string, name: string): Partial<Shaping> {
  if (value === 'container' || value === 'contained') return { containedType: value };
  throw malformed(name, 'container or contained');
}

/** True of a condition on what refers to a resource: nothing outside refers to a contained one. */
function isReferred(condition: Condition): boolean {
  switch (condition.kind) {
    case 'parameter':
    case 'ofTypes':
    case 'chain':
      return false;
    case 'all':
    case 'any':
      return condition.conditions.some(isReferred);
    case 'not':
      return isReferred(condition.condition);
    default:
      return true;
  }
}

const together = 'it cannot be combined with _contained';

function refuseCombinations({ includes, revincludes, subset, containedType }: Shaping): void {
  if (includes.length > 0) throw refused('_include', together);
  if (revincludes.length > 0) throw refused('_revinclude', together);
  if (subset?.kind === 'elements' && containedType !== 'contained') {
    throw refused('_elements', 'with _contained it needs _containedType=contained, whose elements are known');
  }
}

/** Throws a FhirError: 400 for what cannot be asked of contained resources, 503 while they are being indexed. */
export function checkContained(
  shaping: Shaping,
  criteria: readonly NamedCriterion[],
  registry: SearchParameters,
): void {
  if (shaping.contained === undefined) return;
  refuseCombinations(shaping);
  const referred = criteria.find(({ condition }) => isReferred(condition));
  if (referred) throw refused(referred.name, '_has, _list and compartments cannot be combined with _contained');
  refusePending(containedIndex, registry);
}

/** The condition on contained resources: what it follows references to may be contained or not. */
function named(condition: Condition): Condition {
  switch (condition.kind) {
    case 'parameter':
    case 'ofTypes':
    case 'chain':
      return { ...condition, types: condition.types.map(containedName) };
    case 'all':
    case 'any':
      return { ...condition, conditions: condition.conditions.map(named) };
    case 'not':
      return { ...condition, condition: named(condition.condition) };
    default:
      throw new Error(`A contained resource cannot be searched by ${condition.kind}`);
  }
}

/** The same search of contained resources alone. */
export function ofContained(query: SearchQuery): SearchQuery {
  return { ...query, types: query.types.map(containedName), criteria: query.criteria.map(named) };
}

/**
 * What a link of a chain asks of a contained resource of the type; undefined when none can satisfy it: its id is no
 * logical id, it has no date of its own, and nothing outside refers to it. https://hl7.org/fhir/R4/search.html#contained
 */
export function withinContained(condition: Condition, type: string): Condition | undefined {
  switch (condition.kind) {
    case 'parameter':
      return condition.match.kind === 'id' || condition.match.kind === 'lastUpdated' ? undefined : named(condition);
    case 'ofTypes':
    case 'chain':
      return named(condition);
    case 'all':
    case 'any': {
      const all = condition.conditions.map((one) => withinContained(one, type));
      const conditions = all.filter((one) => one !== undefined);
      const isPossible = condition.kind === 'all' ? conditions.length === all.length : conditions.length > 0;
      return isPossible ? { kind: condition.kind, conditions } : undefined;
    }
    case 'not': {
      const inner = withinContained(condition.condition, type);
      return inner ? { kind: 'not', condition: inner } : { kind: 'ofTypes', types: [containedName(type)] };
    }
    default:
      return undefined;
  }
}
