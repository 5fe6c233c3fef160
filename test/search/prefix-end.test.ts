import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { prefixEnd } from '../../src/search/prefix-end.ts';

/** PostgreSQL's order in C collation. */
const isBefore = (one: string, other: string): boolean => Buffer.compare(Buffer.from(one), Buffer.from(other)) < 0;

describe('prefixEnd', () => {
  test.each([
    ['abc', 'abd'],
    ['a\ud7ff', 'a\ue000'],
    ['a\uffff', 'a\u{10000}'],
    ['a\u{10ffff}', 'b'],
    ['\u{10ffff}', undefined],
    ['', undefined],
  ])('of %p is %p', (prefix, end) => {
    expect(prefixEnd(prefix)).toBe(end);
  });

  test('parts what begins with the prefix from all that does not', () => {
    const text = fc.string({
      unit: fc.oneof(fc.constantFrom('a', 'z', '\ud7ff', '\ue000', '\uffff', '𐐀', '\u{10ffff}')),
    });
    fc.assert(
      fc.property(text, text, (prefix, value) => {
        const end = prefixEnd(prefix);
        const isWithin = !isBefore(value, prefix) && (end === undefined || isBefore(value, end));
        expect(isWithin).toBe(value.startsWith(prefix));
      }),
      { numRuns: 2_000 },
    );
  });
});
