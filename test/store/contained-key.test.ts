import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { containedKey, placeOf } from '../../src/store/contained-key.ts';

const resourceKey = fc.bigInt({ min: 1n, max: 2n ** 38n - 1n });
const place = fc.integer({ min: 0, max: 2 ** 24 - 1 });

describe('keys of contained resources', () => {
  test('are negative, tell the place, and no two are the same', () => {
    fc.assert(
      fc.property(resourceKey, place, resourceKey, place, (one, here, other, there) => {
        const [first, second] = [containedKey(String(one), here), containedKey(String(other), there)];
        expect([placeOf(first), placeOf(second)]).toEqual([here, there]);
        expect([BigInt(first) < 0n, BigInt(first) >= -(2n ** 62n)]).toEqual([true, true]);
        expect(first === second).toBe(one === other && here === there);
        if (one !== other) expect(BigInt(first) < BigInt(second)).toBe(one < other);
      }),
    );
  });

  test('other keys have no place', () => {
    expect(placeOf('256')).toBeUndefined();
  });
});
