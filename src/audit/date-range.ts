/** A date of a search as the milliseconds it spans. https://hl7.org/fhir/R4/search.html#date */

/** First and last millisecond since 1970, both inclusive. */
export interface DateRange {
  readonly low: number;
  readonly high: number;
}

const datePattern =
  /^(\d{4})(?:-(\d\d)(?:-(\d\d)(?:T(\d\d):(\d\d)(?::(\d\d)(?:\.(\d{1,9}))?)?(Z|[+-]\d\d:\d\d)?)?)?)?$/;

/** The range of dates that PostgreSQL and ISO 8601 write alike. */
const earliest = Date.parse('0001-01-01T00:00:00.000Z');
const latest = Date.parse('9999-12-31T23:59:59.999Z');

/** An instant in ISO 8601 with milliseconds in UTC; what lies outside the years 1 to 9999 becomes their edge. */
export function instantOf(milliseconds: number): string {
  return new Date(Math.min(Math.max(milliseconds, earliest), latest)).toISOString();
}

/** The first millisecond after the range that starts at `low`, by the precision of what was written. */
function nextAfter(low: number, [, , month, day, hour, , second, fraction]: RegExpExecArray): number {
  if (fraction !== undefined) return low + 1;
  if (second !== undefined) return low + 1_000;
  if (hour !== undefined) return low + 60_000;
  if (day !== undefined) return low + 86_400_000;
  const next = new Date(low);
  if (month === undefined) next.setUTCFullYear(next.getUTCFullYear() + 1);
  else next.setUTCMonth(next.getUTCMonth() + 1);
  return next.getTime();
}

/** Minutes east of UTC; undefined when there is no such zone. */
function offsetOf(zone: string): number | undefined {
  if (zone === 'Z') return 0;
  const [hours = 0, minutes = 0] = zone.slice(1).split(':').map(Number);
  if (hours > 14 || minutes > 59) return undefined;
  return (zone.startsWith('-') ? -1 : 1) * (hours * 60 + minutes);
}

/** Reads a date of any precision from year to millisecond, in UTC when it has no zone; undefined when the calendar has no such date. */
export function readDateRange(text: string): DateRange | undefined {
  // a plus sign that was not percent-encoded arrives as a space
  const match = datePattern.exec(text.replace(' ', '+'));
  if (!match) return undefined;
  const [, year = '', month = '01', day = '01', hour = '00', minute = '00', second = '00', fraction = '', zone = 'Z'] =
    match;
  const written = `${year}-${month}-${day}T${hour}:${minute}:${second}.${fraction.slice(0, 3).padEnd(3, '0')}Z`;
  const offset = offsetOf(zone);
  const local = new Date(written);
  if (offset === undefined || Number.isNaN(local.getTime()) || local.toISOString() !== written) return undefined;
  const shift = offset * 60_000;
  const range = { low: local.getTime() - shift, high: nextAfter(local.getTime(), match) - 1 - shift };
  return range.low >= earliest && range.high <= latest ? range : undefined;
}
