/** Numbers with the precision they are written in: `100` and `1.00e2` mean 99.5 to 100.5, `100.0` means 99.95 to 100.05. https://hl7.org/fhir/R4/search.html#number */
import type { Comparison, Prefix } from './match.ts';
import { membersOf, numberOf, type Shape } from './shapes.ts';

/** Stands for infinity in the index: JSON, in which index rows are kept, has no other. */
export const unbounded = Number.MAX_VALUE;

export interface NumberRange {
  readonly low: number;
  readonly high: number;
}

/** What lies between the limits of a Range; a limit that is not given is at infinity. */
export function limitsRange({ low, high }: Shape): NumberRange | undefined {
  const least = numberOf(membersOf(low)['value']);
  const most = numberOf(membersOf(high)['value']);
  return least === undefined && most === undefined ? undefined : { low: least ?? -unbounded, high: most ?? unbounded };
}

interface Decimal {
  readonly digits: bigint;
  readonly exponent: number;
}

const numberPattern = /^([+-]?)(\d{1,100})(?:\.(\d{1,100}))?(?:[eE]([+-]?\d{1,3}))?$/;

/** The number exactly as written, so that halves of its last digit are exact too. */
function readDecimal(text: string): Decimal | undefined {
  const match = numberPattern.exec(text);
  if (!match) return undefined;
  const [, sign = '', whole = '', fraction = '', exponent = '0'] = match;
  const digits = BigInt(whole + fraction);
  return { digits: sign === '-' ? -digits : digits, exponent: Number(exponent) - fraction.length };
}

const toNumber = ({ digits, exponent }: Decimal): number => Number(`${digits}e${exponent}`);

/** The next smaller double of a number. */
export function below(number: number): number {
  if (number === 0) return -Number.MIN_VALUE;
  const bits = new BigInt64Array(new Float64Array([number]).buffer);
  bits[0] = (bits[0] ?? 0n) + (number > 0 ? -1n : 1n);
  return new Float64Array(bits.buffer)[0] ?? number;
}

/** The next larger double of a number. */
export const above = (number: number): number => -below(-number);

/** From half a last digit below, included, to half a last digit above, excluded. */
function impliedRange({ digits, exponent }: Decimal): NumberRange {
  const tenth = { digits: digits * 10n, exponent: exponent - 1 };
  const value = toNumber({ digits, exponent });
  // with more digits than a double has, the ends may fall on the wrong side of the number itself
  return {
    low: Math.min(value, toNumber({ ...tenth, digits: tenth.digits - 5n })),
    high: Math.max(value, below(toNumber({ ...tenth, digits: tenth.digits + 5n }))),
  };
}

/** A tenth on either side, and never less than the precision of the number. */
function approximateRange(decimal: Decimal): NumberRange {
  const [value, implied] = [toNumber(decimal), impliedRange(decimal)];
  const margin = Math.abs(value) / 10;
  return { low: Math.min(value - margin, implied.low), high: Math.max(value + margin, implied.high) };
}

/** What a prefix means for a number: `eq`, `ne` and `ap` go by its precision, the others by its exact value. Undefined when it is no number, or none that a double can hold. */
export function compareNumber(prefix: Prefix, text: string): Comparison<number> | undefined {
  // a plus sign that was not percent-encoded arrived as a space
  const decimal = readDecimal(text.replace(/(?<=[eE]) /, '+'));
  const value = decimal && toNumber(decimal);
  if (!decimal || value === undefined || Math.abs(value) >= unbounded) return undefined;
  if (prefix === 'eq' || prefix === 'ne') return { prefix, ...impliedRange(decimal) };
  if (prefix === 'ap') return { prefix, ...approximateRange(decimal) };
  return { prefix, low: value, high: value };
}
