/** String search: the beginning of a value, or of any part of a name or address, in any case and with or without accents. https://hl7.org/fhir/R4/search.html#string */
import { fold } from '../fold.ts';
import { exactKey } from '../keys.ts';
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

/** Reads texts to be found anywhere. Throws a FhirError 400. */
export function parseContains(alternatives: readonly string[], name: string): readonly string[] {
  const texts = alternatives.map((text) => fold(unescapeValue(text)));
  if (texts.includes('')) throw malformed(name, 'more than space and accents');
  return texts;
}

export const string: QueriedSearchType = {
  index(value, { key, elementType, hash, isComponent }, sink) {
    for (const text of textsOf(withoutExtension(value, elementType))) {
      if (typeof text !== 'string') continue;
      const folded = fold(text);
      if (folded === '') continue;
      sink.string(key, folded);
      if (!isComponent) sink.token(exactKey(hash, key, text));
    }
  },

  parse: (alternatives, { name }) => ({ kind: 'startsWith', texts: parseContains(alternatives, name) }),

  modifiers: {
    contains: (alternatives, { name }) => ({ kind: 'contains', texts: parseContains(alternatives, name) }),
    exact: (alternatives) => ({ kind: 'exact', values: alternatives.map(unescapeValue) }),
  },

  filterModifiers: {
    equals: (alternatives, { name }) => ({ kind: 'equals', texts: parseContains(alternatives, name) }),
    ends: (alternatives, { name }) => ({ kind: 'endsWith', texts: parseContains(alternatives, name) }),
  },
};
