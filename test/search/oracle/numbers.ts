/** Numbers with the precision they are written in. https://hl7.org/fhir/R4/search.html#number */
import { type Amount, amountOf, type Compares, isNear, prefixes, type Range } from './amounts.ts';
import type { Asked } from './asked.ts';
import type { Choices } from './choices.ts';
import type { Value } from './values.ts';

/** As written, with fewer digits, with more, or with an exponent. */
export function numberText(value: number, choices: Choices): string {
  const text = String(value);
  if (text.includes('e')) return text;
  const short = value.toPrecision(2);
  switch (choices.below(8)) {
    case 0:
    case 1:
      return short.includes('e') ? text : short;
    case 2:
      return text.includes('.') ? `${text}0` : `${text}.0`;
    case 3:
      return value.toExponential();
    default:
      return text;
  }
}

/** What compares values with the text; undefined where `ap` depends on how exactly a tenth is measured. */
export function comparisonOf(prefix: string, text: string, own: readonly Range[]): Compares | undefined {
  if (prefix !== 'ap') return prefixes[prefix === '' ? 'eq' : prefix];
  const [sure, possible] = [isNear(0.099_9), isNear(0.100_1)];
  return own.some((range) => sure(range, text) !== possible(range, text)) ? undefined : sure;
}

export const anyPrefix: readonly string[] = ['', ...Object.keys(prefixes), 'ap'];

export function askNumber(pool: readonly Value[], choices: Choices): Asked | undefined {
  const amount = amountOf(choices.of(pool) ?? [undefined, '']);
  const value = choices.of([amount?.low, amount?.high].filter((end) => end !== undefined && Number.isFinite(end)));
  const prefix = choices.of(anyPrefix) ?? '';
  if (value === undefined) return undefined;
  const text = numberText(value, choices);
  const amounts = pool.map(amountOf).filter((one): one is Amount => one !== undefined);
  const compares = comparisonOf(prefix, text, amounts);
  if (!compares) return undefined;
  return {
    text: prefix + text,
    holds: (values) =>
      values.some((one) => {
        const own = amountOf(one);
        return own !== undefined && compares(own, text);
      }),
  };
}
