/** From the parameters of a request to what is searched for. What is not understood is refused, never passed over in silence. https://hl7.org/fhir/R4/search.html */
import { invalid } from '../fhir/fhir-error.ts';
import { malformed, refused } from './malformed.ts';
import { parseCriterion } from './parse-criterion.ts';
import type { SearchParameters } from './parameters.ts';
import { defaultShaping, refusedParameters, resultParameters, type Shaping } from './result-parameters.ts';
import type { Criterion, SearchQuery } from './search-query.ts';
import { splitValue } from './split-value.ts';

const maximumParameters = 200;
/** Of all parameters together: each takes a few of the 65,535 places that a statement of PostgreSQL has for values. */
const maximumAlternatives = 1_000;
/** UTF-16 units. */
const longestValue = 8_192;

export interface SearchInput {
  readonly type: string;
  /** Decoded, in the order they came. */
  readonly parameters: readonly (readonly [name: string, value: string])[];
  readonly registry: SearchParameters;
  /** `lenient` ignores parameters that are not known, and those only. */
  readonly handling?: 'strict' | 'lenient';
  /** Of this server, without a slash at the end. */
  readonly baseUrl?: string;
  /** What `ap` measures from; the present by default. */
  readonly now?: Date;
}

/** A parameter as the client wrote it, and what its name says. */
interface Named {
  readonly name: string;
  readonly value: string;
  readonly code: string;
  readonly modifier?: string;
}

function readName([name, value]: readonly [string, string]): Named {
  const colon = name.indexOf(':');
  if (colon < 0) return { name, value, code: name };
  return { name, value, code: name.slice(0, colon), modifier: name.slice(colon + 1) };
}

function checkValue({ name, value }: Named): void {
  if (value === '') throw malformed(name, 'given');
  if (value.length > longestValue) throw malformed(name, `at most ${longestValue} characters long`);
  if (value.includes('\u0000')) throw malformed(name, 'text without U+0000');
}

function checkAlternatives(given: readonly Named[]): void {
  const criteria = given.filter(({ code }) => !resultParameters.has(code));
  const alternatives = criteria.reduce((count, { value }) => count + splitValue(value, ',').length, 0);
  if (alternatives > maximumAlternatives) {
    throw invalid(`A search has at most ${maximumAlternatives} alternatives in all its parameters`, 'http');
  }
}

function refuseRepetition(given: readonly Named[]): void {
  const seen = new Set<string>();
  for (const { name, code } of given) {
    if (seen.has(code) && resultParameters.get(code)?.repeats !== true) throw malformed(name, 'given once');
    if (resultParameters.has(code)) seen.add(code);
  }
}

function readShaping(given: readonly Named[], { type, registry }: SearchInput): Shaping {
  refuseRepetition(given);
  return given.reduce(
    (shaping, { name, value, code, modifier }) => {
      const parameter = resultParameters.get(code);
      if (!parameter) return shaping;
      if (modifier !== undefined) throw refused(name, `${code} takes no modifier here`);
      return Object.assign(shaping, parameter.read(value, shaping, { type, registry, name }));
    },
    { ...defaultShaping },
  );
}

/** Parameters of R4 that this server has not are refused even when the client would have unknown ones ignored: they would have left much out. */
function refuseUnsupported({ name, code }: Named): void {
  const reason = refusedParameters.get(code);
  if (reason !== undefined) throw refused(name, reason);
  if (name.includes('.')) throw refused(name, 'chains are not searched');
}

/** The parameters that are known; in strict handling an unknown one is refused. */
function knownOf({ type, parameters, registry, handling = 'strict' }: SearchInput): readonly Named[] {
  const codes = registry.forType(type);
  return parameters.map(readName).filter((named) => {
    refuseUnsupported(named);
    const isKnown = resultParameters.has(named.code) || codes.has(named.code);
    if (!isKnown && handling === 'strict') throw refused(named.name, `no search parameter of ${type} has this name`);
    if (isKnown) checkValue(named);
    return isKnown;
  });
}

function readCriteria(
  given: readonly Named[],
  { type, registry, baseUrl, now = new Date() }: SearchInput,
): Criterion[] {
  const codes = registry.forType(type);
  return given.flatMap(({ name, value, code, modifier }) => {
    const parameter = resultParameters.has(code) ? undefined : codes.get(code);
    if (!parameter) return [];
    const context = { parameter, name, now, ...(modifier !== undefined && { modifier }) };
    return [parseCriterion(value, { ...context, ...(baseUrl !== undefined && { baseUrl }) })];
  });
}

/** The page size that was applied can be smaller than the one asked for. */
function appliedOf(given: readonly Named[], { count }: Shaping): SearchQuery['applied'] {
  const applied = given.filter(({ code }) => code !== '_cursor');
  return applied.map(({ name, value, code }) => [name, code === '_count' ? String(count) : value]);
}

/** Understands a search of one resource type. Throws a FhirError 400 that names the parameter that is unknown, unsupported or malformed. */
export function parseSearch(input: SearchInput): SearchQuery {
  const { type, parameters } = input;
  if (parameters.length > maximumParameters)
    throw invalid(`A search has at most ${maximumParameters} parameters`, 'http');
  const given = knownOf(input);
  checkAlternatives(given);
  const known = new Set(given.map(({ name }) => name));
  const shaping = readShaping(given, input);
  return {
    type,
    criteria: readCriteria(given, input),
    ...shaping,
    applied: appliedOf(given, shaping),
    ignored: [...new Set(parameters.map(([name]) => name).filter((name) => !known.has(name)))],
  };
}
