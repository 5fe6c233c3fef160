/** URI search: exact, every character counts. https://hl7.org/fhir/R4/search.html#uri */
import { malformed } from '../malformed.ts';
import type { QueriedSearchType } from '../search-type.ts';
import { textOf } from '../shapes.ts';
import { unescapeValue } from '../split-value.ts';
import { storedUri } from '../stored-uri.ts';

/** Only a URL has levels; a name such as `urn:oid:1.2` has none. */
function parseUrl(text: string, name: string): string {
  const url = unescapeValue(text);
  if (!/^[a-z][a-z0-9+.-]*:\/\//i.test(url)) throw malformed(name, 'a URL with a path');
  return url.replace(/\/$/, '');
}

/** The index has more of a longer URL in one piece only when it is not very long. */
const longestAbove = 199;

function parseAbove(text: string, name: string): string {
  const url = parseUrl(text, name);
  if (url.length > longestAbove) throw malformed(name, `at most ${longestAbove} characters long`);
  return url;
}

/** The URL and what stands above it, down to its host. */
function withParents(url: string): readonly string[] {
  const [scheme = '', ...segments] = url.split('/');
  const host = 2;
  return segments
    .map((_segment, index) => [scheme, ...segments.slice(0, index + 1)].join('/'))
    .slice(host - 1)
    .flatMap((parent) => [parent, `${parent}/`]);
}

/** A canonical is found with its version and without. */
export const uri: QueriedSearchType = {
  index(value, { key, elementType, hash }, sink) {
    const text = textOf(value);
    if (text === undefined) return;
    sink.uri(key, storedUri(hash, text));
    const version = elementType === 'canonical' ? text.indexOf('|') : -1;
    if (version > 0) sink.uri(key, storedUri(hash, text.slice(0, version)));
  },

  parse(alternatives, { parameter, baseUrl = '' }) {
    const values = alternatives.map(unescapeValue);
    // R4 has profiles of this server be named by their type and id
    const isRelative = (value: string) => parameter.code === '_profile' && /^[A-Z]\w*\/[A-Za-z0-9.-]+$/.test(value);
    return { kind: 'uri', values: values.map((value) => (isRelative(value) ? `${baseUrl}/${value}` : value)) };
  },

  modifiers: {
    below: (alternatives, { name }) => ({
      kind: 'uriBelow',
      values: alternatives.map((text) => parseAbove(text, name)),
    }),
    above: (alternatives, { name }) => ({
      kind: 'uri',
      values: alternatives.flatMap((text) => withParents(parseUrl(text, name))),
    }),
  },
};
