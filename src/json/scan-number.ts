/** Strict scan of one JSON number. FHIR decimals keep their writing, so what is accepted must be storable and comparable. https://hl7.org/fhir/R4/datatypes.html#decimal */
import { isDigit, minus, plus, point, zero } from './characters.ts';
import { JsonFault } from './json-fault.ts';

/** R4 asks for 18 digits of precision; a number longer than this is not a measurement. */
const maximumLength = 300;
/** Beyond this a double is infinite or zero, and would be indexed as something that it is not. */
const maximumExponent = 300;

/** The end of the number that starts at `start` (the units of the text end with a zero) with a digit or a minus. At most 300 characters, an exponent within ±300, and finite as a double. */
export function scanNumber(units: Uint16Array, start: number): number {
  const first = units[start] === minus ? start + 1 : start;
  let at = digits(units, first);
  if (units[first] === zero && at > first + 1) throw new JsonFault(start, 'has a number with a leading zero');
  if (units[at] === point) at = digits(units, at + 1);
  const code = units[at];
  const end = code === 0x65 || code === 0x45 ? exponent(units, start, at + 1) : at;
  if (end - start > maximumLength) {
    throw new JsonFault(start, `has a number of more than ${maximumLength} characters`);
  }
  return end;
}

/** The end of the one or more digits that start at `start`. */
function digits(units: Uint16Array, start: number): number {
  let at = start;
  while (isDigit(units[at] as number)) at += 1;
  if (at === start) throw new JsonFault(start, 'needs a digit here');
  return at;
}

/** The end of the exponent of the number at `start`; its sign or first digit is at `from`. */
function exponent(units: Uint16Array, start: number, from: number): number {
  const sign = units[from];
  const first = sign === minus || sign === plus ? from + 1 : from;
  const end = digits(units, first);
  const power = Number(written(units, first, end));
  if (power > maximumExponent || !Number.isFinite(Number(written(units, start, end)))) {
    throw new JsonFault(start, `has a number whose exponent is beyond ${maximumExponent}`);
  }
  return end;
}

function written(units: Uint16Array, start: number, end: number): string {
  return String.fromCharCode(...units.subarray(start, Math.min(end, start + maximumLength)));
}
