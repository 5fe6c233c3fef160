/** `_text=heart failure`: resources with all of the words. https://hl7.org/fhir/R4/search.html#content */
import { malformed, refused } from '../malformed.ts';
import type { Match } from '../match.ts';
import type { ParseContext } from '../search-type.ts';
import { unescapeValue } from '../split-value.ts';
import { wordsOf } from './words.ts';

const maximumWords = 50;
/** What search engines give a meaning of its own. */
const syntax = /["*]|(?:^|\s)(?:AND|OR|NOT|NEAR)(?:\s|$)/;

function readWords(alternative: string, name: string): readonly string[] {
  const text = unescapeValue(alternative);
  if (syntax.test(text)) throw refused(name, 'phrases, wildcards and operators are not; give words, a comma for OR');
  const words = [...new Set(wordsOf(text))];
  if (words.length === 0) throw malformed(name, 'one word or several');
  if (words.length > maximumWords) throw malformed(name, `at most ${maximumWords} words`);
  return words;
}

/** Each alternative is words that must all be there, in whatever order. Throws a FhirError 400. */
export function parseWords(alternatives: readonly string[], { name }: ParseContext): Match {
  return { kind: 'words', alternatives: alternatives.map((one) => readWords(one, name)) };
}
