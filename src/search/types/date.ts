/** Date search: the range of what is asked against the range of the value. https://hl7.org/fhir/R4/search.html#date */
import { type DateRange, instantOf, readDateRange, readQueryDate } from '../date-range.ts';
import { aspectKey } from '../keys.ts';
import { malformed } from '../malformed.ts';
import type { Comparison } from '../match.ts';
import type { QueriedSearchType } from '../search-type.ts';
import { itemsOf, membersOf, type Shape } from '../shapes.ts';
import { splitPrefix } from '../split-prefix.ts';
import { unescapeValue } from '../split-value.ts';

const rangeOf = (value: unknown): DateRange | undefined =>
  typeof value === 'string' ? readDateRange(value) : undefined;

/** A side that is left open reaches to infinity. */
function periodRange({ start, end }: Shape): DateRange | undefined {
  const [first, last] = [rangeOf(start), rangeOf(end)];
  return first || last ? { low: first?.low ?? '-infinity', high: last?.high ?? 'infinity' } : undefined;
}

/** `-infinity` sorts before and `infinity` after every ISO date. */
function spanOf(ranges: readonly DateRange[]): DateRange | undefined {
  const [first, ...others] = ranges;
  return (
    first &&
    others.reduce(
      (span, { low, high }) => ({ low: low < span.low ? low : span.low, high: high > span.high ? high : span.high }),
      first,
    )
  );
}

/** From the first event to the last; how they repeat between the bounds does not matter to R4. */
function timingRange({ event, repeat }: Shape): DateRange | undefined {
  const bounds = periodRange(membersOf(membersOf(repeat)['boundsPeriod']));
  return spanOf([...itemsOf(event).map(rangeOf), bounds].filter((range) => range !== undefined));
}

const ranges: Readonly<Record<string, (value: unknown) => DateRange | undefined>> = {
  date: rangeOf,
  dateTime: rangeOf,
  instant: rangeOf,
  Period: (value) => periodRange(membersOf(value)),
  Timing: (value) => timingRange(membersOf(value)),
};

/** Milliseconds. A value that spans more is also kept apart, so that what overlaps a date is found without reading all that went before. */
export const longDate = 86_400_000;

function isLong({ low, high }: DateRange): boolean {
  const span = Date.parse(high) - Date.parse(low);
  // an open end is not a number
  return !(span <= longDate);
}

/** `ap` allows for a tenth of the time between now and the date, on either side. */
function approximate({ low, high }: DateRange, now: Date): DateRange {
  const [first, last] = [Date.parse(low), Date.parse(high)];
  const gap = Math.round(Math.abs(now.getTime() - (first + last) / 2) / 10);
  return { low: instantOf(first - gap), high: instantOf(last + gap) };
}

/** Reads a prefix and a date. Throws a FhirError 400. */
export function parseDate(text: string, name: string, now: Date): Comparison<string> {
  const [prefix, date] = splitPrefix(unescapeValue(text));
  const range = readQueryDate(date);
  if (!range) throw malformed(name, 'a date such as 2020-01-31 or 2020-01-31T10:00:00Z, after a prefix if any');
  return { prefix, ...(prefix === 'ap' ? approximate(range, now) : range) };
}

/** Any moment in common. */
function overlap(text: string, name: string): Comparison<string> {
  const range = readQueryDate(unescapeValue(text));
  if (!range) throw malformed(name, 'about dates such as 2020-01-31');
  return { prefix: 'ap', ...range };
}

/** A value without a zone is taken as UTC. Strings and ages in the place of a date are not dates. */
export const date: QueriedSearchType = {
  index(value, { key, elementType, hash }, sink) {
    const range = ranges[elementType]?.(value);
    if (!range) return;
    sink.date(key, range.low, range.high);
    if (isLong(range)) sink.date(aspectKey(hash, key, 'long'), range.low, range.high);
  },

  parse(alternatives, { parameter, name, now }) {
    const kind = parameter.code === '_lastUpdated' ? 'lastUpdated' : 'date';
    return { kind, comparisons: alternatives.map((text) => parseDate(text, name, now)) };
  },

  filterModifiers: {
    overlaps: (alternatives, { name }) => ({
      kind: 'date',
      comparisons: alternatives.map((text) => overlap(text, name)),
    }),
  },
};
