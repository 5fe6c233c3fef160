import { describe, expect, test } from '@jest/globals';
import { unbounded } from '../../../src/search/number-range.ts';
import { number } from '../../../src/search/types/number.ts';
import { quantity } from '../../../src/search/types/quantity.ts';
import { rowsOf } from '../row-recorder.ts';

const ucum = 'http://unitsofmeasure.org';
const keys = {
  any: 'KEY',
  mg: `unit KEY both ${ucum} mg`,
  code: 'unit KEY code mg',
  name: 'unit KEY code milligram',
};
const mg = { unit: 'milligram', system: ucum, code: 'mg' };

/** The same range under several keys; one that is no point under those of ranges too. */
const under = (names: readonly string[], low: number, high: number) =>
  names.flatMap((key) => [[key, low, high], ...(low < high ? [[`wide ${key}`, low, high]] : [])]);

describe('index of a quantity', () => {
  test.each<[string, unknown, readonly unknown[]]>([
    ['Quantity', { value: 5.4 }, under(['KEY'], 5.4, 5.4)],
    ['Quantity', { value: 5.4, ...mg }, under(Object.values(keys), 5.4, 5.4)],
    ['Quantity', { value: 5.4, unit: 'mg', system: ucum, code: 'mg' }, under([keys.any, keys.mg, keys.code], 5.4, 5.4)],
    ['Quantity', { value: 5.4, unit: 'milligram' }, under([keys.any, keys.name], 5.4, 5.4)],
    ['Age', { value: 5, comparator: '<' }, under(['KEY'], -unbounded, 5)],
    ['Duration', { value: 5, comparator: '>=' }, under(['KEY'], 5, unbounded)],
    [
      'Money',
      { value: 9.5, currency: 'CHF' },
      under(['KEY', 'unit KEY both urn:iso:std:iso:4217 CHF', 'unit KEY code CHF'], 9.5, 9.5),
    ],
    [
      'Range',
      { low: { value: 1, unit: 'milligram' }, high: { value: 2, unit: 'milligram' } },
      under([keys.any, keys.name], 1, 2),
    ],
    ['Range', { high: { value: 2 } }, under(['KEY'], -unbounded, 2)],
    [
      'SampledData',
      { origin: { value: 100, unit: 'milligram' }, factor: 0.5, lowerLimit: 98, data: '2 -4 E 10 L' },
      under([keys.any, keys.name], 98, 105),
    ],
  ])('%s %j', (elementType, value, rows) => {
    expect(rowsOf(quantity, value, elementType)).toEqual(rows);
  });

  test.each<[string, unknown]>([
    ['Quantity', { unit: 'mg' }],
    ['Quantity', { value: '5' }],
    ['Quantity', { value: Infinity }],
    ['Quantity', null],
    ['Range', {}],
    ['SampledData', { origin: { value: 1 }, data: 'E U E' }],
    ['SampledData', { origin: { value: 1 } }],
  ])('gives no rows of %s %j', (elementType, value) => {
    expect(rowsOf(quantity, value, elementType)).toEqual([]);
  });

  test('survives JSON, in which index rows are kept', () => {
    const rows = rowsOf(quantity, { value: 5, comparator: '>' }, 'Quantity');
    expect(JSON.parse(JSON.stringify(rows))).toEqual(rows);
  });
});

describe('index of a number', () => {
  test.each<[string, unknown, readonly unknown[]]>([
    ['decimal', 0.1, [['KEY', 0.1, 0.1]]],
    [
      'Range',
      { low: { value: 0.1 } },
      [
        ['KEY', 0.1, unbounded],
        ['wide KEY', 0.1, unbounded],
      ],
    ],
    ['decimal', '0.1', []],
    ['Range', {}, []],
    ['integer', NaN, []],
  ])('%s %j', (elementType, value, rows) => {
    expect(rowsOf(number, value, elementType)).toEqual(rows);
  });
});
