import { describe, expect, test } from '@jest/globals';
import { FhirError } from '../../src/fhir/fhir-error.ts';
import { readDateRange, readInstantRange, readQueryDate } from '../../src/search/date-range.ts';

describe('readDateRange', () => {
  test.each([
    ['2000', '2000-01-01T00:00:00.000Z', '2000-12-31T23:59:59.999Z'],
    ['2000-02', '2000-02-01T00:00:00.000Z', '2000-02-29T23:59:59.999Z'],
    ['2000-12', '2000-12-01T00:00:00.000Z', '2000-12-31T23:59:59.999Z'],
    ['2000-02-29', '2000-02-29T00:00:00.000Z', '2000-02-29T23:59:59.999Z'],
    ['2000-01-01T10:00Z', '2000-01-01T10:00:00.000Z', '2000-01-01T10:00:59.999Z'],
    ['2000-01-01T10:00:07', '2000-01-01T10:00:07.000Z', '2000-01-01T10:00:07.999Z'],
    ['2000-01-01T10:00:07.5Z', '2000-01-01T10:00:07.500Z', '2000-01-01T10:00:07.500Z'],
    ['2000-01-01T10:00:07.123456Z', '2000-01-01T10:00:07.123Z', '2000-01-01T10:00:07.123Z'],
    ['2000-01-01T10:00:00+02:00', '2000-01-01T08:00:00.000Z', '2000-01-01T08:00:00.999Z'],
    ['2000-01-01T00:30:00-05:30', '2000-01-01T06:00:00.000Z', '2000-01-01T06:00:00.999Z'],
    ['2016-12-31T23:59:60Z', '2017-01-01T00:00:00.000Z', '2017-01-01T00:00:00.999Z'],
    ['0050', '0050-01-01T00:00:00.000Z', '0050-12-31T23:59:59.999Z'],
    ['9999', '9999-01-01T00:00:00.000Z', '9999-12-31T23:59:59.999Z'],
    ['0001-01-01T00:00:00+14:00', '0001-01-01T00:00:00.000Z', '0001-01-01T00:00:00.000Z'],
    ['9999-12-31T23:59:59-12:00', '9999-12-31T23:59:59.999Z', '9999-12-31T23:59:59.999Z'],
  ])('%s is %s to %s', (text, low, high) => {
    expect(readDateRange(text)).toEqual({ low, high });
  });

  test.each([
    '',
    '0000',
    '200',
    '20000',
    '2001-02-29',
    '1900-02-29',
    '2000-13',
    '2000-00',
    '2000-01-32',
    '2000-01-01T24:00:00Z',
    '2000-01-01T10:60Z',
    '2000-01-01T10:00:61Z',
    '2000-01-01T10',
    '2000-01-01T10:00:00+15:00',
    '2000-01-01T10:00:00+01:99',
    '2000-01-01Z',
    '2000-1-1',
    '2000-01-01 ',
    ' 2000',
    '２０００',
    '2000-01-01T10:00:00 02:00',
  ])('%p is no date', (text) => {
    expect(readDateRange(text)).toBeUndefined();
  });
});

test('a plus sign that became a space is a plus sign in a query', () => {
  expect(readQueryDate('2000-01-01T10:00:00 02:00')?.low).toBe('2000-01-01T08:00:00.000Z');
});

describe('readInstantRange', () => {
  test('names the parameter and not the value', () => {
    const error = (() => {
      try {
        return readInstantRange('secret', 'http._since');
      } catch (thrown) {
        return thrown;
      }
    })();
    expect(error).toBeInstanceOf(FhirError);
    expect((error as FhirError).issues[0]?.expression).toEqual(['http._since']);
    expect(JSON.stringify((error as FhirError).issues)).not.toContain('secret');
  });

  test('gives the range', () => {
    expect(readInstantRange('2020-01-01', 'http._since').low).toBe('2020-01-01T00:00:00.000Z');
  });
});
