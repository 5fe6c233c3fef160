/** Quantities with their units, converted where UCUM can. https://hl7.org/fhir/R4/search.html#quantity */
import { createRequire } from 'node:module';
import { type Amount, amountOf, type Range } from './amounts.ts';
import { type Asked, escaped } from './asked.ts';
import type { Choices } from './choices.ts';
import { anyPrefix, comparisonOf, numberText } from './numbers.ts';
import type { Value } from './values.ts';

const ucum = 'http://unitsofmeasure.org';
/** More digits than conversion keeps. */
const digitsKept = 10;

interface Ucum {
  convertUnitTo(from: string, value: number, to: string): { readonly status: string; readonly toVal: number | null };
}
const { UcumLhcUtils } = createRequire(import.meta.url)('@lhncbc/ucum-lhc') as {
  UcumLhcUtils: { getInstance(): Ucum };
};
const library = UcumLhcUtils.getInstance();

/** In another unit; undefined where that measures something else. Twelve digits survive. */
function converted({ low, high, code = '' }: Amount, to: string): Range | undefined {
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
  ['Cel', '[degF]'],
];

type InUnit = (own: Amount) => Range | undefined;

/** A number with a unit: by its system and code, or by its name as it is written. */
function withUnit({ system, code, names }: Amount, choices: Choices): readonly [unit: string, inUnit: InUnit] {
  const name = choices.of(names);
  const way = choices.below(3);
  if (way === 2 && name !== undefined)
    return [`||${escaped(name)}`, (own) => (own.names.includes(name) ? own : undefined)];
  if (way >= 1 && system !== undefined && code !== undefined) {
    const inUnit: InUnit = (own) => {
      if (own.system !== system || own.code === undefined) return undefined;
      if (system !== ucum) return own.code === code ? own : undefined;
      return converted(own, code);
    };
    return [`|${escaped(system)}|${escaped(code)}`, inUnit];
  }
  return ['', (own) => own];
}

/** The amount in another unit, now and then; undefined when it stays as it is. */
function moved(amount: Amount, choices: Choices): Amount | undefined {
  const others = relatives.find((units) => units.includes(amount.code ?? '')) ?? [];
  const to = choices.below(2) === 1 ? choices.of(others) : undefined;
  const range = to !== undefined && amount.system === ucum ? converted(amount, to) : undefined;
  return range && to !== undefined ? { ...amount, ...range, code: to, names: [] } : undefined;
}

/** Where units are converted, what lies on an edge depends on the last digit of the arithmetic: then exactly this, or something beside it. */
function besides(value: number, choices: Choices): readonly [prefix: string, text: string] {
  const way = choices.below(3);
  if (way === 0) return [choices.of(['', 'eq']) ?? '', String(value)];
  return [choices.of(['gt', 'lt', 'ge', 'le', 'sa', 'eb']) ?? '', (value * (way === 1 ? 1.37 : 0.73)).toPrecision(3)];
}

/** A quantity that some resource has, now and then in another unit. */
export function askQuantity(pool: readonly Value[], choices: Choices): Asked | undefined {
  const amount = amountOf(choices.of(pool) ?? [undefined, '']);
  if (!amount) return undefined;
  const other = moved(amount, choices);
  const wanted = other ?? amount;
  const value = choices.of([wanted.low, wanted.high].filter((end) => Number.isFinite(end)));
  if (value === undefined) return undefined;
  const [prefix, text] = other ? besides(value, choices) : [choices.of(anyPrefix) ?? '', numberText(value, choices)];
  const [unit, inUnit] = withUnit(wanted, choices);
  if ((other && unit === '') || text.replaceAll(/e.*|\D/gi, '').length > digitsKept) return undefined;
  const amounts = pool.map(amountOf).filter((one): one is Amount => one !== undefined);
  const ranges = amounts.map(inUnit).filter((one) => one !== undefined);
  const compares = comparisonOf(prefix, text, ranges);
  return (
    compares && {
      text: prefix + text + unit,
      holds: (values) =>
        values.some((one) => {
          const own = amountOf(one);
          const range = own && inUnit(own);
          return range !== undefined && compares(range, text);
        }),
    }
  );
}
