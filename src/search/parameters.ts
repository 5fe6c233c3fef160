/** The search parameters of each resource type. https://hl7.org/fhir/R4/searchparameter-registry.html */
import type { Definitions } from '../fhir/definitions.ts';
import type { ElementModel } from '../fhir/element-model.ts';
import type { SearchParameter } from '../fhir/search-parameter.ts';
import { isKindOf } from '../fhirpath/type-hierarchy.ts';

export interface SearchParameters {
  /** The parameters of a resource type by code, those of every resource included (`_id`, `_tag`, …); empty for an unknown type. */
  forType(type: string): ReadonlyMap<string, SearchParameter>;
  byUrl(url: string): SearchParameter | undefined;
  /** True for one of R4's own. */
  isOfficial(url: string): boolean;
  /** Rises with every change of what is indexed. */
  readonly generation: number;
  /** Why a parameter cannot be searched by yet; undefined when it can. */
  pending(parameter: Pick<SearchParameter, 'url'>): IndexingProgress | undefined;
}

/** Resources that have been indexed anew, of so many. */
export interface IndexingProgress {
  readonly done: number;
  readonly total: number;
}

/** Stands for all parameters of R4, as this version of Vesta reads them. */
export const officialUrl = '*';

/** The generation of the official parameters alone. */
export const firstGeneration = 2;

/** The type's own parameters come last and win over those of `DomainResource` and `Resource`. */
function parametersOf(
  type: string,
  all: readonly SearchParameter[],
  elements: ElementModel,
): ReadonlyMap<string, SearchParameter> {
  const own = all.filter(({ base }) => base.includes(type));
  const inherited = all.filter(({ base }) => base.some((name) => name !== type && isKindOf(type, name, elements)));
  return new Map([...inherited, ...own].map((parameter) => [parameter.code, parameter]));
}

const noParameters: ReadonlyMap<string, SearchParameter> = new Map();

/** The parameters that are given, all of them indexed. Works out those of a type when it is first asked for. */
export function createSearchParameters({
  searchParameters,
  elements,
  resourceTypes,
}: Pick<Definitions, 'searchParameters' | 'elements' | 'resourceTypes'>): SearchParameters {
  const types = new Map<string, ReadonlyMap<string, SearchParameter>>();
  const urls = new Map(searchParameters.map((parameter) => [parameter.url, parameter]));
  return {
    forType(type) {
      // The name comes from clients: only those of R4 are remembered.
      if (!resourceTypes.has(type)) return noParameters;
      const parameters = types.get(type) ?? parametersOf(type, searchParameters, elements);
      types.set(type, parameters);
      return parameters;
    },
    byUrl: (url) => urls.get(url),
    isOfficial: (url) => urls.has(url),
    generation: firstGeneration,
    pending: () => undefined,
  };
}
