/** Texts as words: letters and digits, folded like strings are. https://hl7.org/fhir/R4/search.html#content */
import { firstCharacters } from '../first-characters.ts';
import { foldLetters } from '../fold.ts';

/** Characters of a word that count; what is longer is seldom one. */
const longestWord = 64;
/** Marks are vowels in many scripts. */
const word = /[\p{L}\p{N}\p{M}]+/gu;

/** The words of a text, each as often as it stands there. Where a script puts no space between words, a run of letters is one. */
export function wordsOf(text: string): readonly string[] {
  const found = foldLetters(text).match(word) ?? [];
  return found.map((one) => (one.length > longestWord ? firstCharacters(one, longestWord) : one));
}
