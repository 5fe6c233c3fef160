/** Filters of a value set: which concepts of one code system they let through. https://hl7.org/fhir/R4/valueset-filter-operator.html */
import type { ValueSetComposeIncludeFilter } from 'fhir/r4.js';
import { compileSafePattern, longestMatchedText } from '../fhir/safe-pattern.ts';
import { type CodeSystemIndex, type Concept, propertyValue } from './code-system-index.ts';

export type ConceptTest = (concept: Concept, index: CodeSystemIndex) => boolean;

/** Of a concept: what R4 gives every system, or one of its own properties. */
function valuesOf(concept: Concept, property: string): readonly string[] {
  if (property === 'code' || property === 'concept') return [concept.code];
  if (property === 'display') return concept.display === undefined ? [] : [concept.display];
  if (property === 'parent') return concept.parents;
  if (property === 'child') return concept.children;
  const own = (concept.definition.property ?? []).filter(({ code }) => code === property);
  return own.flatMap((one) => propertyValue(one) ?? []);
}

const listOf = (value: string): ReadonlySet<string> => new Set(value.split(',').map((code) => code.trim()));

/** The test of a filter; undefined for an operator or pattern that cannot be applied. */
export function conceptTest({ property, op, value }: ValueSetComposeIncludeFilter): ConceptTest | undefined {
  switch (op) {
    case 'is-a':
      return ({ code }, index) => index.isA(code, value);
    case 'descendent-of':
      return ({ code }, index) => code !== value && index.isA(code, value);
    case 'is-not-a':
      return ({ code }, index) => !index.isA(code, value);
    case 'generalizes':
      return ({ code }, index) => index.isA(value, code);
    case '=':
      return (concept) => valuesOf(concept, property).includes(value);
    case 'exists':
      return (concept) => valuesOf(concept, property).length > 0 === (value === 'true');
    case 'in': {
      const list = listOf(value);
      return (concept) => valuesOf(concept, property).some((one) => list.has(one));
    }
    case 'not-in': {
      const list = listOf(value);
      return (concept) => !valuesOf(concept, property).some((one) => list.has(one));
    }
    case 'regex': {
      const pattern = compileSafePattern(value, 'whole');
      return (
        pattern &&
        ((concept) => valuesOf(concept, property).some((one) => one.length <= longestMatchedText && pattern.test(one)))
      );
    }
    default:
      return undefined;
  }
}
