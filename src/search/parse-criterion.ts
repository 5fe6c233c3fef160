/** One parameter that chooses resources, by what its name says: on the resource itself, along a chain, or against one. https://hl7.org/fhir/R4/search.html#chaining */
import { invalid } from '../fhir/fhir-error.ts';
import { refuseApart } from './audit-events.ts';
import { chainThrough, linkOf, oneOf, readHead, unknown, waysTo } from './chain-link.ts';
import type { Condition } from './condition.ts';
import { linkKindsOf } from './link-kinds.ts';
import { malformed, placeOf, refused } from './malformed.ts';
import { alternativesOf, commonParameter, parseParameter } from './parse-parameter.ts';
import { refusePending } from './refuse-pending.ts';
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

function step({ links, branches }: Walk, name: string): Walk {
  branches.count += 1;
  if (links >= maximumLinks) throw invalid(`${name.slice(0, 64)} has more than ${maximumLinks} links`, placeOf(name));
  if (branches.count > maximumBranches) {
    throw invalid(`${name.slice(0, 64)} leads to too many types: name them, as in subject:Patient.name`, placeOf(name));
  }
  return { links: links + 1, branches };
}

/** `subject:Patient.name`, `subject.name` */
function parseChain(text: CriterionText, scope: SearchScope, walk: Walk): Condition {
  const { path, name } = text;
  const dot = path.indexOf('.');
  const rest = path.slice(dot + 1);
  return chainThrough(linkOf(path.slice(0, dot), { ...text, rest }, scope), (type) =>
    parsePath({ ...text, types: [type], path: rest }, scope, step(walk, name)),
  );
}

/** `_has:Observation:patient:code` */
function parseHas(text: CriterionText, scope: SearchScope, walk: Walk): Condition {
  const { types, path, name } = text;
  const [, type = '', code = '', ...others] = path.split(':');
  refuseApart(type, name);
  const rest = others.join(':');
  const parameter = scope.registry.forType(type).get(code);
  if (parameter?.type !== 'reference' || rest === '') {
    throw refused(name, 'it is written _has:Type:reference:parameter');
  }
  refusePending(parameter, scope.registry);
  const leadsHere = targetTypesOf(parameter);
  const referred = types.filter((one) => leadsHere.includes(one));
  if (referred.length === 0) throw refused(name, `${type}:${code} does not refer to what is searched`);
  const ways = waysTo(referred, linkKindsOf([type], code, scope.shapes), scope);
  if (ways.length === 0) throw refused(name, `${type}:${code} refers to what has a canonical URL`);
  const condition = parsePath({ ...text, types: [type], path: rest }, scope, step(walk, name));
  return oneOf(ways.map(({ via, targets }) => ({ kind: 'has', type, code, via, types: targets, condition })));
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
