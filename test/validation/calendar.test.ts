/** Which dates exist, checked against the calendar of JavaScript. https://hl7.org/fhir/R4/datatypes.html#date */
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { isAfter, isCalendarDate } from '../../src/validation/calendar.ts';

const pad = (value: number, width: number): string => String(value).padStart(width, '0');

describe('isCalendarDate', () => {
  test('agrees with the calendar', () => {
    const parts = [
      fc.integer({ min: 100, max: 9999 }),
      fc.integer({ min: 1, max: 12 }),
      fc.integer({ min: 1, max: 31 }),
    ];
    fc.assert(
      fc.property(
        ...(parts as [fc.Arbitrary<number>, fc.Arbitrary<number>, fc.Arbitrary<number>]),
        (year, month, day) => {
          const text = `${pad(year, 4)}-${pad(month, 2)}-${pad(day, 2)}`;
          const exists = new Date(Date.UTC(year, month - 1, day)).getUTCMonth() === month - 1;
          expect(isCalendarDate(text)).toBe(exists);
          expect(isCalendarDate(`${text}T00:00:00Z`)).toBe(exists);
        },
      ),
      { numRuns: 2000 },
    );
  });

  test.each(['2000', '2000-02', '2000-02-29', '2024-02-29', '2023-02-28'])('%s exists', (text) => {
    expect(isCalendarDate(text)).toBe(true);
  });

  test.each(['1900-02-29', '2100-02-29', '2023-02-29', '2024-02-30', '2024-04-31'])('%s does not', (text) => {
    expect(isCalendarDate(text)).toBe(false);
  });
});

describe('isAfter', () => {
  test.each([
    ['2001', '2000', true],
    ['2000', '2001', false],
    ['2000', '2000-06', false],
    ['2000-07', '2000-06-30', true],
    ['2000-06-30T23:00:00Z', '2000-06-30', false],
    ['2000-07-01T00:00:00Z', '2000-06-30', true],
    ['2000-01-01T12:00:00+02:00', '2000-01-01T10:30:00Z', false],
    ['2000-01-01T12:00:00-02:00', '2000-01-01T12:30:00Z', true],
  ])('%s after %s: %s', (start, end, expected) => {
    expect(isAfter(start, end)).toBe(expected);
  });
});
