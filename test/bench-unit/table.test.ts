import { describe, expect, test } from '@jest/globals';
import { readable, readableAim, readableSpread, table } from '../bench/report/table.ts';

test('table aligns numbers to the right, in Markdown and in plain text', () => {
  const rows = [
    ['read', '12,345'],
    ['transaction', '9'],
  ];
  expect(table(['workload', 'req/s'], rows)).toBe(
    [
      '| workload    |  req/s |',
      '| ----------- | -----: |',
      '| read        | 12,345 |',
      '| transaction |      9 |',
    ].join('\n'),
  );
});

test.each([
  [12_345.6, '12,346'],
  [99.94, '99.9'],
  [1.234, '1.23'],
  [0, '0'],
  [Number.NaN, '–'],
])('readable(%d) is %s', (value, expected) => {
  expect(readable(value)).toBe(expected);
});

const spread = { median: 220, lowest: 200, highest: 240 };

test('readableSpread leaves out a spread of nothing', () => {
  expect(readableSpread(spread)).toBe('220 (200–240)');
  expect(readableSpread({ median: 2, lowest: 2, highest: 2 })).toBe('2');
});

describe('readableAim', () => {
  test.each([
    [undefined, ''],
    [220, '≤ 220 met'],
    [200, '≤ 200 missed by 10 %'],
  ])('of %p', (aim, expected) => {
    expect(readableAim(aim, spread)).toBe(expected);
  });
});
