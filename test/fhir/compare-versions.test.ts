import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { compareVersions } from '../../src/fhir/compare-versions.ts';

describe('compareVersions', () => {
  it.each([
    [undefined, '0'],
    ['1.9.0', '1.10.0'],
    ['1.0', '1.0.0'],
    ['4.0.1', '5.0.0-ballot'],
    ['1.0.0-ballot', '1.0.0'],
    ['1.0.0-ballot', '1.0.0-snapshot'],
    ['2021-12-31', '2022-01-01'],
    ['20220101', '20220102'],
    ['99999999999999999998', '99999999999999999999'],
    ['x', '1'],
  ])('puts %s below %s', (older, newer) => {
    expect(compareVersions(older, newer)).toBeLessThan(0);
    expect(compareVersions(newer, older)).toBeGreaterThan(0);
  });

  it.each([
    ['1.0.0', '1.0.0'],
    ['1.01', '1.1'],
    ['1.0.0+build1', '1.0.0+build2'],
    [undefined, undefined],
  ])('takes %s and %s for the same', (left, right) => {
    expect(compareVersions(left, right)).toBe(0);
  });

  it('is an order of any texts', () => {
    const version = fc.oneof(fc.stringMatching(/^[0-9a-b.-]{0,6}$/), fc.string());
    fc.assert(
      fc.property(version, version, version, (a, b, c) => {
        expect(Math.sign(compareVersions(a, b))).toBe(0 - Math.sign(compareVersions(b, a)));
        if (compareVersions(a, b) <= 0 && compareVersions(b, c) <= 0) {
          expect(compareVersions(a, c)).toBeLessThanOrEqual(0);
        }
      }),
      { numRuns: 2_000 },
    );
  });
});
