/** Dates by the table of prefixes of R4, on the milliseconds that they span. https://hl7.org/fhir/R4/search.html#prefix */
import type { Choices } from './choices.ts';
import type { Asked } from './asked.ts';
import { isJson, isText, type Value } from './values.ts';

export type Span = readonly [low: number, high: number];

/** The milliseconds that a date spans, both ends included. */
export function span(text: string): Span {
  const zoned = text.length > 10 && !/(Z|[+-]\d\d:\d\d)$/.test(text) ? `${text}Z` : text;
  const start = Date.parse(text.length <= 10 ? `${text.padEnd(10, '-01').slice(0, 10)}T00:00:00Z` : zoned);
  const date = new Date(start);
  if (text.length === 4) return [start, date.setUTCFullYear(date.getUTCFullYear() + 1) - 1];
  if (text.length === 7) return [start, date.setUTCMonth(date.getUTCMonth() + 1) - 1];
  if (text.length === 10) return [start, start + 86_399_999];
  return [start, /\.\d/.test(text) ? start : start + 999];
}

/** Undefined for what is no date, and for what has no beginning and no end. */
export function spanOf([value, type]: Value): Span | undefined {
  if (typeof value === 'string') return ['date', 'dateTime', 'instant'].includes(type) ? span(value) : undefined;
  if (type !== 'Period' || !isJson(value)) return undefined;
  const { start, end } = value;
  if (!isText(start) && !isText(end)) return undefined;
  return [isText(start) ? span(start)[0] : -Infinity, isText(end) ? span(end)[1] : Infinity];
}

type Holds = (value: Span, asked: Span) => boolean;
const contains: Holds = ([low, high], [from, to]) => from <= low && high <= to;

export const datePrefixes: Readonly<Record<string, Holds>> = {
  eq: contains,
  ne: (value, asked) => !contains(value, asked),
  gt: ([, high], [, to]) => high > to,
  lt: ([low], [from]) => low < from,
  ge: (value, asked) => value[1] > asked[1] || contains(value, asked),
  le: (value, asked) => value[0] < asked[0] || contains(value, asked),
  sa: ([low], [, to]) => low > to,
  eb: ([, high], [from]) => high < from,
};

const precisions = [4, 7, 10, 100];

/** A date that some value has, as precise or less, with any prefix. */
export function askDate(pool: readonly Value[], choices: Choices): Asked | undefined {
  const [value] = choices.of(pool.filter((one) => spanOf(one))) ?? [];
  const text = isJson(value) ? (value['start'] ?? value['end']) : value;
  if (!isText(text) || Number.isNaN(span(text)[0])) return undefined;
  const cut = text.slice(0, choices.of(precisions));
  const prefix = choices.of(['', ...Object.keys(datePrefixes)]) ?? '';
  const holds = datePrefixes[prefix === '' ? 'eq' : prefix];
  const asked = span(cut);
  if (!holds || Number.isNaN(asked[0])) return undefined;
  return {
    text: prefix + cut,
    holds: (values) =>
      values.some((one) => {
        const own = spanOf(one);
        return own !== undefined && holds(own, asked);
      }),
  };
}
