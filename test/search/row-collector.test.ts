import { expect, test } from '@jest/globals';
import { RowCollector } from '../../src/search/row-collector.ts';

test('keeps each row once, in the order in which they came', () => {
  const collector = new RowCollector();
  for (let times = 0; times < 2; times++) {
    collector.token('2');
    collector.token('1');
    collector.reference('1', '2');
    collector.reference('2', '1');
    collector.date('1', '2020-01-01T00:00:00.000Z', 'infinity');
    collector.date('1', '-infinity', 'infinity');
    collector.number('1', 0.5, 1.5);
    collector.number('1', 0.5, 1.6);
    collector.string('1', 'a|b');
    collector.string('11', 'a|b');
    collector.uri('1', 'http://a');
    collector.uri('1', 'http://a|1');
  }
  expect(collector.rows()).toEqual({
    tokens: ['2', '1'],
    references: [
      ['1', '2'],
      ['2', '1'],
    ],
    dates: [
      ['1', '2020-01-01T00:00:00.000Z', 'infinity'],
      ['1', '-infinity', 'infinity'],
    ],
    numbers: [
      ['1', 0.5, 1.5],
      ['1', 0.5, 1.6],
    ],
    strings: [
      ['1', 'a|b'],
      ['11', 'a|b'],
    ],
    uris: [
      ['1', 'http://a'],
      ['1', 'http://a|1'],
    ],
    words: [],
  });
});
