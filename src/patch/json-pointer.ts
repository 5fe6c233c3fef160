/** JSON Pointer: the path of a JSON Patch operation. https://www.rfc-editor.org/rfc/rfc6901 */
import type { LosslessValue } from '../json/lossless.ts';
import { inapplicable, malformed } from './patch-fault.ts';

/** The decoded reference tokens; none for the whole document. */
export type JsonPointer = readonly string[];

/** Resources have at most 64 levels, so a longer pointer leads nowhere. */
const maximumTokens = 64;

/** Reads a pointer; anything but `""` or `/token/token` with `~0` and `~1` as the only escapes is malformed. */
export function parsePointer(text: unknown, member: 'path' | 'from'): JsonPointer {
  if (typeof text !== 'string') throw malformed(`${member} must be a string`);
  if (text === '') return [];
  if (!text.startsWith('/')) throw malformed(`${member} must be empty or begin with a slash`);
  if (/~(?![01])/.test(text)) throw malformed(`${member} has a tilde that is neither ~0 nor ~1`);
  const tokens = text.slice(1).split('/');
  if (tokens.length > maximumTokens) throw malformed(`${member} has more than ${maximumTokens} levels`);
  return tokens.map((token) => token.replaceAll('~1', '/').replaceAll('~0', '~'));
}

/** True when `pointer` leads to something inside of what `ancestor` leads to. */
export function isInside(pointer: JsonPointer, ancestor: JsonPointer): boolean {
  return pointer.length > ancestor.length && ancestor.every((token, level) => pointer[level] === token);
}

/** The index that a token names in an array whose valid indexes are those below `bound`. */
export function readIndex(token: string, bound: number): number {
  if (!/^(?:0|[1-9]\d{0,8})$/.test(token)) throw inapplicable('an array is indexed by a number without leading zeros');
  const index = Number(token);
  if (index >= bound) throw inapplicable('the index is beyond the end of the array');
  return index;
}

/** The member or item that one token names. */
export function child(value: LosslessValue, token: string): LosslessValue {
  if (Array.isArray(value)) return value[readIndex(token, value.length)] as LosslessValue;
  const member = value instanceof Map ? value.get(token) : undefined;
  if (member === undefined) throw inapplicable('the path leads to nothing', 'not-found');
  return member;
}
