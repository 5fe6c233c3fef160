/** Compact forms of the official search parameters, compartments and operations. https://hl7.org/fhir/R4/searchparameter-registry.html */
import type { CompartmentDefinition, OperationDefinition, SearchParameter as OfficialParameter } from 'fhir/r4.js';
import type { SearchParameter } from '../../fhir/search-parameter.ts';

/** The parameters that are defined for all resources need no expression: `_text`, `_content`, `_query`, `_filter`. */
const isUsable = ({ base, expression }: OfficialParameter): boolean =>
  base?.length > 0 && (expression !== undefined || base.includes('Resource') || base.includes('DomainResource'));

const byUrl = (left: { url: string }, right: { url: string }): number => (left.url < right.url ? -1 : 1);

/** Sorted by URL; without the few drafts that name no resource type or no expression. */
export function searchParameters(official: readonly OfficialParameter[]): readonly SearchParameter[] {
  return official
    .filter(isUsable)
    .map(({ url, code, type, base, expression, target, component }) => ({
      url,
      code,
      type,
      base,
      ...(expression !== undefined && { expression }),
      ...(target && { target }),
      ...(component && { component: component.map(({ definition, expression }) => ({ definition, expression })) }),
    }))
    .sort(byUrl);
}

export type Compartments = Readonly<Record<string, Readonly<Record<string, readonly string[]>>>>;

/** For each compartment the search parameters by which a type belongs to it; types that never do are left out. */
export function compartments(official: readonly CompartmentDefinition[]): Compartments {
  const members = ({ resource = [] }: CompartmentDefinition): Record<string, readonly string[]> =>
    Object.fromEntries(resource.flatMap(({ code, param }) => (param?.length ? [[code, param]] : [])));
  return Object.fromEntries(official.map((definition) => [definition.code, members(definition)]));
}

/** Where each official operation may be called. */
export function operations(official: readonly OperationDefinition[]): readonly object[] {
  return official
    .map(({ url = '', code, affectsState, system, type, instance, resource }) => {
      return { url, code, ...(affectsState !== undefined && { affectsState }), system, type, instance, resource };
    })
    .sort(byUrl);
}
