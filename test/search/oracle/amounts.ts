/** Numbers and quantities as ranges, and how they compare with a number as it is written. https://hl7.org/fhir/R4/search.html#number */
import { isJson, isText, type Json, type Value } from './values.ts';

const currencies = 'urn:iso:std:iso:4217';

export interface Range {
  readonly low: number;
  readonly high: number;
}

export interface Amount extends Range {
  readonly system?: string;
  readonly code?: string;
  readonly names: readonly string[];
}

const pointOf = (quantity: unknown): number | undefined =>
  isJson(quantity) && typeof quantity['value'] === 'number' ? quantity['value'] : undefined;

function unitsOf(quantity: Json): Omit<Amount, 'low' | 'high'> {
  const { currency, code, unit, system } = quantity;
  const known = isText(currency) ? currency : code;
  const place = isText(currency) ? currencies : system;
  return {
    ...(isText(place) && { system: place }),
    ...(isText(known) && { code: known }),
    names: [known, unit].filter(isText),
  };
}

/** From the least sample to the greatest. */
function sampledOf({ data, factor, origin, lowerLimit, upperLimit }: Json): Amount | undefined {
  if (!isText(data) || !isJson(origin)) return undefined;
  const step = typeof factor === 'number' ? factor : 1;
  const limits: Readonly<Record<string, unknown>> = { L: lowerLimit, U: upperLimit };
  const samples = data.split(' ').flatMap((text): readonly number[] => {
    const limit = limits[text];
    if (typeof limit === 'number') return [limit];
    const sample = text === '' ? Number.NaN : Number(text);
    return Number.isNaN(sample) ? [] : [(pointOf(origin) ?? 0) + sample * step];
  });
  if (samples.length === 0) return undefined;
  return { ...unitsOf(origin), low: Math.min(...samples), high: Math.max(...samples) };
}

/** A range is what lies within it, `<5` anything below. */
export function amountOf([value, type]: Value): Amount | undefined {
  if (typeof value === 'number') return { low: value, high: value, names: [] };
  if (!isJson(value)) return undefined;
  if (type === 'SampledData') return sampledOf(value);
  const point = pointOf(value);
  if (point !== undefined) {
    const comparator = isText(value['comparator']) ? value['comparator'] : '';
    return {
      ...unitsOf(value),
      low: comparator.startsWith('<') ? -Infinity : point,
      high: comparator.startsWith('>') ? Infinity : point,
    };
  }
  const ends = [value['low'], value['high']].find(isJson);
  const [low, high] = [pointOf(value['low']), pointOf(value['high'])];
  if (!ends || (low === undefined && high === undefined)) return undefined;
  return { ...unitsOf(ends), low: low ?? -Infinity, high: high ?? Infinity };
}

/** Decimals are compared exactly, in units of this power of ten. */
const scale = 400;

/** The exact decimal. */
function exact(number: number | string): bigint {
  const [mantissa = '', exponent = '0'] = String(number).toLowerCase().split('e');
  const [whole = '', fraction = ''] = mantissa.split('.');
  const shift = scale + Number(exponent) - fraction.length;
  // what is smaller yet is nothing
  return shift < 0 ? 0n : BigInt(`${whole}${fraction}`) * 10n ** BigInt(shift);
}

/** Half of the last digit that is written. */
function half(text: string): bigint {
  const [mantissa = '', exponent = '0'] = text.toLowerCase().split('e');
  return (5n * 10n ** BigInt(scale - 1 + Number(exponent))) / 10n ** BigInt(mantissa.split('.')[1]?.length ?? 0);
}

export type Compares = (own: Range, text: string) => boolean;

const isWithin: Compares = ({ low, high }, text) =>
  Number.isFinite(low) &&
  Number.isFinite(high) &&
  exact(low) >= exact(text) - half(text) &&
  exact(high) < exact(text) + half(text);

export const prefixes: Readonly<Record<string, Compares>> = {
  eq: isWithin,
  ne: (own, text) => !isWithin(own, text),
  gt: ({ high }, text) => high > Number(text),
  lt: ({ low }, text) => low < Number(text),
  // beyond, or exactly this: a range that only begins or ends here is neither
  ge: ({ low, high }, text) => high > Number(text) || (low === high && low === Number(text)),
  le: ({ low, high }, text) => low < Number(text) || (low === high && low === Number(text)),
  sa: ({ low }, text) => low > Number(text),
  eb: ({ high }, text) => high < Number(text),
};

/** A share of the number on either side, and its precision at least. */
export function isNear(share: number): Compares {
  return ({ low, high }, text) => {
    const number = Number(text);
    const [mantissa = '', exponent = '0'] = text.toLowerCase().split('e');
    const precision = Number(`5e${Number(exponent) - (mantissa.split('.')[1]?.length ?? 0) - 1}`);
    const margin = Math.max(Math.abs(number) * share, precision * share * 10);
    return low <= number + margin && high >= number - margin;
  };
}
