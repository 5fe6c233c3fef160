import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { splitValue, unescapeValue } from '../../src/search/split-value.ts';

describe('splitValue', () => {
  test.each([
    ['a', ['a']],
    ['', ['']],
    ['a,b', ['a', 'b']],
    [',a,', ['', 'a', '']],
    [String.raw`a\,b,c`, [String.raw`a\,b`, 'c']],
    [String.raw`a\\,b`, [String.raw`a\\`, 'b']],
    [String.raw`a\\\,b`, [String.raw`a\\\,b`]],
    [String.raw`a,b\ `.trim(), ['a', 'b\\']],
  ])('%p gives %p', (text, parts) => {
    expect(splitValue(text, ',')).toEqual(parts);
  });

  test('splits at | as at ,', () => {
    expect(splitValue(String.raw`a\|b|c,d`, '|')).toEqual([String.raw`a\|b`, 'c,d']);
  });
});

describe('unescapeValue', () => {
  test.each([
    [String.raw`a\,b\|c\$d\\e`, String.raw`a,b|c$d\e`],
    [String.raw`\\,`, String.raw`\,`],
    [String.raw`C:\dir`, String.raw`C:\dir`],
    ['plain', 'plain'],
  ])('%p gives %p', (text, value) => {
    expect(unescapeValue(text)).toBe(value);
  });
});

test('what is escaped and joined comes apart again', () => {
  const escape = (text: string): string => text.replaceAll(/[,|$\\]/g, String.raw`\$&`);
  fc.assert(
    fc.property(fc.array(fc.string(), { minLength: 1 }), (values) => {
      expect(splitValue(values.map(escape).join(','), ',').map(unescapeValue)).toEqual(values);
    }),
  );
});
