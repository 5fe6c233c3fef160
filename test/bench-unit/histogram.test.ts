import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { addHistograms, histogramOf } from '../bench/load/histogram.ts';

function filled(values: readonly number[]) {
  const histogram = histogramOf();
  for (const value of values) histogram.record(value);
  return histogram;
}

describe('histogramOf', () => {
  test('knows no quantile of nothing', () => {
    expect(histogramOf().quantile(0.5)).toBeNaN();
  });

  test.each([
    { fraction: 0, expected: 1 },
    { fraction: 0.5, expected: 50 },
    { fraction: 0.99, expected: 99 },
    { fraction: 1, expected: 100 },
  ])('quantile $fraction of 1 to 100 is $expected', ({ fraction, expected }) => {
    const values = Array.from({ length: 100 }, (_, index) => index + 1);
    expect(filled(values).quantile(fraction)).toBe(expected);
  });

  test('is off by less than one per cent, whatever the size', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 2 ** 31 - 1 }), (value) => {
        const seen = filled([value]).quantile(0.5);
        expect(Math.abs(seen - value) / value).toBeLessThan(0.01);
      }),
    );
  });

  test('takes the negative for zero and the endless for its largest', () => {
    expect(filled([-5]).quantile(1)).toBe(0);
    expect(filled([Infinity]).quantile(1)).toBeGreaterThan(2 ** 30);
  });
});

test('addHistograms is as if one had recorded everything', () => {
  const values = fc.array(fc.integer({ min: 0, max: 10_000_000 }));
  fc.assert(
    fc.property(values, values, (one, other) => {
      const sum = addHistograms([filled(one).counts, filled(other).counts]);
      expect(sum.counts).toEqual(filled([...one, ...other]).counts);
    }),
  );
});
