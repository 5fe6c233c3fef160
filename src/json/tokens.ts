/** Steps over the tokens of a JSON text that was checked before; nothing here validates. */
import { backslash, closeBrace, closeBracket, comma, isSpace, openBrace, openBracket, quote } from './characters.ts';

/** The offset of the next token. */
export function skipSpace(text: string, start: number): number {
  let at = start;
  while (at < text.length && isSpace(text.charCodeAt(at))) at += 1;
  return at;
}

/** The end of the string whose opening quote is at `start`. */
export function skipString(text: string, start: number): number {
  let at = start + 1;
  while (at < text.length) {
    const code = text.charCodeAt(at);
    if (code === quote) return at + 1;
    at += code === backslash ? 2 : 1;
  }
  return text.length;
}

function skipScalar(text: string, start: number): number {
  let at = start;
  while (at < text.length) {
    const code = text.charCodeAt(at);
    if (code === comma || code === closeBrace || code === closeBracket || isSpace(code)) return at;
    at += 1;
  }
  return at;
}

/** The end of the value that starts at `start`. */
export function skipValue(text: string, start: number): number {
  const first = text.charCodeAt(start);
  if (first === quote) return skipString(text, start);
  if (first !== openBrace && first !== openBracket) return skipScalar(text, start);
  let depth = 0;
  let at = start;
  while (at < text.length) {
    const code = text.charCodeAt(at);
    if (code === quote) {
      at = skipString(text, at);
      continue;
    }
    at += 1;
    if (code === openBrace || code === openBracket) depth += 1;
    if ((code === closeBrace || code === closeBracket) && --depth === 0) return at;
  }
  return at;
}

/** The decoded string between two offsets of its quotes. */
export function decodeString(text: string, start: number, end: number): string {
  const content = text.slice(start + 1, end - 1);
  return content.includes('\\') ? (JSON.parse(text.slice(start, end)) as string) : content;
}

/** Visits the members of the object at `start`: `visit` gets the decoded name and the start of the value, and returns the end of the value. Returns the end of the object. */
export function eachMember(text: string, start: number, visit: (name: string, at: number) => number): number {
  let at = skipSpace(text, start + 1);
  while (text.charCodeAt(at) === quote) {
    const keyEnd = skipString(text, at);
    const colonAt = skipSpace(text, keyEnd);
    at = skipSpace(text, visit(decodeString(text, at, keyEnd), skipSpace(text, colonAt + 1)));
    if (text.charCodeAt(at) === comma) at = skipSpace(text, at + 1);
  }
  return at + 1;
}

/** Visits the items of the array at `start` in the same way. */
export function eachItem(text: string, start: number, visit: (index: number, at: number) => number): number {
  let at = skipSpace(text, start + 1);
  for (let index = 0; at < text.length && text.charCodeAt(at) !== closeBracket; index += 1) {
    at = skipSpace(text, visit(index, at));
    if (text.charCodeAt(at) === comma) at = skipSpace(text, at + 1);
  }
  return at + 1;
}
