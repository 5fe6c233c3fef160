import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { quantile, statistics } from '../../src/operations/statistics.ts';

const ascending = (numbers: readonly number[]) => numbers.toSorted((one, other) => one - other);

function compute(code: string, numbers: readonly number[], total = numbers.length): number | undefined {
  const statistic = statistics.get(code);
  if (!statistic) throw new Error(`No ${code}`);
  return statistic.of({ sorted: ascending(numbers), total });
}

describe('of 2, 4, 4, 4, 5, 5, 7, 9', () => {
  test.each<[string, number]>([
    ['average', 5],
    ['maximum', 9],
    ['minimum', 2],
    ['count', 8],
    ['total-count', 8],
    ['median', 4.5],
    ['std-dev', Math.sqrt(32 / 7)],
    ['sum', 40],
    ['variance', 32 / 7],
    ['20-percent', 4],
    ['80-percent', 6.2],
    ['4-lower', 4],
    ['4-upper', 5.5],
    ['4-dev', 0.75],
    ['5-1', 4],
    ['5-2', 4],
    ['5-3', 5],
    ['5-4', 6.2],
    ['skew', 0.65625],
    ['kurtosis', 2.78125],
  ])('%s is %d', (code, expected) => {
    expect(compute(code, [2, 4, 4, 4, 5, 5, 7, 9])).toBeCloseTo(expected, 12);
  });

  test('are all there are', () => {
    expect(statistics.size).toBe(20);
  });
});

test('there are none of nothing, and few of one', () => {
  const codes = [...statistics.keys()];
  const absent = (numbers: readonly number[]) => codes.filter((code) => compute(code, numbers) === undefined);
  expect(absent([])).toEqual(codes.filter((code) => code !== 'count' && code !== 'total-count'));
  expect(absent([3])).toEqual(['std-dev', 'variance', 'skew', 'kurtosis']);
  expect(absent([3, 3, 3])).toEqual(['skew', 'kurtosis']);
  expect(compute('variance', [0.1, 0.1, 0.1])).toBe(0);
});

test('what large numbers lose is kept', () => {
  expect(compute('sum', [1e16, 1, -1e16])).toBe(1);
  expect(compute('average', [1e9 + 0.1, 1e9 + 0.3])).toBeCloseTo(1e9 + 0.2, 6);
  expect(compute('variance', [1e9 + 1, 1e9 + 2, 1e9 + 3])).toBeCloseTo(1, 9);
});

/** As instruments give them. */
const number = fc.integer({ min: -1e9, max: 1e9 }).map((thousandths) => thousandths / 1_000);
const several = fc.array(number, { minLength: 2, maxLength: 60 });
const inUnit = [...statistics].filter(([, { measure }]) => measure === 'unit').map(([code]) => code);
const spreads = new Set(['std-dev', 'sum', '4-dev']);
const near = (found: number | undefined, expected: number, scale: number) =>
  Math.abs((found ?? Number.NaN) - expected) <= 1e-9 * Math.max(1, scale);

describe('for any numbers', () => {
  test('places lie between the least and the greatest, in order', () => {
    fc.assert(
      fc.property(several, (numbers) => {
        const places = ['minimum', '5-1', '4-lower', '5-2', 'median', '5-3', '4-upper', '5-4', 'maximum'];
        const found = places.map((code) => compute(code, numbers) ?? Number.NaN);
        expect(found).toEqual(ascending(found));
        const average = compute('average', numbers) ?? Number.NaN;
        const slack = 1e-9 * Math.max(1, ...numbers.map(Math.abs));
        expect(average).toBeGreaterThanOrEqual((found[0] ?? 0) - slack);
        expect(average).toBeLessThanOrEqual((found.at(-1) ?? 0) + slack);
      }),
    );
  });

  test('what is moved and stretched has statistics that are moved and stretched', () => {
    const whole = fc.integer({ min: -10_000, max: 10_000 });
    fc.assert(
      fc.property(
        fc.array(whole, { minLength: 2, maxLength: 40 }),
        whole,
        fc.integer({ min: 1, max: 50 }),
        (numbers, shift, factor) => {
          const moved = numbers.map((one) => one * factor + shift);
          for (const code of inUnit.filter((one) => !spreads.has(one))) {
            expect(near(compute(code, moved), (compute(code, numbers) ?? 0) * factor + shift, 1e6)).toBe(true);
          }
          const variance = (compute('variance', numbers) ?? 0) * factor ** 2;
          expect(near(compute('variance', moved), variance, variance)).toBe(true);
          const skew = compute('skew', numbers);
          if (skew !== undefined) expect(near(compute('skew', moved), skew, 100)).toBe(true);
        },
      ),
    );
  });

  test('kurtosis is not below the square of skew and one', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: -1_000, max: 1_000 }), { minLength: 2, maxLength: 40 }), (numbers) => {
        const [skew, kurtosis] = [compute('skew', numbers), compute('kurtosis', numbers)];
        fc.pre(skew !== undefined && kurtosis !== undefined);
        expect(kurtosis).toBeGreaterThanOrEqual(skew ** 2 + 1 - 1e-9);
      }),
    );
  });

  test('a share of all numbers lies at or below its quantile', () => {
    fc.assert(
      fc.property(several, fc.double({ min: 0, max: 1, noNaN: true }), (numbers, share) => {
        const place = quantile(ascending(numbers), share) ?? Number.NaN;
        const below = numbers.filter((one) => one < place).length;
        const atMost = numbers.filter((one) => one <= place).length;
        expect(below).toBeLessThanOrEqual(Math.ceil((numbers.length - 1) * share));
        expect(atMost).toBeGreaterThanOrEqual(Math.floor((numbers.length - 1) * share));
      }),
    );
  });
});
