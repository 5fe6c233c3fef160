/** URI search: exact, every character counts. https://hl7.org/fhir/R4/search.html#uri */
import type { QueriedSearchType } from '../search-type.ts';
import { textOf } from '../shapes.ts';
import { unescapeValue } from '../split-value.ts';
import { storedUri } from '../stored-uri.ts';

/** A canonical is found with its version and without. */
export const uri: QueriedSearchType = {
  index(value, { key, elementType, hash }, sink) {
    const text = textOf(value);
    if (text === undefined) return;
    sink.uri(key, storedUri(hash, text));
    const version = elementType === 'canonical' ? text.indexOf('|') : -1;
    if (version > 0) sink.uri(key, storedUri(hash, text.slice(0, version)));
  },

  parse: (alternatives) => ({ kind: 'uri', values: alternatives.map(unescapeValue) }),
};
