/** One parameter that chooses resources, by what its name says: on the resource itself, along a chain, or against one. https://hl7.org/fhir/R4/search.html#chaining */
import { invalid } from '../fhir/fhir-error.ts';
import type { SearchParameter } from '../fhir/search-parameter.ts';
import type { Condition } from './condition.ts';
import { malformed, placeOf, refused } from './malformed.ts';
import { alternativesOf, commonParameter, parseParameter, refusePending } from './parse-parameter.ts';
import type { SearchScope } from './search-scope.ts';
import { unescapeValue } from './split-value.ts';
import { isLogicalId } from '../fhir/resource.ts';
import { targetTypesOf } from './types/reference.ts';

/** Links of a chain; nobody writes longer ones, and each multiplies the work. */
const maximumLinks = 12;
/** Ways through the types that a chain leads to. */
const maximumBranches = 500;

/** A parameter, or what is left of its name after some links of a chain. */
export interface CriterionText {
  readonly types: readonly string[];
  /** What is left of the name. */
  readonly path: string;
  readonly value: string;
  /** As the client wrote it, for error messages. */
  readonly name: string;
  warn(diagnostics: string): void;
}

/** Counts the ways that have been followed. */
interface Walk {
  readonly links: number;
  readonly branches: { count: number };
}

interface Head {
  readonly code: string;
  readonly modifier?: string;
}

function readHead(text: string): Head {
  const colon = text.indexOf(':');
  return colon < 0 ? { code: text } : { code: text.slice(0, colon), modifier: text.slice(colon + 1) };
}

/** The code that a path begins with. */
const firstCode = (path: string): string => readHead(path.split('.', 1)[0] ?? '').code;

/** True for a parameter that all of the types have. */
export function isKnown(path: string, types: readonly string[], scope: SearchScope): boolean {
  const code = firstCode(path);
  return ['_has', '_list', '_filter'].includes(code) || commonParameter(types, code, scope) !== undefined;
}

function step({ links, branches }: Walk, name: string): Walk {
  branches.count += 1;
  if (links >= maximumLinks) throw invalid(`${name.slice(0, 64)} has more than ${maximumLinks} links`, placeOf(name));
  if (branches.count > maximumBranches) {
    throw invalid(`${name.slice(0, 64)} leads to too many types: name them, as in subject:Patient.name`, placeOf(name));
  }
  return { links: links + 1, branches };
}

const unknown = ({ types, name }: Omit<CriterionText, 'path' | 'value'>) =>
  refused(name, `no search parameter of ${types.length === 1 ? types[0] : 'all these types'} has this name`);

/** References lead to resources; canonicals are found by their URL, which no link is kept of. */
function checkLink(
  type: string,
  parameter: SearchParameter,
  { name }: Pick<CriterionText, 'name'>,
  { shapes }: SearchScope,
): void {
  if (parameter.type !== 'reference')
    throw refused(name, `${parameter.code} is no reference, so nothing can be chained to it`);
  const types = shapes.typesOf(type, parameter.code);
  if (types?.every((one) => one === 'canonical' || one === 'uri')) {
    throw refused(name, 'canonical references are not chained');
  }
}

/** A link of a chain: its reference parameter, and the types that it leads to where `rest` means something. Throws a FhirError 400. */
export function linkOf(head: string, rest: string, text: Omit<CriterionText, 'path' | 'value'>, scope: SearchScope) {
  const { types, name } = text;
  const { code, modifier } = readHead(head);
  const parameter = commonParameter(types, code, scope);
  if (!parameter) throw unknown(text);
  checkLink(types[0] ?? '', parameter, text, scope);
  const all = targetTypesOf(parameter);
  if (modifier !== undefined && !all.includes(modifier))
    throw refused(name, `${code} leads to no resource of this type`);
  const targets = (modifier === undefined ? all : [modifier]).filter((type) => isKnown(rest, [type], scope));
  if (targets.length === 0) throw refused(name, 'no type that the chain leads to has such a search parameter');
  const isSingle = types.length === 1 && scope.shapes.isSingle(types[0] ?? '', parameter);
  return { code, targets, isSingle };
}

/** `subject:Patient.name`, `subject.name` */
function parseChain(text: CriterionText, scope: SearchScope, walk: Walk): Condition {
  const { types, path, name } = text;
  const dot = path.indexOf('.');
  const rest = path.slice(dot + 1);
  const { code, targets, isSingle } = linkOf(path.slice(0, dot), rest, text, scope);
  return {
    kind: 'chain',
    types,
    code,
    isSingle,
    targets: targets.map((type) => ({
      type,
      condition: parsePath({ ...text, types: [type], path: rest }, scope, step(walk, name)),
    })),
  };
}

/** `_has:Observation:patient:code` */
function parseHas(text: CriterionText, scope: SearchScope, walk: Walk): Condition {
  const { types, path, name } = text;
  const [, type = '', code = '', ...others] = path.split(':');
  const rest = others.join(':');
  const parameter = scope.registry.forType(type).get(code);
  if (parameter?.type !== 'reference' || rest === '') {
    throw refused(name, 'it is written _has:Type:reference:parameter');
  }
  refusePending(parameter, scope.registry);
  const leadsHere = targetTypesOf(parameter);
  const referred = types.filter((one) => leadsHere.includes(one));
  if (referred.length === 0) throw refused(name, `${type}:${code} does not refer to what is searched`);
  checkLink(type, parameter, text, scope);
  const condition = parsePath({ ...text, types: [type], path: rest }, scope, step(walk, name));
  return { kind: 'has', type, code, types: referred, condition };
}

/** Lists by their id. */
function parseList({ types, value, name }: CriterionText): Condition {
  const ids = alternativesOf(value, name).map(unescapeValue);
  if (!ids.every(isLogicalId))
    throw refused(name, 'lists are named by their id; there are no functional lists such as $current-problems');
  return { kind: 'list', ids, types };
}

function parsePath(text: CriterionText, scope: SearchScope, walk: Walk): Condition {
  const { types, path, value, name, warn } = text;
  if (path.startsWith('_has:')) return parseHas(text, scope, walk);
  if (path.includes('.')) return parseChain(text, scope, walk);
  const { code, modifier } = readHead(path);
  if (code === '_has') throw malformed(name, 'asked for as _has:Type:reference:parameter');
  if (code === '_list' && modifier === undefined) return parseList(text);
  const parameter = commonParameter(types, code, scope);
  if (!parameter) throw unknown(text);
  const given = { types, code, value, name, warn, ...(modifier !== undefined && { modifier }) };
  return parseParameter(given, parameter, scope);
}

/** Throws a FhirError 400 that names the parameter. */
export function parseCriterion(text: CriterionText, scope: SearchScope): Condition {
  return parsePath(text, scope, { links: 0, branches: { count: 0 } });
}
