/** Terminology out of the conformance resources at hand. https://hl7.org/fhir/R4/terminology-service.html */
import type { ValueSet } from 'fhir/r4.js';
import type { Conformance } from '../fhir/conformance.ts';
import type { CodedValue, Terminology } from '../fhir/terminology.ts';
import { type AlgorithmicSystem, createAlgorithmicSystems } from './algorithmic-systems.ts';
import { type CodeSystemIndex, type Concept, createCodeSystemIndexes } from './code-system-index.ts';
import { displaysIn } from './value-set-displays.ts';
import { createMatcher, type Matcher, type MatcherOptions } from './value-set-matcher.ts';

/** What the operations of terminology need beside what validation asks. */
export interface CodeSystems {
  /** The table of a code system, of a version if one is named; undefined when it is not known here. */
  indexOf(system: string, version?: string): CodeSystemIndex | undefined;
  /** A code system that is a rule, not a list; undefined for every other. */
  algorithmic(system: string): AlgorithmicSystem | undefined;
}

const canonicalOf = (url: string, version: string | undefined): string =>
  version === undefined ? url : `${url}|${version}`;

function displaysOf({ display, definition }: Concept): readonly string[] {
  const designations = (definition.designation ?? []).map(({ value }) => value);
  return display === undefined ? designations : [display, ...designations];
}

/** The matcher of a value set, made once for it. */
function createMatchers(sources: Omit<MatcherOptions, 'membership'>): (valueSet: ValueSet) => Matcher {
  const matchers = new WeakMap<ValueSet, Matcher>();

  // a value set within itself says nothing of a code that it does not name, and each is asked once
  const membership: MatcherOptions['membership'] = (canonical, coding, visited) => {
    const valueSet = sources.conformance.find('ValueSet', canonical);
    if (!valueSet) return 'unknown';
    const known = visited.get(valueSet);
    if (known) return known;
    visited.set(valueSet, 'unknown');
    const found = matcherOf(valueSet)(coding, visited);
    visited.set(valueSet, found);
    return found;
  };

  const matcherOf = (valueSet: ValueSet): Matcher => {
    const matcher = matchers.get(valueSet) ?? createMatcher(valueSet, { ...sources, membership });
    matchers.set(valueSet, matcher);
    return matcher;
  };
  return matcherOf;
}

/** Looks up everything in `conformance` when it is asked, and keeps what it works out as long as the resource object is the same. */
export function createTerminology(conformance: Conformance): Terminology & CodeSystems {
  const algorithmic = createAlgorithmicSystems();
  const indexes = createCodeSystemIndexes();

  const indexOf: CodeSystems['indexOf'] = (system, version) => {
    const codeSystem = conformance.find('CodeSystem', canonicalOf(system, version));
    return codeSystem && indexes(codeSystem);
  };

  const matcherOf = createMatchers({ conformance, indexOf, algorithmic });

  const conceptOf = ({ system, version, code }: CodedValue) =>
    system === undefined || code === undefined ? undefined : indexOf(system, version)?.find(code);

  /** What a rule makes may be called anything. */
  const systemDisplays = (coding: CodedValue): readonly string[] | undefined => {
    const { system = '', code = '' } = coding;
    const concept = conceptOf(coding);
    return concept ? displaysOf(concept) : algorithmic(system)?.find(code) && [];
  };

  return {
    indexOf,
    algorithmic,
    membership(canonical, coding) {
      const valueSet = conformance.find('ValueSet', canonical);
      return valueSet ? matcherOf(valueSet)(coding) : 'unknown';
    },
    displays(coding, canonical) {
      const valueSet = canonical === undefined ? undefined : conformance.find('ValueSet', canonical);
      const own = valueSet ? displaysIn(valueSet, coding) : [];
      const others = systemDisplays(coding);
      return own.length > 0 ? [...own, ...(others ?? [])] : others;
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
