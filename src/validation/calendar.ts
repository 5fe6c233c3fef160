/** Dates that exist, and which of two comes first. https://hl7.org/fhir/R4/datatypes.html#date */

const daysInMonth = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

const isLeapYear = (year: number): boolean => year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);

/** True unless a date, dateTime or instant names a day that its month does not have. The rest of its shape is taken as checked. */
export function isCalendarDate(text: string): boolean {
  if (text.length < 10) return true;
  const month = Number(text.slice(5, 7));
  const day = Number(text.slice(8, 10));
  const days = month === 2 && isLeapYear(Number(text.slice(0, 4))) ? 29 : (daysInMonth[month - 1] ?? 0);
  return day <= days;
}

/** True when `start` surely is after `end`. Of different precision, only what both state is compared, as FHIRPath does. */
export function isAfter(start: string, end: string): boolean {
  const precision = Math.min(start.length, end.length, 10);
  if (start.length > 10 && end.length > 10) return Date.parse(start) > Date.parse(end);
  return start.slice(0, precision) > end.slice(0, precision);
}
