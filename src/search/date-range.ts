/** Dates as the range of milliseconds that their precision spans; in UTC when they have no zone. https://hl7.org/fhir/R4/search.html#date */
import { invalid } from '../fhir/fhir-error.ts';

/** First and last millisecond, both included, as ISO 8601 in UTC. They sort as text. */
export interface DateRange {
  readonly low: string;
  readonly high: string;
}

const datePattern =
  /^(\d{4})(?:-(\d\d)(?:-(\d\d)(?:T(\d\d):(\d\d)(?::(\d\d)(?:\.(\d{1,20}))?)?(Z|[+-]\d\d:\d\d)?)?)?)?$/;

const day = 86_400_000;
/** The years that FHIR, ISO 8601 with four digits and PostgreSQL all have. */
const earliest = Date.parse('0001-01-01T00:00:00.000Z');
const latest = Date.parse('9999-12-31T23:59:59.999Z');

/** ISO 8601 of milliseconds since 1970; what a zone shifts out of the years 1 to 9999 becomes their edge. */
export function instantOf(milliseconds: number): string {
  return new Date(Math.min(Math.max(milliseconds, earliest), latest)).toISOString();
}

/** Midnight of a day; months count from 1. Unlike `Date.UTC` it takes the first century for what it is. */
function midnight(year: number, month: number, dayOfMonth: number): number {
  return new Date(0).setUTCFullYear(year, month - 1, dayOfMonth);
}

/** True when the calendar and the clock have it. A leap second may be written. */
function exists([year, month, dayOfMonth, hour, minute, second]: readonly number[]): boolean {
  const date = new Date(midnight(year ?? 0, month ?? 0, dayOfMonth ?? 0));
  const isInCalendar = date.getUTCMonth() + 1 === month && date.getUTCDate() === dayOfMonth;
  return isInCalendar && year !== 0 && (hour ?? 0) <= 23 && (minute ?? 0) <= 59 && (second ?? 0) <= 60;
}

/** Milliseconds east of UTC; undefined when there is no such zone. */
function offsetOf(zone: string): number | undefined {
  if (zone === 'Z') return 0;
  const minutes = Number(zone.slice(1, 3)) * 60 + Number(zone.slice(4));
  if (minutes > 14 * 60 || Number(zone.slice(4)) > 59) return undefined;
  return (zone.startsWith('-') ? -1 : 1) * minutes * 60_000;
}

/** The first millisecond after the range that begins at `low`. */
function endOf(low: number, [, year, month, dayOfMonth, hour, , second, fraction]: readonly string[]): number {
  // milliseconds are as fine as it gets: what is written more coarsely or finely is taken for the millisecond it names
  if (fraction !== undefined) return low + 1;
  if (second !== undefined) return low + 1_000;
  if (hour !== undefined) return low + 60_000;
  if (dayOfMonth !== undefined) return low + day;
  return month === undefined ? midnight(Number(year) + 1, 1, 1) : midnight(Number(year), Number(month) + 1, 1);
}

/** Reads a date of any precision from a year to a fraction of a second; undefined when it is none, or one that the calendar does not have. */
export function readDateRange(text: string): DateRange | undefined {
  const match = datePattern.exec(text);
  if (!match) return undefined;
  const [
    ,
    year,
    month = '01',
    dayOfMonth = '01',
    hour = '00',
    minute = '00',
    second = '00',
    fraction = '',
    zone = 'Z',
  ] = match;
  const parts = [year, month, dayOfMonth, hour, minute, second].map(Number);
  const offset = offsetOf(zone);
  if (offset === undefined || !exists(parts)) return undefined;
  const time = ((Number(hour) * 60 + Number(minute)) * 60 + Number(second)) * 1_000;
  const milliseconds = Number(fraction.slice(0, 3).padEnd(3, '0'));
  const low = midnight(Number(year), Number(month), Number(dayOfMonth)) + time + milliseconds;
  return { low: instantOf(low - offset), high: instantOf(endOf(low, match) - 1 - offset) };
}

/** The same from a query string, where a plus sign that was not percent-encoded arrived as a space. */
export function readQueryDate(text: string): DateRange | undefined {
  return readDateRange(text.replace(' ', '+'));
}

/** The range of a parameter's value. `expression` names the parameter (`http._since`). Throws a FhirError 400. */
export function readInstantRange(value: string, expression: string): DateRange {
  const range = readQueryDate(value);
  if (!range) throw invalid('The value must be a date or an instant, such as 2020-01-31T10:00:00Z', expression);
  return range;
}
