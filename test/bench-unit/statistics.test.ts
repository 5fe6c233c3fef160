import { expect, test } from '@jest/globals';
import { spreadOf } from '../bench/statistics.ts';

test.each([
  { values: [3, 1, 2], expected: { median: 2, lowest: 1, highest: 3 } },
  { values: [4, 1, 2, 3], expected: { median: 2.5, lowest: 1, highest: 4 } },
  { values: [7], expected: { median: 7, lowest: 7, highest: 7 } },
  { values: [], expected: { median: Number.NaN, lowest: Number.NaN, highest: Number.NaN } },
])('spreadOf $values', ({ values, expected }) => {
  expect(spreadOf(values)).toEqual(expected);
});
