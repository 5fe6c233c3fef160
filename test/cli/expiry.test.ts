import { describe, expect, it } from '@jest/globals';
import { readExpiry } from '../../src/cli/expiry.ts';

const now = Date.parse('2026-11-23T12:00:00.000Z');

describe('readExpiry', () => {
  it.each([
    ['12h', '2026-11-24T00:00:00.000Z'],
    ['90d', '2027-02-21T12:00:00.000Z'],
    ['2026-12-01', '2026-12-01T00:00:00.000Z'],
    ['2026-11-23T12:00:01Z', '2026-11-23T12:00:01.000Z'],
  ])('reads %s', (text, expected) => {
    expect(readExpiry(text, now).toISOString()).toBe(expected);
  });

  it.each(['', '0d', '-1d', '5', '5w', '2020-01-01', '2026-11-23T12:00:00Z', 'tomorrow', '100000d'])(
    'refuses %j',
    (text) => {
      expect(() => readExpiry(text, now)).toThrow('--expires');
    },
  );
});
