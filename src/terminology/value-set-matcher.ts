/** Whether codes are in a value set, told without expanding it. https://hl7.org/fhir/R4/valueset.html#compositions */
import type { ValueSet, ValueSetComposeInclude, ValueSetExpansionContains } from 'fhir/r4.js';
import type { Conformance } from '../fhir/conformance.ts';
import type { CodedValue, Membership } from '../fhir/terminology.ts';
import type { AlgorithmicSystem, AlgorithmicSystems } from './algorithmic-systems.ts';
import type { CodeSystemIndex } from './code-system-index.ts';
import { conceptTest, type ConceptTest } from './filters.ts';

export interface MatcherOptions {
  readonly conformance: Conformance;
  indexOf(system: string, version?: string): CodeSystemIndex | undefined;
  readonly algorithmic: AlgorithmicSystems;
  /** Value sets within value sets. */
  membership(valueSet: string, coding: CodedValue, depth: number): Membership;
}

export type Matcher = (coding: CodedValue, depth: number) => Membership;

const truth = (isMember: boolean): Membership => (isMember ? 'member' : 'not-member');

/** Of a system as a whole: only a complete one can say that a code does not exist. */
function inSystem(code: string, index: CodeSystemIndex | undefined, rule: AlgorithmicSystem | undefined): Membership {
  const concept = index?.find(code);
  if (concept) return truth(!concept.isAbstract);
  if (index?.isComplete) return 'not-member';
  return rule ? truth(rule.find(code) !== undefined) : 'unknown';
}

function inFilters(
  code: string,
  index: CodeSystemIndex | undefined,
  tests: readonly (ConceptTest | undefined)[],
): Membership {
  const concept = index?.find(code);
  if (!index || !concept) return index?.isComplete ? 'not-member' : 'unknown';
  if (tests.includes(undefined)) return 'unknown';
  if (concept.isAbstract) return 'not-member';
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
    return tests.length > 0 ? inFilters(code, index, tests) : inSystem(code, index, options.algorithmic(system));
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
  return (coding, depth) =>
    allOf([
      ...(ofSystem ? [ofSystem(coding, depth)] : []),
      ...valueSet.map((canonical) => options.membership(canonical, coding, depth + 1)),
    ]);
}

const keyOf = (system: string | undefined, code: string): string => `${system ?? ''}|${code}`;

function collect(contains: readonly ValueSetExpansionContains[], keys: Set<string>): void {
  for (const { system, code, abstract, contains: parts = [] } of contains) {
    if (code !== undefined && !abstract) {
      keys.add(keyOf(system, code));
      // a `code` element says no system
      keys.add(keyOf(undefined, code));
    }
    collect(parts, keys);
  }
}

function expansionMatcher(contains: readonly ValueSetExpansionContains[]): Matcher {
  const keys = new Set<string>();
  collect(contains, keys);
  return ({ system, code }) => truth(code !== undefined && keys.has(keyOf(system, code)));
}

/** Made once for a ValueSet; the code systems are looked up anew each time, because they may be stored later. An expansion that stands in the ValueSet is believed. */
export function createMatcher({ compose, expansion }: ValueSet, options: MatcherOptions): Matcher {
  if (expansion?.contains) return expansionMatcher(expansion.contains);
  if (!compose) return () => 'unknown';
  const includes = compose.include.map((include) => includeMatcher(include, options));
  const excludes = (compose.exclude ?? []).map((exclude) => includeMatcher(exclude, options));
  const [only] = includes;
  if (includes.length === 1 && excludes.length === 0 && only) return only;
  return (coding, depth) => {
    const included = anyOf(includes.map((include) => include(coding, depth)));
    if (included === 'not-member' || excludes.length === 0) return included;
    const excluded = anyOf(excludes.map((exclude) => exclude(coding, depth)));
    if (excluded === 'member') return 'not-member';
    return excluded === 'unknown' ? 'unknown' : included;
  };
}
