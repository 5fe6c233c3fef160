/** Terminology out of the conformance resources at hand. https://hl7.org/fhir/R4/terminology-service.html */
import type { ValueSet } from 'fhir/r4.js';
import type { Conformance } from '../fhir/conformance.ts';
import type { CodedValue, Membership, Terminology } from '../fhir/terminology.ts';
import { type AlgorithmicSystem, createAlgorithmicSystems } from './algorithmic-systems.ts';
import { type CodeSystemIndex, createCodeSystemIndexes } from './code-system-index.ts';
import { createMatcher, type Matcher, type MatcherOptions } from './value-set-matcher.ts';

/** Value sets of value sets of value sets: more than this goes in a circle. */
const maximumDepth = 20;

/** What the operations of terminology need beside what validation asks. */
export interface CodeSystems {
  /** The table of a code system, of a version if one is named; undefined when it is not known here. */
  indexOf(system: string, version?: string): CodeSystemIndex | undefined;
  /** A code system that is a rule, not a list; undefined for every other. */
  algorithmic(system: string): AlgorithmicSystem | undefined;
}

const canonicalOf = (url: string, version: string | undefined): string =>
  version === undefined ? url : `${url}|${version}`;

/** Looks up everything in `conformance` when it is asked, and keeps what it works out as long as the resource object is the same. */
export function createTerminology(conformance: Conformance): Terminology & CodeSystems {
  const algorithmic = createAlgorithmicSystems();
  const indexes = createCodeSystemIndexes();
  const matchers = new WeakMap<ValueSet, Matcher>();

  const indexOf: CodeSystems['indexOf'] = (system, version) => {
    const codeSystem = conformance.find('CodeSystem', canonicalOf(system, version));
    return codeSystem && indexes(codeSystem);
  };

  const membership = (canonical: string, coding: CodedValue, depth: number): Membership => {
    const valueSet = depth < maximumDepth ? conformance.find('ValueSet', canonical) : undefined;
    if (!valueSet) return 'unknown';
    const matcher = matchers.get(valueSet) ?? createMatcher(valueSet, options);
    matchers.set(valueSet, matcher);
    return matcher(coding, depth);
  };

  const options: MatcherOptions = { conformance, indexOf, algorithmic, membership };

  const conceptOf = ({ system, version, code }: CodedValue) =>
    system === undefined || code === undefined ? undefined : indexOf(system, version)?.find(code);

  // what a rule makes may be called anything
  const algorithmicDisplays = ({ system = '', code = '' }: CodedValue): readonly string[] | undefined =>
    algorithmic(system)?.find(code) ? [] : undefined;

  return {
    indexOf,
    algorithmic,
    membership: (valueSet, coding) => membership(valueSet, coding, 0),
    displays(coding) {
      const concept = conceptOf(coding);
      if (!concept) return algorithmicDisplays(coding);
      const designations = (concept.definition.designation ?? []).map(({ value }) => value);
      return concept.display === undefined ? designations : [concept.display, ...designations];
    },
    isUnknownCode({ system, version, code }) {
      if (system === undefined || code === undefined) return false;
      const index = indexOf(system, version);
      if (index?.find(code)) return false;
      if (index?.isComplete) return true;
      const rule = algorithmic(system);
      return rule !== undefined && !rule.find(code);
    },
  };
}
