import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { copyLossless, equalsLossless } from '../../src/json/compare-lossless.ts';
import { JsonNumber, type LosslessValue, parseLossless, stringifyLossless } from '../../src/json/lossless.ts';

describe('parseLossless and stringifyLossless', () => {
  test.each([
    '{"b":1.00,"a":-0,"2":1E+2,"1":12345678901234567890.50}',
    '{"__proto__":{"x":1},"constructor":null,"":[]}',
    '[true,false,null,"",[],{}]',
    '"text"',
    '1.0',
  ])('keep %s', (text) => {
    expect(stringifyLossless(parseLossless(text))).toBe(text);
  });

  test('drop only white space and needless escapes', () => {
    expect(stringifyLossless(parseLossless(' { "\\u0061" : [ "\\/" , 1.50 ] } '))).toBe('{"a":["/",1.50]}');
  });

  test('agree with JSON', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 5 }), (value) => {
        // duplicate, lone surrogates and U+0000 are refused, so only clean texts are compared
        const text = JSON.stringify(value);
        fc.pre(!/\\u(?:0000|d[89a-f])/.test(text) && !/e[+-]?3\d\d/.test(text));
        expect(JSON.parse(stringifyLossless(parseLossless(text)))).toEqual(JSON.parse(text));
      }),
    );
  });

  test.each(['', '{"a":1,"a":2}', '{', '["\\u0000"]', '['.repeat(100_000)])('refuse %#', (text) => {
    expect(() => parseLossless(text)).toThrow(expect.objectContaining({ status: 400 }));
  });

  test('refuse a tree that is too deep', () => {
    let value: LosslessValue = 'leaf';
    for (let level = 0; level < 100_000; level += 1) value = [value];
    expect(() => stringifyLossless(value)).toThrow(expect.objectContaining({ status: 413 }));
    expect(() => copyLossless(value, () => {})).toThrow(expect.objectContaining({ status: 413 }));
  });
});

describe('equalsLossless', () => {
  const equal = (one: string, other: string): boolean => equalsLossless(parseLossless(one), parseLossless(other));

  test.each([
    ['1', '1.00'],
    ['100', '1e2'],
    ['0.010', '1E-2'],
    ['0', '-0.00'],
    ['0e5', '0'],
    ['12345678901234567890', '12345678901234567890.0'],
    ['{"a":1,"b":[2]}', '{"b":[2.0],"a":1}'],
    ['null', 'null'],
    ['"é"', '"\\u00e9"'],
  ])('%s equals %s', (one, other) => {
    expect(equal(one, other)).toBe(true);
  });

  test.each([
    ['1', '"1"'],
    ['1', '-1'],
    ['12345678901234567890', '12345678901234567891'],
    ['[1,2]', '[2,1]'],
    ['[1]', '[1,1]'],
    ['{"a":1}', '{"a":1,"b":1}'],
    ['{"a":1}', '{"b":1}'],
    ['[]', '{}'],
    ['null', 'false'],
    ['null', '{}'],
  ])('%s does not equal %s', (one, other) => {
    expect(equal(one, other)).toBe(false);
    expect(equal(other, one)).toBe(false);
  });

  test('compares numbers as they are, not as doubles', () => {
    fc.assert(
      fc.property(fc.bigInt(), fc.nat({ max: 20 }), (number, zeros) => {
        const text = `${number}.${'0'.repeat(zeros + 1)}`;
        expect(equalsLossless(new JsonNumber(text), new JsonNumber(`${number}`))).toBe(true);
        expect(equalsLossless(new JsonNumber(text), new JsonNumber(`${number + 1n}`))).toBe(false);
      }),
    );
  });
});

describe('copyLossless', () => {
  test('shares nothing and tells its size', () => {
    const value = parseLossless('{"ab":["0123456789abcdef",1]}');
    const spent: number[] = [];
    const copy = copyLossless(value, (size) => spent.push(size));
    expect(copy).toEqual(value);
    (copy as Map<string, LosslessValue[]>).get('ab')?.push('more');
    expect(stringifyLossless(value)).toBe('{"ab":["0123456789abcdef",1]}');
    expect(spent.reduce((sum, size) => sum + size, 0)).toBe(6);
  });
});
