/** The resource types and permissions that a search touches: nobody learns by a chain what he may not search. */
import { forbidden } from '../../fhir/fhir-error.ts';
import type { Issue } from '../../fhir/issue.ts';
import { isApart } from '../../search/audit-events.ts';
import type { Condition } from '../../search/condition.ts';
import type { SearchQuery } from '../../search/search-query.ts';
import type { Context } from '../interaction.ts';

/** Types of the resources that are looked at, beside those that are found. */
function touchedBy(condition: Condition): readonly string[] {
  switch (condition.kind) {
    case 'chain':
      return condition.targets.flatMap(({ type, condition: inner }) => [type, ...touchedBy(inner)]);
    case 'has':
      return [condition.type, ...touchedBy(condition.condition)];
    case 'parameter':
      return condition.match.kind === 'hierarchy' ? condition.match.branches.map(({ type }) => type) : [];
    case 'list':
      return ['List'];
    case 'all':
    case 'any':
      return condition.conditions.flatMap(touchedBy);
    case 'not':
      return touchedBy(condition.condition);
    default:
      return [];
  }
}

const unseen: Issue = {
  severity: 'warning',
  code: 'incomplete',
  diagnostics: 'The token does not allow to search some types, so what their resources contain is left out',
};

/** Contained resources are found in resources of those types that the caller may search, and that there may be others is said. */
export function withinPermitted(
  query: SearchQuery,
  { access, definitions }: Pick<Context, 'access' | 'definitions'>,
): SearchQuery {
  if (query.contained === undefined) return query;
  const types = [...definitions.resourceTypes.keys()].filter((type) => !isApart(type));
  const containers = types.filter((type) => access.permits('search-type', type));
  if (containers.length === types.length) return query;
  return { ...query, containers, warnings: [...query.warnings, unseen] };
}

/** Refuses (403) a search that would tell something of a type that the caller may not search. */
export function permitTypes({ types, criteria }: SearchQuery, { access }: Pick<Context, 'access'>): void {
  const touched = new Set([...types, ...criteria.flatMap(touchedBy)]);
  const refused = [...touched].find((type) => !access.permits('search-type', type));
  if (refused !== undefined) throw forbidden(`The token does not allow to search ${refused}`);
}
