/** Dates by the table of prefixes of R4, on the milliseconds that they span. https://hl7.org/fhir/R4/search.html#prefix */
import { scope } from '../scope.ts';
import type { Asked } from './asked.ts';
import type { Choices } from './choices.ts';
import { isJson, isText, type Json, listOf, type Value } from './values.ts';

export type Span = readonly [low: number, high: number];

const written = /^(\d{4})(-\d\d)?(-\d\d)?(?:T(\d\d:\d\d)(:\d\d(?:\.\d+)?)?(Z|[+-]\d\d:\d\d)?)?$/;

/** The milliseconds that a date spans, both ends included. */
export function span(text: string): Span {
  const [, year = '', month, day, time, seconds, zone] = written.exec(text) ?? [];
  if (year === '') return [Number.NaN, Number.NaN];
  const start = Date.parse(
    `${year}${month ?? '-01'}${day ?? '-01'}T${time ?? '00:00'}${seconds ?? ':00'}${zone ?? 'Z'}`,
  );
  const date = new Date(start);
  if (month === undefined) return [start, date.setUTCFullYear(date.getUTCFullYear() + 1) - 1];
  if (day === undefined) return [start, date.setUTCMonth(date.getUTCMonth() + 1) - 1];
  if (time === undefined) return [start, start + 86_399_999];
  if (seconds === undefined) return [start, start + 59_999];
  return [start, seconds.includes('.') ? start : start + 999];
}

function periodOf({ start, end }: Json): Span | undefined {
  if (!isText(start) && !isText(end)) return undefined;
  return [isText(start) ? span(start)[0] : -Infinity, isText(end) ? span(end)[1] : Infinity];
}

/** From the first that a schedule names to the last: how it repeats does not count. */
function timingOf({ event, repeat }: Json): Span | undefined {
  const bounds = isJson(repeat) && isJson(repeat['boundsPeriod']) ? periodOf(repeat['boundsPeriod']) : undefined;
  const spans = [...listOf(event).filter(isText).map(span), ...(bounds ? [bounds] : [])];
  if (spans.length === 0) return undefined;
  return [Math.min(...spans.map(([low]) => low)), Math.max(...spans.map(([, high]) => high))];
}

/** Undefined for what is no date, and for what has no beginning and no end. */
export function spanOf([value, type]: Value): Span | undefined {
  if (typeof value === 'string') return ['date', 'dateTime', 'instant'].includes(type) ? span(value) : undefined;
  if (!isJson(value)) return undefined;
  if (type === 'Timing') return timingOf(value);
  return type === 'Period' ? periodOf(value) : undefined;
}

type Holds = (value: Span, asked: Span) => boolean;
const contains: Holds = ([low, high], [from, to]) => from <= low && high <= to;
export const overlaps: Holds = ([low, high], [from, to]) => low <= to && high >= from;

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

const hour = 3_600_000;

/** As precise or less, with a zone or another, as far as the text goes. */
function rewritten(text: string, choices: Choices): string {
  const way = choices.below(6);
  if (way < 3) return text.slice(0, [4, 7, 10][way]);
  const [low] = span(text);
  if (text.length <= 10 || way === 3 || Number.isNaN(low)) return text;
  if (way === 4) return `${new Date(low).toISOString().slice(0, 16)}Z`;
  return new Date(low + 2 * hour).toISOString().replace('Z', '+02:00');
}

/** A tenth of the time to the present on either side, give or take; undefined when it depends on how exactly one measures. */
function askNear(text: string, pool: readonly Value[]): Asked | undefined {
  const [from, to] = span(text);
  const gap = Math.abs(scope.now.getTime() - (from + to) / 2) / 10;
  const within = (share: number) => (one: Value) => {
    const own = spanOf(one);
    return own !== undefined && overlaps(own, [from - gap * share, to + gap * share]);
  };
  const [sure, possible] = [within(0.99), within(1.01)];
  if (pool.some((one) => sure(one) !== possible(one))) return undefined;
  return { text: `ap${text}`, holds: (values) => values.some(sure) };
}

/** A date that some value has, as precise or less, with any prefix. */
export function askDate(pool: readonly Value[], choices: Choices): Asked | undefined {
  const [value] = choices.of(pool.filter((one) => spanOf(one))) ?? [];
  const place = isJson(value) && isJson(value['repeat']) ? value['repeat']['boundsPeriod'] : value;
  const ends = isJson(place) ? [place['start'], place['end'], ...listOf(place['event'])] : [value];
  const text = choices.of(ends.filter(isText));
  if (text === undefined) return undefined;
  const cut = rewritten(text, choices);
  const asked = span(cut);
  const prefix = choices.of(['', ...Object.keys(datePrefixes), 'ap']) ?? '';
  if (Number.isNaN(asked[0])) return undefined;
  if (prefix === 'ap') return askNear(cut, pool);
  const holds = datePrefixes[prefix === '' ? 'eq' : prefix];
  return (
    holds && {
      text: prefix + cut,
      holds: (values) =>
        values.some((one) => {
          const own = spanOf(one);
          return own !== undefined && holds(own, asked);
        }),
    }
  );
}
