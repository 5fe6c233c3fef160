/** Texts made to cost a regular expression time: what it nearly matches, one part of it repeated many times. https://owasp.org/www-community/attacks/Regular_expression_Denial_of_Service_-_ReDoS */
import fc from 'fast-check';

/** One of every kind of character that patterns tell apart. */
const characters: readonly string[] = [
  ...Array.from('aZe0.-+/=:;&<>()[]{}#_\\\'",* \t\n\u0000é\uffff'),
  'a ',
  '00.',
  'AAAA ',
  '" ',
  '\r\n',
];

/** What matches; nothing for patterns with parts that texts cannot be made for. */
function matches(pattern: RegExp): readonly string[] {
  try {
    const source = new RegExp(pattern.source, pattern.flags.replaceAll(/[gyi]/g, ''));
    return fc.sample(fc.stringMatching(source, { maxLength: 40 }), { numRuns: 3, seed: 1 });
  } catch {
    return [];
  }
}

/** `aXXXX…b` of `aXb`, for parts of one and two characters. */
function* pump(text: string, size: number): Generator<string> {
  for (const length of [1, 2]) {
    for (let start = 0; start + length <= Math.min(text.length, 12); start += length) {
      const pumped = text.slice(0, start) + text.slice(start, start + length).repeat(size / length);
      yield `${pumped}\u0000`;
      yield `${pumped + text.slice(start + length)}\u0000`;
    }
  }
}

/** Some fifty texts of this many characters, the same each time. */
export function* pumpedTexts(pattern: RegExp, size: number): Generator<string> {
  for (const piece of characters) yield `${piece.repeat(size / piece.length)}\u0000`;
  for (const text of new Set(matches(pattern))) yield* pump(text, size);
}
