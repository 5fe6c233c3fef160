import { describe, expect, test } from '@jest/globals';
import { date } from '../../../src/search/types/date.ts';
import { rowsOf } from '../row-recorder.ts';

const day = (text: string) => [`${text}T00:00:00.000Z`, `${text}T23:59:59.999Z`] as const;
const [first] = day('2020-01-01');
const [, last] = day('2020-01-31');

describe('index', () => {
  test.each<[string, unknown, readonly [string, string]]>([
    ['date', '2020-01-01', day('2020-01-01')],
    ['dateTime', '2020-01-01T12:00:00+02:00', ['2020-01-01T10:00:00.000Z', '2020-01-01T10:00:00.999Z']],
    ['instant', '2020-01-01T12:00:00.5Z', ['2020-01-01T12:00:00.500Z', '2020-01-01T12:00:00.500Z']],
    ['Period', { start: '2020-01-01', end: '2020-01-31' }, [first, last]],
    ['Period', { start: '2020-01-01' }, [first, 'infinity']],
    ['Period', { end: '2020-01-31' }, ['-infinity', last]],
    ['Timing', { event: ['2020-01-20', '2020-01-01', '2020-01-31'] }, [first, last]],
    ['Timing', { repeat: { boundsPeriod: { start: '2020-01-01', end: '2020-01-31' }, period: 1 } }, [first, last]],
    ['Timing', { event: ['2020-01-31'], repeat: { boundsPeriod: { end: '2020-01-02' } } }, ['-infinity', last]],
    ['Timing', { event: ['2020-01-01'], repeat: { boundsPeriod: { start: '2020-01-31' } } }, [first, 'infinity']],
  ])('of %s %j', (elementType, value, [low, high]) => {
    const isLong = elementType === 'Period' || elementType === 'Timing';
    const rows = [['KEY', low, high], ...(isLong ? [['long KEY', low, high]] : [])];
    expect(rowsOf(date, value, elementType)).toEqual(rows);
  });

  test.each<[string, unknown]>([
    ['string', '2020'],
    ['Age', { value: 5 }],
    ['date', 'last year'],
    ['date', null],
    ['Period', {}],
    ['Period', { start: 'x' }],
    ['Timing', { code: {} }],
    ['Timing', { event: [null], repeat: null }],
  ])('gives no row of %s %j', (elementType, value) => {
    expect(rowsOf(date, value, elementType)).toEqual([]);
  });
});
