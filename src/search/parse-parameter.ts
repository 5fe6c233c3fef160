/** One search parameter on the resource itself: `code`, `code:modifier` and the value. https://hl7.org/fhir/R4/search.html#parameters */
import type { SearchParameter } from '../fhir/search-parameter.ts';
import type { Condition } from './condition.ts';
import { malformed, refused } from './malformed.ts';
import type { Direction, Match } from './match.ts';
import { parseComposite } from './parse-composite.ts';
import { parseCoded } from './parse-coded.ts';
import { parseHierarchy } from './parse-hierarchy.ts';
import { refusePending } from './refuse-pending.ts';
import type { SearchScope } from './search-scope.ts';
import type { ParseContext } from './search-type.ts';
import { splitValue } from './split-value.ts';
import { versionedUrls } from './versioned-url.ts';
import { searchTypes } from './types/index.ts';
import { isFullTextCode, isIndexed } from './words/full-text.ts';
import { parseWords } from './words/parse-words.ts';
import { parseTyped, targetTypesOf } from './types/reference.ts';
import { isCaseless } from './types/token.ts';

const maximumAlternatives = 500;

/** What is being read: the value of a parameter that all of the types have. */
export interface Given {
  readonly types: readonly string[];
  readonly code: string;
  readonly modifier?: string;
  readonly value: string;
  /** As the client wrote it, for error messages. */
  readonly name: string;
  warn(diagnostics: string): void;
}

export function alternativesOf(value: string, name: string): readonly string[] {
  const alternatives = splitValue(value, ',');
  if (alternatives.includes('')) throw malformed(name, 'complete; no alternative may be empty');
  if (alternatives.length > maximumAlternatives) throw malformed(name, `at most ${maximumAlternatives} alternatives`);
  return alternatives;
}

/** The parameter, if all types have it, and the same. */
export function commonParameter(
  types: readonly string[],
  code: string,
  { registry, fullText }: SearchScope,
): SearchParameter | undefined {
  const [first, ...others] = types.map((type) => registry.forType(type).get(code));
  if (!others.every((other) => other !== undefined && other.type === first?.type)) return undefined;
  // what is not indexed at all is refused for good, elsewhere
  const isOff = isFullTextCode(code) && !isIndexed(code, fullText);
  if (first && !isOff) refusePending(first, registry);
  return first;
}

const isColumn = ({ code }: SearchParameter): boolean => code === '_id' || code === '_lastUpdated';

const codedModifiers: ReadonlySet<string> = new Set(['in', 'not-in', 'above', 'below']);

function parseFullText(alternatives: readonly string[], context: ParseContext, { fullText }: SearchScope): Match {
  const { parameter, name } = context;
  if (isFullTextCode(parameter.code) && isIndexed(parameter.code, fullText)) return parseWords(alternatives, context);
  throw refused(name, 'this server indexes no such words; VESTA_FULL_TEXT=content has it do so');
}

function parsePlain(alternatives: readonly string[], context: ParseContext, scope: SearchScope): Match {
  const { parameter, name } = context;
  if (parameter.type === 'composite') return parseComposite(alternatives, context, scope);
  if (isFullTextCode(parameter.code)) return parseFullText(alternatives, context, scope);
  const searchType = searchTypes[parameter.type];
  if (!searchType || !(parameter.expression || parameter.code === '_id')) {
    throw refused(name, 'nothing is indexed for it');
  }
  return searchType.parse(alternatives, context);
}

function parseModified(modifier: string, alternatives: readonly string[], context: ParseContext): Match {
  const { parameter, name } = context;
  const searchType = searchTypes[parameter.type];
  const read =
    searchType?.modifiers?.[modifier] ?? (name === '_filter' ? searchType?.filterModifiers?.[modifier] : undefined);
  if (read && !isColumn(parameter)) return read(alternatives, context);
  if (parameter.type === 'reference' && targetTypesOf(parameter).includes(modifier)) {
    return { kind: 'reference', targets: parseTyped(alternatives, modifier, name) };
  }
  throw refused(name, `a ${parameter.type} parameter has no such modifier here`);
}

const isDirection = (modifier: string): modifier is Direction => modifier === 'above' || modifier === 'below';

function isMissing(value: string, name: string): boolean {
  if (value !== 'true' && value !== 'false') throw malformed(name, 'true or false');
  return value === 'true';
}

/** Each half of a versioned URL is read as the parameter that it is a value of. */
function parseVersioned(given: Given, alternatives: readonly string[], scope: SearchScope): readonly Condition[] {
  const { types, name, warn } = given;
  const read = (code: string, value: string): readonly Condition[] => {
    const parameter = commonParameter(types, code, scope);
    return parameter ? [parseParameter({ types, code, value, name, warn }, parameter, scope)] : [];
  };
  return versionedUrls(given, alternatives, scope).map(({ url, version }) => ({
    kind: 'all',
    conditions: [...read('url', url), ...read('version', version)],
  }));
}

/** Reads the value by the type of the parameter and the modifier. Throws a FhirError 400 that names the parameter. */
export function parseParameter(given: Given, parameter: SearchParameter, scope: SearchScope): Condition {
  const { types, code, modifier, value, name, warn } = given;
  const [type = ''] = types;
  const isSingle = types.length === 1 && scope.shapes.isSingle(type, parameter);
  const condition = (match: Match): Condition => ({
    kind: 'parameter',
    types,
    code,
    parameterType: parameter.type,
    match,
    isSingle,
  });
  if (modifier !== undefined && isFullTextCode(code)) throw refused(name, 'it has no modifiers');
  if (modifier === 'missing' && !isColumn(parameter) && parameter.type !== 'composite') {
    const present = condition({ kind: 'present' });
    return isMissing(value, name) ? { kind: 'not', condition: present } : present;
  }
  const alternatives = alternativesOf(value, name);
  const { now, canonicalUnit, baseUrl } = scope;
  const context: ParseContext = {
    parameter,
    name,
    now,
    canonicalUnit,
    warn,
    ...(parameter.type === 'token' && {
      isCaseless: types.every((one) => isCaseless(scope.shapes.typesOf(one, code))),
    }),
    ...(baseUrl !== undefined && { baseUrl }),
  };
  if (modifier === undefined) {
    const plain = condition(parsePlain(alternatives, context, scope));
    const versioned = parseVersioned(given, alternatives, scope);
    return versioned.length === 0 ? plain : { kind: 'any', conditions: [plain, ...versioned] };
  }
  if (parameter.type === 'reference' && isDirection(modifier)) {
    return condition(parseHierarchy(alternatives, { ...context, types, direction: modifier }, scope));
  }
  if (parameter.type !== 'token') return condition(parseModified(modifier, alternatives, context));
  if (modifier === 'not') return { kind: 'not', condition: condition(parsePlain(alternatives, context, scope)) };
  if (!codedModifiers.has(modifier) || isColumn(parameter))
    return condition(parseModified(modifier, alternatives, context));
  const match = condition(parseCoded(modifier, alternatives, context, scope));
  return modifier === 'not-in' ? { kind: 'not', condition: match } : match;
}
