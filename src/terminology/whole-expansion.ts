/** Whether an expansion that stands in a ValueSet is all of it. Clients store pages, and what an expander cut short. https://hl7.org/fhir/R4/valueset.html#expansion */
import type { ValueSetExpansion, ValueSetExpansionContains } from 'fhir/r4.js';

const cutShort: ReadonlySet<string> = new Set([
  'http://hl7.org/fhir/StructureDefinition/valueset-unclosed',
  'http://hl7.org/fhir/StructureDefinition/valueset-toocostly',
]);

const countOf = (contains: readonly ValueSetExpansionContains[] = []): number =>
  contains.reduce((sum, one) => sum + (one.code === undefined ? 0 : 1) + countOf(one.contains), 0);

/** False where it says itself that something is missing. */
export function isWholeExpansion({
  total,
  offset = 0,
  contains,
  extension = [],
  parameter = [],
}: ValueSetExpansion): boolean {
  const isCut = extension.some(({ url, valueBoolean }) => cutShort.has(url) && valueBoolean !== false);
  const isFiltered = parameter.some(({ name }) => ['filter', 'limitedExpansion'].includes(name));
  return !isCut && !isFiltered && offset === 0 && (total === undefined || total <= countOf(contains));
}
