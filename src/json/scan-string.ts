/** Strict scan of one JSON string: no control characters, no U+0000 and no lone surrogates in any writing, because no database and no UTF-8 can hold them. https://www.rfc-editor.org/rfc/rfc8259#section-7 */
import { Buffer } from 'node:buffer';
import { backslash, quote } from './characters.ts';
import { JsonFault } from './json-fault.ts';

const simpleEscapes = new Set(Buffer.from('"\\/bfnrt', 'latin1'));
const letterU = 0x75;
const hexadecimal = /^[0-9A-Fa-f]{4}$/;

const isHighSurrogate = (code: number): boolean => code >= 0xd800 && code <= 0xdbff;
const isLowSurrogate = (code: number): boolean => code >= 0xdc00 && code <= 0xdfff;
const loneSurrogate = (offset: number): JsonFault => new JsonFault(offset, 'has half a surrogate pair');

/** The end of the string whose opening quote is at `start`; the units of the text end with a zero. */
export function scanString(units: Uint16Array, start: number): number {
  let at = start + 1;
  for (;;) {
    const code = units[at] as number;
    // lower-case letters and most other text take one comparison
    if (code > backslash && code < 0xd800) at += 1;
    else if (code === quote) return at + 1;
    else if (code === backslash) at = scanEscape(units, at);
    else if (code < 0x20) throw unusable(units, start, at);
    else if (code >= 0xd800 && code <= 0xdfff) at = scanSurrogates(units, at);
    else at += 1;
  }
}

/** A control character, or the zero after the end of the text. */
function unusable(units: Uint16Array, start: number, at: number): JsonFault {
  const isEnd = at === units.length - 1;
  return isEnd
    ? new JsonFault(start, 'has a string that does not end')
    : new JsonFault(at, 'has a control character in a string');
}

function scanEscape(units: Uint16Array, start: number): number {
  const code = units[start + 1] as number;
  if (simpleEscapes.has(code)) return start + 2;
  if (code !== letterU) throw new JsonFault(start, 'has an unknown escape in a string');
  const unit = escapedUnit(units, start);
  if (unit === 0) throw new JsonFault(start, 'has the character U+0000');
  if (isLowSurrogate(unit)) throw loneSurrogate(start);
  if (!isHighSurrogate(unit)) return start + 6;
  const isEscape = units[start + 6] === backslash && units[start + 7] === letterU;
  if (!isEscape || !isLowSurrogate(escapedUnit(units, start + 6))) throw loneSurrogate(start);
  return start + 12;
}

function escapedUnit(units: Uint16Array, start: number): number {
  const digits = String.fromCharCode(...units.subarray(start + 2, start + 6));
  if (!hexadecimal.test(digits)) throw new JsonFault(start, 'has an escape without four hexadecimal digits');
  return Number.parseInt(digits, 16);
}

function scanSurrogates(units: Uint16Array, start: number): number {
  const hasPair = isHighSurrogate(units[start] as number) && isLowSurrogate(units[start + 1] as number);
  if (!hasPair) throw loneSurrogate(start);
  return start + 2;
}
