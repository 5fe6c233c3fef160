/** What a value set itself calls a code. https://hl7.org/fhir/R4/valueset-definitions.html#ValueSet.compose.include.concept.display */
import type { ValueSet } from 'fhir/r4.js';
import type { CodedValue } from '../fhir/terminology.ts';

/** The display and designations of a code that the value set names with them; none for the others. */
export function displaysIn({ compose }: ValueSet, { system, code }: CodedValue): readonly string[] {
  const includes = (compose?.include ?? []).filter((include) => system === undefined || include.system === system);
  const named = includes.flatMap(({ concept = [] }) => concept.filter((one) => one.code === code));
  return named.flatMap(({ display, designation = [] }) => [
    ...(display === undefined ? [] : [display]),
    ...designation.map(({ value }) => value),
  ]);
}
