import { createHash as createDigest } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import { createHash } from '../../src/search/hash.ts';

const hash = createHash('secret');

describe('createHash', () => {
  test.each(['', 'a', 'type|Patient', 'Zoë 中', 'x'.repeat(100_000)])(
    'is the first 8 bytes of SHA-256 of secret and text',
    (text) => {
      const expected = createDigest('sha256').update(`secret${text}`).digest().readBigInt64BE(0).toString();
      expect(hash(text)).toBe(expected);
      expect(hash(text)).toBe(expected);
    },
  );

  test('fits a signed 64-bit column', () => {
    for (let value = 0; value < 1000; value++) {
      const key = BigInt(hash(String(value)));
      expect(BigInt.asIntN(64, key)).toBe(key);
    }
  });

  test('depends on the secret', () => {
    expect(createHash('other')('a')).not.toBe(hash('a'));
  });

  test('stays the same when more texts came between than are remembered', () => {
    const before = hash('first');
    for (let value = 0; value < 50_000; value++) hash(`between ${value}`);
    expect(hash('first')).toBe(before);
  });
});
