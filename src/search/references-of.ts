/** What `_include` adds: the resources that a search parameter of a resource points to. https://hl7.org/fhir/R4/search.html#include */
import type { Definitions } from '../fhir/definitions.ts';
import type { Resource, ResourceIdentity } from '../fhir/resource.ts';
import { localReference } from './local-reference.ts';
import type { SearchParameters } from './parameters.ts';
import { createSearchPaths } from './search-paths.ts';

export interface ReferencesOfOptions {
  readonly definitions: Pick<Definitions, 'elements'>;
  readonly parameters: SearchParameters;
  /** Of this server, without a slash at the end. */
  readonly baseUrl?: string;
}

/** The resources of this server that the parameter with this code points to, each once; none for an unknown code. */
export type ReferencesOf = (resource: Resource, code: string) => readonly ResourceIdentity[];

export function createReferencesOf({ definitions, parameters, baseUrl }: ReferencesOfOptions): ReferencesOf {
  const paths = createSearchPaths(definitions, parameters);
  return (resource, code) => {
    const found = new Map<string, ResourceIdentity>();
    paths(resource.resourceType, code)?.evaluate(resource, (value) => {
      const identity = localReference(value, baseUrl);
      if (identity) found.set(`${identity.type}/${identity.id}`, identity);
    });
    return [...found.values()];
  };
}
