/** Number search. https://hl7.org/fhir/R4/search.html#number */
import type { Hash } from '../../ports.ts';
import { aspectKey } from '../keys.ts';
import { malformed } from '../malformed.ts';
import type { NumberComparison } from '../match.ts';
import { compareNumber, limitsRange, type NumberRange } from '../number-range.ts';
import type { IndexSink, QueriedSearchType } from '../search-type.ts';
import { membersOf, numberOf, withoutExtension } from '../shapes.ts';
import { splitPrefix } from '../split-prefix.ts';
import { unescapeValue } from '../split-value.ts';

/** A range is kept twice, so that what overlaps a number is found without reading all that is smaller. */
export function addNumber({ low, high }: NumberRange, key: string, hash: Hash, sink: IndexSink): void {
  sink.number(key, low, high);
  if (low < high) sink.number(aspectKey(hash, key, 'wide'), low, high);
}

/** Reads a prefix and a number. Throws a FhirError 400. */
export function parseNumber(text: string, name: string): NumberComparison {
  const [prefix, number] = splitPrefix(unescapeValue(text));
  const comparison = compareNumber(prefix, number);
  if (!comparison) throw malformed(name, 'a number, after a prefix if any');
  return comparison;
}

/** A number is indexed as it is, a Range by its limits. */
export const number: QueriedSearchType = {
  index(found, { key, elementType, hash }, sink) {
    const value = withoutExtension(found, elementType);
    const exact = numberOf(value);
    if (exact !== undefined) return sink.number(key, exact, exact);
    const range = limitsRange(membersOf(value));
    if (range) addNumber(range, key, hash, sink);
  },

  parse: (alternatives, { name }) => ({
    kind: 'number',
    comparisons: alternatives.map((text) => parseNumber(text, name)),
  }),
};
