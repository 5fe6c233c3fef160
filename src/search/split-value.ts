/** Search values taken apart: `\,` `\|` `\$` and `\\` stand for the characters themselves. https://hl7.org/fhir/R4/search.html#escaping */

/** Splits at every separator that no backslash escapes. Escapes stay in the parts. */
export function splitValue(text: string, separator: ',' | '|' | '$'): readonly string[] {
  if (!text.includes(separator)) return [text];
  const parts: string[] = [];
  let start = 0;
  for (let index = 0; index < text.length; index += 1) {
    if (text[index] === '\\') index += 1;
    else if (text[index] === separator) {
      parts.push(text.slice(start, index));
      start = index + 1;
    }
  }
  return [...parts, text.slice(start)];
}

/** Undoes the escapes. A backslash before any other character stands for itself. */
export function unescapeValue(text: string): string {
  return text.includes('\\') ? text.replaceAll(/\\([,|$\\])/g, '$1') : text;
}

/** Puts the escapes that make a text one value. */
export const escapeValue = (text: string): string => text.replaceAll(/[\\,$|]/g, (character) => `\\${character}`);
