import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { createCanonicalUnits } from '../../src/search/canonical-quantity.ts';

const unitOf = createCanonicalUnits();

function canonical(value: number, code: string): readonly [key: string | undefined, value: number | undefined] {
  const unit = unitOf(code);
  return [unit?.key, unit?.convert(value)];
}

describe('the same quantity in different units is one', () => {
  test.each([
    [5, 'mg', 0.005, 'g'],
    [1, '[lb_av]', 453.59237, 'g'],
    [37, 'Cel', 98.6, '[degF]'],
    [37, 'Cel', 310.15, 'K'],
    [-40, 'Cel', -40, '[degF]'],
    [120, 'mm[Hg]', 15.99864, 'kPa'],
    [60, '/min', 1, '/s'],
    [72, '{beats}/min', 72, '/min'],
    [5.5, 'mmol/L', 0.0055, 'mol/L'],
    [100, 'mg/dL', 1, 'g/L'],
    [4.5, '10*9/L', 4.5, '/nL'],
    [1, '[in_i]', 2.54, 'cm'],
    [50, '%', 0.5, '1'],
    [1, 'k[iU]/L', 1, '[iU]/mL'],
    [90, 'min', 1.5, 'h'],
    [7, '{score}', 7, '1'],
  ])('%d %s is %d %s', (value, unit, other, otherUnit) => {
    expect(canonical(value, unit)).toEqual(canonical(other, otherUnit));
    expect(canonical(value, unit)[0]).toBeDefined();
  });

  const scales = [
    ['mg', 'g', 3],
    ['ug', 'kg', 9],
    ['mmol/L', 'mol/L', 3],
    ['mL', 'L', 3],
    ['cm', 'm', 2],
    ['mg/dL', 'g/L', 2],
    ['%', '1', 2],
    ['10*9/L', '/nL', 0],
    ['Pa', 'kPa', 3],
  ] as const;

  test('whatever number of up to nine digits', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...scales),
        fc.integer({ min: -999_999_999, max: 999_999_999 }),
        fc.integer({ min: -6, max: 3 }),
        ([small, large, digits], mantissa, exponent) => {
          const [first, second] = [Number(`${mantissa}e${exponent}`), Number(`${mantissa}e${exponent - digits}`)];
          expect(canonical(first, small)).toEqual(canonical(second, large));
        },
      ),
    );
  });
});

test.each([
  ['mg', 'mL'],
  ['mg/dL', 'mmol/L'],
  ['[iU]', "[arb'U]"],
  ['[iU]', '1'],
  ['mol', '1'],
  ['dB', 'B[V]'],
])('%s and %s measure different things', (one, other) => {
  expect(unitOf(one)?.key).not.toBe(unitOf(other)?.key);
});

test.each([
  '',
  'milligrams',
  'mcg',
  ' mg',
  'mg ',
  'mgg',
  'constructor',
  '__proto__',
  '{',
  'm'.repeat(101),
  '/'.repeat(99),
])('%j is no unit', (code) => {
  expect(unitOf(code)).toBeUndefined();
});

test('order is kept, whatever the unit', () => {
  fc.assert(
    fc.property(
      fc.constantFrom('mg', 'Cel', '[degF]', 'mm[Hg]', '[pH]', '[iU]/L'),
      fc.double({ min: -1e6, max: 1e6, noNaN: true }),
      fc.double({ min: -1e6, max: 1e6, noNaN: true }),
      (code, one, other) => {
        const convert = unitOf(code)?.convert ?? (() => NaN);
        expect(Math.sign(convert(Math.max(one, other)) - convert(Math.min(one, other)))).toBeGreaterThanOrEqual(0);
      },
    ),
  );
});
