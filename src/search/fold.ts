/** Strings as they are compared: without regard to case, accents and width, and to how much white space there is. https://hl7.org/fhir/R4/search.html#string */
import { firstCharacters } from './first-characters.ts';

/**
 * Code points of a value that are kept: at most 1,600 bytes, for an index row must stay below 2,700. What a client asks for
 * is cut in the same way, so longer values match by their first 400 characters.
 */
export const longestString = 400;

/** Combining marks of the Latin, Greek and Cyrillic scripts, and the optional vowel signs of Hebrew and Arabic. Other scripts' marks are letters of their words. */
const accents =
  /[\u0300-\u036f]|[\u0483-\u0487]|[\u0591-\u05c7]|[\u064b-\u065f]|\u0670|[\u1ab0-\u1aff]|[\u1dc0-\u1dff]|[\u20d0-\u20ff]|[\ufe20-\ufe2f]/g;
/** Control characters cannot be stored, and separate words like space does. */
const spaces = /[\s\p{Cc}]+/gu;
const plain = /^[ -~]*$/;

/** Letters with a stroke, and pairs written as one, which Unicode does not take apart. */
const letters: ReadonlyMap<string, string> = new Map(
  Object.entries({ ø: 'o', ł: 'l', đ: 'd', ð: 'd', ħ: 'h', ŧ: 't', æ: 'ae', œ: 'oe', þ: 'th', ς: 'σ' }),
);
const special = /[øłđðħŧæœþς]/g;

/** Folds letters and nothing else, in a text of any length. */
export function foldLetters(text: string): string {
  if (plain.test(text)) return text.toLowerCase();
  // upper case first: it makes `ß` `SS`; lower case then knows two forms of sigma
  return text
    .normalize('NFKD')
    .replaceAll(accents, '')
    .toUpperCase()
    .toLowerCase()
    .replaceAll(special, (letter) => letters.get(letter) ?? letter)
    .normalize('NFKC');
}

const collapse = (text: string): string => text.replaceAll(spaces, ' ').trim();

/** Folds a value, or what a client looks for in its beginning. A text with nothing to compare gives `''`. */
export function fold(text: string): string {
  const words = collapse(text);
  // folding drops accents, so more than what is kept must go in; ten for each letter are more than any language writes
  const folded = collapse(foldLetters(firstCharacters(words, longestString * 10)));
  return firstCharacters(folded, longestString).trimEnd();
}
