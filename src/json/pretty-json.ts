/** Indents a JSON text for people (`_pretty`) without changing a token of it: decimals keep their writing. https://hl7.org/fhir/R4/http.html#pretty */
import { closeBrace, closeBracket, colon, comma, openBrace, openBracket } from './characters.ts';
import { skipSpace, skipValue } from './tokens.ts';

const isOpen = (code: number): boolean => code === openBrace || code === openBracket;
const isClose = (code: number): boolean => code === closeBrace || code === closeBracket;
const lineBreak = (depth: number): string => `\n${'  '.repeat(depth)}`;

/** The text of a valid JSON text with two spaces per level; empty objects and arrays stay on one line. */
export function prettyJson(text: string): string {
  const pieces: string[] = [];
  let depth = 0;
  for (let at = skipSpace(text, 0); at < text.length; at = skipSpace(text, at)) {
    const code = text.charCodeAt(at);
    if (isOpen(code)) {
      const next = skipSpace(text, at + 1);
      const isEmpty = isClose(text.charCodeAt(next));
      depth += isEmpty ? 0 : 1;
      pieces.push(isEmpty ? text.charAt(at) + text.charAt(next) : text.charAt(at) + lineBreak(depth));
      at = isEmpty ? next + 1 : at + 1;
    } else if (isClose(code)) {
      depth = Math.max(0, depth - 1);
      pieces.push(lineBreak(depth) + text.charAt(at));
      at += 1;
    } else if (code === comma) {
      pieces.push(`,${lineBreak(depth)}`);
      at += 1;
    } else if (code === colon) {
      pieces.push(': ');
      at += 1;
    } else {
      const end = skipValue(text, at);
      pieces.push(text.slice(at, end));
      at = end;
    }
  }
  return pieces.join('');
}
