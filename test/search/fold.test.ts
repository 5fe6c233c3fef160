import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { fold, longestString } from '../../src/search/fold.ts';

describe('fold', () => {
  test.each([
    ['Müller', 'MULLER'],
    ['Strasse', 'STRAßE'],
    ['ΟΔΟΣ', 'οδός'],
    ['İstanbul', 'istanbul'],
    ['ﬁne', 'FINE'],
    ['Jose\u0301', 'José'],
    ['  Anna \t Maria\n', 'anna maria'],
    ['Ångström', 'angstrom'],
    ['Łukasz Đặng', 'lukasz dang'],
    ['Ærøskøbing', 'aeroskobing'],
    ['שָׁלוֹם', 'שלום'],
  ])('%p is the same as %p', (one, other) => {
    expect(fold(one)).toBe(fold(other));
  });

  test.each([
    ['か', 'が'],
    ['राम', 'रम'],
    ['100%', '100'],
    ['a_b', 'axb'],
  ])('%p is not %p', (one, other) => {
    expect(fold(one)).not.toBe(fold(other));
  });

  test.each(['', ' ', '\u0301', '\u0000\t'])('%p leaves nothing', (text) => {
    expect(fold(text)).toBe('');
  });

  test('keeps control characters, which cannot be stored, out', () => {
    expect(fold('a\u0000b')).toBe('a b');
  });

  test('keeps the first 400 characters, and never half of one', () => {
    expect(fold('𐐀'.repeat(1000))).toBe(fold('𐐀'.repeat(longestString)));
    expect(Array.from(fold('𐐀'.repeat(1000)))).toHaveLength(longestString);
    expect(Buffer.byteLength(fold('\u{10ffff}'.repeat(1000)))).toBeLessThan(2_700);
  });

  test('a long beginning is found in a longer text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 50 }), fc.integer({ min: 1, max: 60 }), (word, times) => {
        const text = `${word} `.repeat(times);
        expect(fold(fold(text))).toBe(fold(text));
        expect(fold(`${text}tail`).startsWith(fold(text))).toBe(true);
      }),
    );
  });
});
