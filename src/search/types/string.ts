/** String search: the beginning of a value, or of any part of a name or address, in any case and with or without accents. https://hl7.org/fhir/R4/search.html#string */
import { fold } from '../fold.ts';
import { malformed } from '../malformed.ts';
import type { QueriedSearchType } from '../search-type.ts';
import { itemsOf, membersOf, withoutExtension } from '../shapes.ts';
import { unescapeValue } from '../split-value.ts';

/** What one searches a HumanName and an Address by; neither has a member of the other's with another meaning. */
const parts = [
  'text',
  'family',
  'given',
  'prefix',
  'suffix',
  'line',
  'city',
  'district',
  'state',
  'postalCode',
  'country',
];

function textsOf(value: unknown): readonly unknown[] {
  if (typeof value === 'string') return [value];
  const members = membersOf(value);
  return parts.flatMap((part) => itemsOf(members[part]));
}

export const string: QueriedSearchType = {
  index(value, { key, elementType }, sink) {
    for (const text of textsOf(withoutExtension(value, elementType))) {
      const folded = typeof text === 'string' ? fold(text) : '';
      if (folded !== '') sink.string(key, folded);
    }
  },

  parse(alternatives, { name }) {
    const prefixes = alternatives.map((text) => fold(unescapeValue(text)));
    if (prefixes.includes('')) throw malformed(name, 'more than space and accents');
    return { kind: 'string', prefixes };
  },
};
