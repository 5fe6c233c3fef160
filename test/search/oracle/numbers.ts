/** Numbers with the precision they are written in, quantities with their units. https://hl7.org/fhir/R4/search.html#number */
import { createRequire } from 'node:module';
import { type Asked, escaped } from './asked.ts';
import type { Choices } from './choices.ts';
import { isJson, isText, type Json, type Value } from './values.ts';

const ucum = 'http://unitsofmeasure.org';
const currencies = 'urn:iso:std:iso:4217';

interface Amount {
  readonly low: number;
  readonly high: number;
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

/** A range is what lies within it, `<5` anything below. */
export function amountOf([value]: Value): Amount | undefined {
  if (typeof value === 'number') return { low: value, high: value, names: [] };
  if (!isJson(value)) return undefined;
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

/** The exact decimal, in units of 1e-40. */
function exact(number: number | string): bigint {
  const [mantissa = '', exponent = '0'] = String(number).toLowerCase().split('e');
  const [whole = '', fraction = ''] = mantissa.split('.');
  return BigInt(`${whole}${fraction}`) * 10n ** BigInt(40 + Number(exponent) - fraction.length);
}

/** Half of the last digit that is written. */
function half(text: string): bigint {
  const [mantissa = '', exponent = '0'] = text.toLowerCase().split('e');
  return (5n * 10n ** BigInt(39 + Number(exponent))) / 10n ** BigInt(mantissa.split('.')[1]?.length ?? 0);
}

type Holds = (own: { low: number; high: number }, text: string) => boolean;

const isWithin: Holds = ({ low, high }, text) =>
  Number.isFinite(low) &&
  Number.isFinite(high) &&
  exact(low) >= exact(text) - half(text) &&
  exact(high) < exact(text) + half(text);

const prefixes: Readonly<Record<string, Holds>> = {
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

/** As written, or with fewer digits. */
function numberText(value: number, choices: Choices): string {
  const text = String(value);
  const short = value.toPrecision(2);
  return choices.below(4) === 0 && !short.includes('e') ? short : text;
}

export function askNumber(pool: readonly Value[], choices: Choices): Asked | undefined {
  const amount = amountOf(choices.of(pool) ?? [undefined, '']);
  const value = [amount?.low, amount?.high].find((end) => end !== undefined && Number.isFinite(end));
  const prefix = choices.of(['', ...Object.keys(prefixes)]) ?? '';
  const is = prefixes[prefix === '' ? 'eq' : prefix];
  if (value === undefined || !is) return undefined;
  const text = numberText(value, choices);
  return {
    text: prefix + text,
    holds: (values) =>
      values.some((one) => {
        const own = amountOf(one);
        return own !== undefined && is(own, text);
      }),
  };
}

interface Ucum {
  convertUnitTo(from: string, value: number, to: string): { readonly status: string; readonly toVal: number | null };
}
const { UcumLhcUtils } = createRequire(import.meta.url)('@lhncbc/ucum-lhc') as {
  UcumLhcUtils: { getInstance(): Ucum };
};
const library = UcumLhcUtils.getInstance();

/** In another unit; undefined where that measures something else. Twelve digits survive. */
function converted({ low, high, code = '' }: Amount, to: string): { low: number; high: number } | undefined {
  if (code === to) return { low, high };
  const ends = [low, high].map((end) => {
    if (!Number.isFinite(end)) return library.convertUnitTo(code, 1, to).status === 'succeeded' ? end : null;
    const { status, toVal } = library.convertUnitTo(code, end, to);
    return status === 'succeeded' && toVal !== null ? Number(toVal.toPrecision(12)) : null;
  });
  const [first, second] = ends;
  return typeof first === 'number' && typeof second === 'number' ? { low: first, high: second } : undefined;
}

/** Other units of what these measure. */
const relatives: readonly (readonly string[])[] = [
  ['g', 'mg', 'kg', 'ug'],
  ['L', 'mL', 'dL'],
  ['m', 'cm', 'mm'],
  ['s', 'min', 'h', 'd'],
  ['mmol/L', 'umol/L', 'mol/L'],
  ['g/dL', 'mg/dL', 'g/L'],
  ['mm[Hg]', 'kPa'],
];

/** A number with a unit: by its system and code, or by its name as it is written. */
function withUnit(
  amount: Amount,
  choices: Choices,
): readonly [unit: string, inUnit: (own: Amount) => { low: number; high: number } | undefined] {
  const { system, code, names } = amount;
  const name = choices.of(names);
  const way = choices.below(3);
  if (way === 2 && name !== undefined)
    return [`||${escaped(name)}`, (own) => (own.names.includes(name) ? own : undefined)];
  if (way === 1 && system !== undefined && code !== undefined) {
    const inUnit = (own: Amount) => {
      if (own.system !== system || own.code === undefined) return undefined;
      if (system !== ucum) return own.code === code ? own : undefined;
      return converted(own, code);
    };
    return [`|${escaped(system)}|${escaped(code)}`, inUnit];
  }
  return ['', (own) => own];
}

/** A quantity that some resource has, now and then in another unit. */
export function askQuantity(pool: readonly Value[], choices: Choices): Asked | undefined {
  const amount = amountOf(choices.of(pool) ?? [undefined, '']);
  if (!amount) return undefined;
  const others = relatives.find((units) => units.includes(amount.code ?? '')) ?? [];
  const to = choices.below(2) === 1 ? choices.of(others) : undefined;
  const moved = to !== undefined && amount.system === ucum ? converted(amount, to) : undefined;
  const wanted: Amount = moved && to !== undefined ? { ...amount, ...moved, code: to, names: [] } : amount;
  const value = [wanted.low, wanted.high].find((end) => Number.isFinite(end));
  // where units are converted, what lies on an edge depends on the last digit of the arithmetic
  const prefix = (moved ? choices.of(['', 'eq']) : choices.of(['', ...Object.keys(prefixes)])) ?? '';
  const is = prefixes[prefix === '' ? 'eq' : prefix];
  if (value === undefined || !is) return undefined;
  const [unit, inUnit] = withUnit(wanted, choices);
  if (moved && unit === '') return undefined;
  const text = moved ? String(value) : numberText(value, choices);
  // more digits than conversion keeps
  if (text.includes('e') || text.length > 10) return undefined;
  return {
    text: prefix + text + unit,
    holds: (values) =>
      values.some((one) => {
        const own = amountOf(one);
        const range = own && inUnit(own);
        return range !== undefined && is(range, text);
      }),
  };
}
