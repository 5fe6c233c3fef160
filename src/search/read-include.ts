/** `_include` and `_revinclude` of one level: `Type:parameter` or `Type:parameter:TargetType`. https://hl7.org/fhir/R4/search.html#include */
import type { SearchParameter } from '../fhir/search-parameter.ts';
import { malformed, refused } from './malformed.ts';
import type { SearchParameters } from './parameters.ts';
import type { Include } from './search-query.ts';

/** The search that a parameter belongs to. */
export interface ShapingContext {
  /** Resource type that is searched. */
  readonly type: string;
  readonly registry: SearchParameters;
  /** Of the parameter, as the client wrote it. */
  readonly name: string;
}

/** The reference parameter that the value names. */
function readParameter(value: string, { name, registry }: ShapingContext): [Include, SearchParameter] {
  if (value === '*' || value.endsWith(':*')) throw refused(name, '* is not; name each parameter');
  const [type = '', code = '', target, ...others] = value.split(':');
  if (others.length > 0 || code === '') throw malformed(name, 'Type:parameter or Type:parameter:TargetType');
  const parameter = registry.forType(type).get(code);
  if (parameter?.type !== 'reference') throw malformed(name, 'a resource type and one of its reference parameters');
  if (target !== undefined && parameter.target?.includes(target) === false) {
    throw malformed(name, 'about a type that the parameter leads to');
  }
  return [{ type, code, ...(target !== undefined && { target }) }, parameter];
}

/** Resources that the matches point to. Throws a FhirError 400. */
export function readInclude(value: string, context: ShapingContext): Include {
  const [include] = readParameter(value, context);
  if (include.type !== context.type) throw malformed(context.name, 'about a parameter of the type that is searched');
  return include;
}

/** Resources that point to the matches. Throws a FhirError 400. */
export function readRevinclude(value: string, context: ShapingContext): Include {
  const [include, { target: types }] = readParameter(value, context);
  const leadsHere = types?.includes(context.type) !== false && (include.target ?? context.type) === context.type;
  if (!leadsHere) throw malformed(context.name, 'about a parameter that leads to the type that is searched');
  return include;
}
