/** Number search. https://hl7.org/fhir/R4/search.html#number */
import { malformed } from '../malformed.ts';
import type { NumberComparison } from '../match.ts';
import { compareNumber, limitsRange } from '../number-range.ts';
import type { QueriedSearchType } from '../search-type.ts';
import { membersOf, numberOf, withoutExtension } from '../shapes.ts';
import { splitPrefix } from '../split-prefix.ts';
import { unescapeValue } from '../split-value.ts';

function parseNumber(text: string, name: string): NumberComparison {
  const [prefix, number] = splitPrefix(unescapeValue(text));
  const comparison = compareNumber(prefix, number);
  if (!comparison) throw malformed(name, 'a number, after a prefix if any');
  return comparison;
}

/** A number is indexed as it is, a Range by its limits. */
export const number: QueriedSearchType = {
  index(found, { key, elementType }, sink) {
    const value = withoutExtension(found, elementType);
    const exact = numberOf(value);
    if (exact !== undefined) return sink.number(key, exact, exact);
    const range = limitsRange(membersOf(value));
    if (range) sink.number(key, range.low, range.high);
  },

  parse: (alternatives, { name }) => ({
    kind: 'number',
    comparisons: alternatives.map((text) => parseNumber(text, name)),
  }),
};
