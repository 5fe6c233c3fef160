/** The search parameters of this server: R4's own and those that guides and clients add, while it runs. https://hl7.org/fhir/R4/searchparameter.html */
import type { Definitions } from '../fhir/definitions.ts';
import type { SearchParameter } from '../fhir/search-parameter.ts';
import type { IndexState } from '../index-ports.ts';
import {
  createSearchParameters,
  firstGeneration,
  type IndexingProgress,
  officialUrl,
  type SearchParameters,
} from './parameters.ts';

export interface SearchRegistry extends SearchParameters {
  /** Those that are not R4's own. */
  readonly custom: readonly SearchParameter[];
  /** Takes the place of all custom parameters and of what is known of their index. */
  replace(custom: readonly SearchParameter[], state: IndexState): void;
  /** How far indexing has come. */
  readonly progress: IndexingProgress & { readonly generation: number };
  /** True when some resources are not of the latest generation. */
  readonly isBehind: boolean;
  /** So many more resources have been indexed anew; `oldest` is the earliest generation that is left. */
  advance(step: { readonly done: number; readonly oldest?: number }): void;
}

type RegistryDefinitions = Pick<Definitions, 'searchParameters' | 'elements' | 'resourceTypes'>;

/** Of two parameters with one code the official wins, then the one that came first. */
function withoutConflicts(custom: readonly SearchParameter[], official: SearchParameters): readonly SearchParameter[] {
  const taken = new Set<string>();
  return custom.filter(({ url, code, base }) => {
    const places = base.map((type) => `${type} ${code}`);
    const isTaken = official.isOfficial(url) || base.some((type) => official.forType(type).has(code));
    if (isTaken || places.some((place) => taken.has(place))) return false;
    for (const place of places) taken.add(place);
    return true;
  });
}

/** Begins with the official parameters, all of them indexed. */
export function createSearchRegistry(definitions: RegistryDefinitions): SearchRegistry {
  const official = createSearchParameters(definitions);
  let current = official;
  let custom: readonly SearchParameter[] = [];
  let state: IndexState = { generation: firstGeneration, parameters: new Map(), remaining: 0, total: 0 };

  function pending({ url }: Pick<SearchParameter, 'url'>): IndexingProgress | undefined {
    const { oldest, parameters, remaining, total } = state;
    if (oldest === undefined) return undefined;
    const needed = Math.max(parameters.get(officialUrl) ?? 0, parameters.get(url) ?? 0);
    return oldest < needed ? { done: total - remaining, total } : undefined;
  }

  return {
    forType: (type) => current.forType(type),
    byUrl: (url) => current.byUrl(url),
    isOfficial: (url) => official.isOfficial(url),
    get generation() {
      return state.generation;
    },
    get custom() {
      return custom;
    },
    get isBehind() {
      return state.oldest !== undefined && state.oldest < state.generation;
    },
    get progress() {
      const { generation, remaining, total } = state;
      return { generation, done: total - remaining, total };
    },
    pending,
    replace(wanted, next) {
      custom = withoutConflicts(wanted, official);
      const { searchParameters } = definitions;
      current = createSearchParameters({ ...definitions, searchParameters: [...searchParameters, ...custom] });
      state = next;
    },
    advance({ done, oldest }) {
      const { generation, parameters, remaining, total } = state;
      state = {
        generation,
        parameters,
        remaining: Math.max(0, remaining - done),
        total,
        ...(oldest !== undefined && { oldest }),
      };
    },
  };
}
