/** The expressions of search parameters, compiled. https://hl7.org/fhir/R4/searchparameter-definitions.html#SearchParameter.expression */
import type { Definitions } from '../fhir/definitions.ts';
import { compilePath } from '../fhirpath/compile-path.ts';
import type { CompiledPath } from '../fhirpath/compiled-path.ts';
import { interpretPath } from '../fhirpath/interpreted-path.ts';
import type { SearchParameters } from './parameters.ts';

/** The path of a search parameter for resources of a type; undefined for an unknown one and for those without an expression (`_content`). */
export type SearchPaths = (type: string, code: string) => CompiledPath | undefined;

/** Compiles each expression when it is first asked for; the few that only fhirpath.js can run are interpreted. */
export function createSearchPaths(
  { elements }: Pick<Definitions, 'elements'>,
  parameters: SearchParameters,
): SearchPaths {
  const paths = new Map<string, CompiledPath>();
  return (type, code) => {
    const expression = parameters.forType(type).get(code)?.expression;
    if (!expression) return undefined;
    const key = `${type} ${expression}`;
    const path = paths.get(key) ?? compilePath(expression, type, elements) ?? interpretPath(expression, type, elements);
    paths.set(key, path);
    return path;
  };
}
