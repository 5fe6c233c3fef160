/** `_include` and `_revinclude`: `Type:parameter`, `Type:parameter:TargetType`, `*`. https://hl7.org/fhir/R4/search.html#include */
import type { SearchParameter } from '../fhir/search-parameter.ts';
import { refuseApart } from './audit-events.ts';
import { malformed } from './malformed.ts';
import type { Include } from './search-query.ts';
import type { SearchScope } from './search-scope.ts';
import { targetTypesOf } from './types/reference.ts';

/** The search that a parameter belongs to. */
export interface ShapingContext {
  /** Resource types that are searched. */
  readonly types: readonly string[];
  readonly scope: SearchScope;
  /** Of the parameter, as the client wrote it. */
  readonly name: string;
}

const isIterate = (name: string): boolean => name.includes(':');

/** Any reference of any type: `*`, `Observation:*`. */
function readWildcard(value: string, { name }: ShapingContext): Include | undefined {
  const [type = '', code, target, ...others] = value.split(':');
  if (others.length > 0) throw malformed(name, 'Type:parameter or Type:parameter:TargetType');
  refuseApart(type, name);
  refuseApart(target, name);
  const iterate = isIterate(name);
  if (type === '*' && code === undefined) return { type: '*', code: '*', iterate };
  return code === '*' ? { type, code, iterate, ...(target !== undefined && { target }) } : undefined;
}

/** The reference parameter that the value names. */
function readParameter(value: string, { name, scope }: ShapingContext): [Include, SearchParameter] {
  const [type = '', code = '', target] = value.split(':');
  const parameter = scope.registry.forType(type).get(code);
  if (parameter?.type !== 'reference') throw malformed(name, 'a resource type and one of its reference parameters');
  if (target !== undefined && !targetTypesOf(parameter).includes(target)) {
    throw malformed(name, 'about a type that the parameter leads to');
  }
  return [{ type, code, iterate: isIterate(name), ...(target !== undefined && { target }) }, parameter];
}

function checkType(type: string, { name, scope, types }: ShapingContext, iterate: boolean): void {
  if (type === '*') return;
  if (scope.registry.forType(type).size === 0) throw malformed(name, 'about a resource type');
  if (!iterate && !types.includes(type)) throw malformed(name, 'about a parameter of the type that is searched');
}

/** Resources that the matches point to; with `:iterate` also those that these point to. Throws a FhirError 400. */
export function readInclude(value: string, context: ShapingContext): Include {
  const include = readWildcard(value, context) ?? readParameter(value, context)[0];
  checkType(include.type, context, include.iterate);
  return include;
}

/** Resources that point to the matches; with `:iterate` also those that point to these. Throws a FhirError 400. */
export function readRevinclude(value: string, context: ShapingContext): Include {
  const wildcard = readWildcard(value, context);
  if (wildcard) {
    checkType(wildcard.type, context, true);
    return wildcard;
  }
  const [include, parameter] = readParameter(value, context);
  const leadsTo = include.target === undefined ? targetTypesOf(parameter) : [include.target];
  if (!include.iterate && !leadsTo.some((type) => context.types.includes(type))) {
    throw malformed(context.name, 'about a parameter that leads to the type that is searched');
  }
  return include;
}
