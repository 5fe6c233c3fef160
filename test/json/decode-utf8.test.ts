import { Buffer } from 'node:buffer';
import { describe, expect, test } from '@jest/globals';
import { decodeUtf8 } from '../../src/json/decode-utf8.ts';

describe('decodeUtf8', () => {
  test.each(['', '{}', 'é', '漢字', '😀', '\u0000'])('decodes %j', (text) => {
    expect(decodeUtf8(new TextEncoder().encode(text))).toBe(text);
  });

  test('decodes a part of a larger buffer', () => {
    expect(decodeUtf8(Buffer.from('xx{"é":1}').subarray(2))).toBe('{"é":1}');
  });

  test.each([
    ['a byte order mark', [0xef, 0xbb, 0xbf, 0x7b, 0x7d]],
    ['UTF-16 with a mark', [0xff, 0xfe, 0x7b, 0x00]],
    ['a lone continuation byte', [0x80]],
    ['a cut sequence', [0xe2, 0x82]],
    ['an overlong slash', [0xc0, 0xaf]],
    ['an encoded surrogate', [0xed, 0xa0, 0x80]],
    ['a code point beyond Unicode', [0xf4, 0x90, 0x80, 0x80]],
    ['Latin-1', [0x22, 0xe9, 0x22]],
  ])('refuses %s', (_name, bytes) => {
    expect(decodeUtf8(Uint8Array.from(bytes))).toMatchObject({ severity: 'fatal', code: 'structure' });
  });
});
