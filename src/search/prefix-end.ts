/** Where texts with a common beginning end, in the order of code points. */

const lastCodePoint = 0x10ffff;

/** Surrogates are no characters of their own. */
const following = (codePoint: number): number => (codePoint === 0xd7ff ? 0xe000 : codePoint + 1);

/** The least text that is greater than all that begin with `prefix`; undefined when there is none. */
export function prefixEnd(prefix: string): string | undefined {
  const codePoints = Array.from(prefix, (character) => character.codePointAt(0) ?? 0);
  const index = codePoints.findLastIndex((codePoint) => codePoint < lastCodePoint);
  const last = codePoints[index];
  return last === undefined ? undefined : String.fromCodePoint(...codePoints.slice(0, index), following(last));
}
