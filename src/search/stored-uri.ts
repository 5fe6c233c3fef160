/** URIs as the index holds them. An index row must stay below 2,700 bytes, and URIs have no limit. */
import type { Hash } from '../ports.ts';
import { firstCharacters } from './first-characters.ts';

/** UTF-16 units, of at most 3 bytes each. */
const longestUri = 500;

/** The URI itself, or of a long one its beginning and, after a space, which no URI has, the hash of all of it. */
export function storedUri(hash: Hash, uri: string): string {
  // U+0000 cannot be stored, and no URI holds one
  if (uri.length <= longestUri && !uri.includes('\u0000')) return uri;
  return `${firstCharacters(uri, 200).replaceAll('\u0000', '')} ${hash(uri)}`;
}
