/** Whether codes are in a value set, told without expanding it. https://hl7.org/fhir/R4/valueset.html#compositions */
import type {
  ValueSet,
  ValueSetCompose,
  ValueSetComposeInclude,
  ValueSetExpansion,
  ValueSetExpansionContains,
} from 'fhir/r4.js';
import type { Conformance } from '../fhir/conformance.ts';
import type { CodedValue, Membership } from '../fhir/terminology.ts';
import type { AlgorithmicSystem, AlgorithmicSystems } from './algorithmic-systems.ts';
import type { CodeSystemIndex } from './code-system-index.ts';
import { conceptTest, type ConceptTest } from './filters.ts';
import { isWholeExpansion } from './whole-expansion.ts';

export interface MatcherOptions {
  readonly conformance: Conformance;
  indexOf(system: string, version?: string): CodeSystemIndex | undefined;
  readonly algorithmic: AlgorithmicSystems;
  /** Value sets within value sets. */
  membership(valueSet: string, coding: CodedValue, visited: Visited): Membership;
}

/** What was found of a code on the way through value sets within value sets, `unknown` where that is still looked for. */
export type Visited = Map<ValueSet, Membership>;

export type Matcher = (coding: CodedValue, visited?: Visited) => Membership;

const truth = (isMember: boolean): Membership => (isMember ? 'member' : 'not-member');

/** Of a system as a whole: only a complete one can say that a code does not exist. */
function inSystem(
  { code = '', mayBeAbstract }: CodedValue,
  index: CodeSystemIndex | undefined,
  rule: AlgorithmicSystem | undefined,
): Membership {
  const concept = index?.find(code);
  if (concept) return truth(!concept.isAbstract || mayBeAbstract === true);
  if (index?.isComplete) return 'not-member';
  return rule ? truth(rule.find(code) !== undefined) : 'unknown';
}

function inFilters(
  { code = '', mayBeAbstract }: CodedValue,
  index: CodeSystemIndex | undefined,
  tests: readonly (ConceptTest | undefined)[],
): Membership {
  const concept = index?.find(code);
  if (!index || !concept) return index?.isComplete ? 'not-member' : 'unknown';
  if (tests.includes(undefined)) return 'unknown';
  if (concept.isAbstract && mayBeAbstract !== true) return 'not-member';
  return truth(tests.every((test) => test?.(concept, index)));
}

/** The codes of one system; the version of a filter or a whole system says which. */
function systemMatcher(
  { system, version, concept, filter = [] }: ValueSetComposeInclude,
  options: MatcherOptions,
): Matcher {
  const codes = concept && new Set(concept.map(({ code }) => code));
  const tests = filter.map(conceptTest);
  return (coding) => {
    const { code } = coding;
    if (code === undefined || system === undefined) return 'not-member';
    if (coding.system !== undefined && coding.system !== system) return 'not-member';
    if (codes) return truth(codes.has(code));
    const index = options.indexOf(system, version);
    return tests.length > 0 ? inFilters(coding, index, tests) : inSystem(coding, index, options.algorithmic(system));
  };
}

/** Member of all, or not of one; unknown when nobody can tell. */
export function allOf(memberships: readonly Membership[]): Membership {
  if (memberships.includes('not-member')) return 'not-member';
  return memberships.includes('unknown') ? 'unknown' : 'member';
}

export function anyOf(memberships: readonly Membership[]): Membership {
  if (memberships.includes('member')) return 'member';
  return memberships.includes('unknown') ? 'unknown' : 'not-member';
}

/** Value sets in one include are intersected with it. */
function includeMatcher(include: ValueSetComposeInclude, options: MatcherOptions): Matcher {
  const { system, valueSet = [] } = include;
  const ofSystem = system === undefined ? undefined : systemMatcher(include, options);
  if (valueSet.length === 0) return ofSystem ?? (() => 'not-member');
  return (coding, visited = new Map()) =>
    allOf([
      ...(ofSystem ? [ofSystem(coding)] : []),
      ...valueSet.map((canonical) => options.membership(canonical, coding, visited)),
    ]);
}

const keyOf = (system: string | undefined, code: string): string => `${system ?? ''}|${code}`;

function collect(contains: readonly ValueSetExpansionContains[], keys: Set<string>): void {
  for (const { system, code, abstract, contains: parts = [] } of contains) {
    if (code !== undefined && !abstract) keys.add(keyOf(system, code));
    // a `code` element says no system
    if (code !== undefined && !abstract) keys.add(`*|${code}`);
    collect(parts, keys);
  }
}

/** Of an expansion that is only a part, what it lacks may be in the value set all the same. */
function expansionMatcher(expansion: ValueSetExpansion): Matcher {
  const keys = new Set<string>();
  collect(expansion.contains ?? [], keys);
  const otherwise = isWholeExpansion(expansion) ? 'not-member' : 'unknown';
  return ({ system, code = '' }) =>
    keys.has(system === undefined ? `*|${code}` : keyOf(system, code)) ? 'member' : otherwise;
}

/** Retired codes, where the value set leaves them out. */
function isInactive({ system, code = '' }: CodedValue, { include }: ValueSetCompose, options: MatcherOptions): boolean {
  const systems = system === undefined ? include.map((one) => one.system) : [system];
  return systems.some((one) => one !== undefined && options.indexOf(one)?.find(code)?.isInactive === true);
}

/** Made once for a ValueSet; the code systems are looked up anew each time, because they may be stored later. An expansion that stands in the ValueSet is believed, as far as it is whole. */
export function createMatcher(valueSet: ValueSet, options: MatcherOptions): Matcher {
  const { compose, expansion } = valueSet;
  if (expansion?.contains && (!compose || isWholeExpansion(expansion))) return expansionMatcher(expansion);
  if (!compose) return () => 'unknown';
  const matcher = composeMatcher(compose, options);
  if (compose.inactive !== false) return matcher;
  return (coding, visited) => (isInactive(coding, compose, options) ? 'not-member' : matcher(coding, visited));
}

function composeMatcher(compose: ValueSetCompose, options: MatcherOptions): Matcher {
  const includes = compose.include.map((include) => includeMatcher(include, options));
  const excludes = (compose.exclude ?? []).map((exclude) => includeMatcher(exclude, options));
  const [only] = includes;
  if (includes.length === 1 && excludes.length === 0 && only) return only;
  return (coding, visited) => {
    const included = anyOf(includes.map((include) => include(coding, visited)));
    if (included === 'not-member' || excludes.length === 0) return included;
    const excluded = anyOf(excludes.map((exclude) => exclude(coding, visited)));
    if (excluded === 'member') return 'not-member';
    return excluded === 'unknown' ? 'unknown' : included;
  };
}
