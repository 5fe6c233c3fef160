import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { compareNumber } from '../../src/search/number-range.ts';

function within(value: number, prefix: 'eq' | 'ap', text: string): boolean {
  const { low = NaN, high = NaN } = compareNumber(prefix, text) ?? {};
  return low <= value && value <= high;
}

describe('eq means the precision that is written', () => {
  test.each([
    ['100', 99.5, true],
    ['100', 100.49999, true],
    ['100', 100.5, false],
    ['100', 99.49999, false],
    ['100.00', 99.995, true],
    ['100.00', 100.005, false],
    ['5.4', 5.35, true],
    ['5.4', 5.45, false],
    ['5.40', 5.35, false],
    ['2e-3', 0.0015, true],
    ['2e-3', 0.0025, false],
    // the example of R4 gives 1e2 one significant digit, and the range that two have
    ['1e2', 50, true],
    ['1e2', 150, false],
    ['1.0e2', 95, true],
    ['1.0e2', 105, false],
    ['1.00e2', 99.5, true],
    ['1.00e2', 99.4, false],
    ['-5.4', -5.45, true],
    ['-5.4', -5.35, false],
    ['0', -0.5, true],
    ['0', 0.5, false],
    ['1e 2', 100, true],
    ['+7', 7, true],
  ])('%s and %p: %p', (text, value, isEqual) => {
    expect(within(value, 'eq', text)).toBe(isEqual);
  });

  test('of every decimal, whose neighbours at half a digit are told apart without rounding', () => {
    fc.assert(
      fc.property(fc.integer({ min: -1e6, max: 1e6 }), fc.integer({ min: 0, max: 8 }), (digits, places) => {
        const shift = (half: number): number => Number(`${digits * 10 + half}e${-places - 1}`);
        const text = (digits / 10 ** places).toFixed(places);
        expect([within(shift(-5), 'eq', text), within(shift(0), 'eq', text), within(shift(5), 'eq', text)]).toEqual([
          true,
          true,
          false,
        ]);
      }),
    );
  });
});

test.each(['gt', 'lt', 'ge', 'le', 'sa', 'eb'] as const)('%s goes by the exact value', (prefix) => {
  expect(compareNumber(prefix, '-3.5')).toEqual({ prefix, low: -3.5, high: -3.5 });
});

test.each([
  ['100', 90, true],
  ['100', 110, true],
  ['100', 111, false],
  ['-100', -110, true],
  ['0', 0.4, true],
  ['1', 0.5, true],
])('ap%s and %p: %p', (text, value, isNear) => {
  expect(within(value, 'ap', text)).toBe(isNear);
});

test.each(['', '-', '.5', '5.', 'abc', '1e', '0x10', 'Infinity', 'NaN', '1e999', '1'.repeat(200), '1,5', '１', '- 5'])(
  '%p is no number',
  (text) => {
    expect(compareNumber('eq', text)).toBeUndefined();
  },
);
