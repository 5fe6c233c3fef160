/** From the parameters of a request to what is searched for. What is not understood is refused, never passed over in silence. https://hl7.org/fhir/R4/search.html */
import { invalid } from '../fhir/fhir-error.ts';
import type { Issue } from '../fhir/issue.ts';
import { isKnown } from './chain-link.ts';
import type { Condition } from './condition.ts';
import { isCutShort, type NamedCriterion } from './chain-depth.ts';
import { checkContained } from './contained.ts';
import { joinChains } from './join-chains.ts';
import { filterCondition } from './filter/filter-condition.ts';
import { malformed, placeOf, refused } from './malformed.ts';
import { parseCriterion } from './parse-criterion.ts';
import { refusedParameters, resultParameters } from './result-parameters.ts';
import { defaultShaping, type Shaping } from './shaping.ts';
import { refuseUntilIndexed } from './refuse-pending.ts';
import type { SearchQuery } from './search-query.ts';
import type { SearchScope } from './search-scope.ts';
import { splitValue } from './split-value.ts';

const maximumParameters = 200;
/** Of all parameters together: each takes a few of the 65,535 places that a statement of PostgreSQL has for values. */
const maximumAlternatives = 1_000;
/** UTF-16 units. */
const longestValue = 8_192;

export interface SearchInput {
  /** One type, or several of the whole system. */
  readonly types: readonly string[];
  /** Decoded, in the order they came. */
  readonly parameters: readonly (readonly [name: string, value: string])[];
  readonly scope: SearchScope;
  /** `lenient` ignores parameters that are not known, and those only. */
  readonly handling?: 'strict' | 'lenient';
  /** What the URL asks beside its parameters, such as a compartment. */
  readonly within?: readonly Condition[];
}

/** A parameter as the client wrote it, and what its name begins with. */
interface Named {
  readonly name: string;
  readonly value: string;
  readonly code: string;
}

function readName([name, value]: readonly [string, string]): Named {
  return { name, value, code: /^[^:.]*/.exec(name)?.[0] ?? name };
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

/** `_summary=count` outdoes the size of a page, wherever it stands. */
const countFirst = (given: readonly Named[]): readonly Named[] => [
  ...given.filter(({ code }) => code === '_count'),
  ...given.filter(({ code }) => code !== '_count'),
];

/** R4 has a narrative go without what it refers to. */
function refuseMixture({ subset, includes, revincludes }: Shaping): void {
  const isText = subset?.kind === 'summary' && subset.mode === 'text';
  if (isText && includes.length + revincludes.length > 0)
    throw malformed('_summary', 'something else than text beside _include and _revinclude');
}

function readShaping(given: readonly Named[], { types, scope }: SearchInput): Shaping {
  refuseRepetition(given);
  const shaping = countFirst(given).reduce(
    (shaping, { name, value, code }) => {
      const parameter = resultParameters.get(code);
      if (!parameter) return shaping;
      const modifier = name.slice(code.length);
      if (modifier !== '' && parameter.modifiers?.includes(modifier) !== true)
        throw refused(name, `${code} takes no such modifier`);
      return Object.assign(shaping, parameter.read(value, shaping, { types, scope, name }));
    },
    { ...defaultShaping },
  );
  refuseMixture(shaping);
  return shaping;
}

/** Parameters of R4 that this server has not are refused even when the client would have unknown ones ignored: they would have left much out. */
function refuseUnsupported({ name, code }: Named): void {
  const reason = refusedParameters.get(code);
  if (reason !== undefined) throw refused(name, reason);
}

/** The parameters that are known; in strict handling an unknown one is refused. */
function knownOf({ types, parameters, scope, handling = 'strict' }: SearchInput): readonly Named[] {
  return parameters.map(readName).filter((named) => {
    refuseUnsupported(named);
    const known = resultParameters.has(named.code) || isKnown(named.name, types, scope);
    if (!known && handling === 'strict') {
      const whose = types.length === 1 ? types[0] : 'all types that are searched';
      throw refused(named.name, `no search parameter of ${whose} has this name`);
    }
    if (known) checkValue(named);
    return known;
  });
}

/** The page size that was applied can be smaller than the one asked for. */
function appliedOf(given: readonly Named[], { count }: Shaping): SearchQuery['applied'] {
  const applied = given.filter(({ code }) => code !== '_cursor');
  return applied.map(({ name, value, code }) => [name, code === '_count' ? String(count) : value]);
}

function ignoredOf(parameters: SearchInput['parameters'], given: readonly Named[]): Issue[] {
  const known = new Set(given.map(({ name }) => name));
  const ignored = new Set(parameters.map(([name]) => name).filter((name) => !known.has(name)));
  return [...ignored].map((name) => ({
    severity: 'warning',
    code: 'not-supported',
    diagnostics: `The parameter ${name.slice(0, 64)} was ignored`,
  }));
}

function warnOfChain({ name, condition }: NamedCriterion): readonly Issue[] {
  if (!isCutShort(condition)) return [];
  const diagnostics = `${name.slice(0, 64)} does not look into contained resources along all of its links`;
  return [{ severity: 'warning', code: 'incomplete', diagnostics, expression: [placeOf(name)] }];
}

/** Understands a search. Throws a FhirError 400 that names the parameter that is unknown, unsupported or malformed. */
export function parseSearch(input: SearchInput): SearchQuery {
  refuseUntilIndexed(input.scope.registry);
  const { types, parameters, scope, within = [] } = input;
  if (parameters.length > maximumParameters)
    throw invalid(`A search has at most ${maximumParameters} parameters`, 'http');
  const given = knownOf(input);
  checkAlternatives(given);
  const warnings = ignoredOf(parameters, given);
  const criteria = given
    .filter(({ code }) => !resultParameters.has(code))
    .map(({ name, value }): NamedCriterion => {
      const warn = (diagnostics: string) => {
        warnings.push({ severity: 'warning', code: 'not-supported', diagnostics, expression: [placeOf(name)] });
      };
      if (name === '_filter') return { name, condition: filterCondition(value, { types, warn }, scope) };
      return { name, condition: parseCriterion({ types, path: name, value, name, warn }, scope) };
    });
  warnings.push(...criteria.flatMap(warnOfChain));
  const shaping = readShaping(given, input);
  const inUrl = within.map((condition): NamedCriterion => ({ name: '_contained', condition }));
  checkContained(shaping, [...inUrl, ...criteria], scope.registry);
  return {
    types,
    criteria: joinChains([...within, ...criteria.map(({ condition }) => condition)]),
    ...shaping,
    applied: appliedOf(given, shaping),
    warnings,
  };
}
