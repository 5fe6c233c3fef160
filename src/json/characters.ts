/** UTF-16 codes of the characters that JSON gives a meaning. https://www.rfc-editor.org/rfc/rfc8259#section-2 */
export const quote = 0x22;
export const backslash = 0x5c;
export const comma = 0x2c;
export const colon = 0x3a;
export const openBrace = 0x7b;
export const closeBrace = 0x7d;
export const openBracket = 0x5b;
export const closeBracket = 0x5d;
export const minus = 0x2d;
export const plus = 0x2b;
export const point = 0x2e;
export const zero = 0x30;
export const nine = 0x39;
export const space = 0x20;
export const lineFeed = 0x0a;

/** True for the four characters that may stand between tokens. */
export function isSpace(code: number): boolean {
  return code === space || code === lineFeed || code === 0x0d || code === 0x09;
}

export function isDigit(code: number): boolean {
  return code >= zero && code <= nine;
}
