import { describe, expect, test } from '@jest/globals';
import { string } from '../../../src/search/types/string.ts';
import { rowsOf } from '../row-recorder.ts';

describe('index', () => {
  test.each<[string, unknown, readonly string[]]>([
    ['string', 'Müller', ['muller']],
    ['markdown', 'Some *text*\nhere', ['some *text* here']],
    [
      'HumanName',
      {
        use: 'official',
        family: 'Doe',
        given: ['Jane', 'Q'],
        prefix: ['Dr'],
        suffix: ['II'],
        text: 'Jane Doe',
        period: {},
      },
      ['jane doe', 'doe', 'jane', 'q', 'dr', 'ii'],
    ],
    [
      'Address',
      {
        use: 'home',
        type: 'both',
        line: ['1 Main St'],
        city: 'Bern',
        district: 'D',
        state: 'BE',
        postalCode: '3000',
        country: 'CH',
      },
      ['1 main st', 'bern', 'd', 'be', '3000', 'ch'],
    ],
    ['Extension', { url: 'u', valueString: 'X' }, ['x']],
  ])('of %s %j', (elementType, value, texts) => {
    expect(rowsOf(string, value, elementType).filter(Array.isArray)).toEqual(texts.map((text) => ['KEY', text]));
  });

  test('keeps each text as it is written as well', () => {
    expect(rowsOf(string, { family: 'Müller ' }, 'HumanName')).toEqual([['KEY', 'muller'], 'exact KEY Müller ']);
  });

  test.each([undefined, null, 7, '', ' ', [], { given: [null, 7, {}] }])('gives no rows of %j', (value) => {
    expect(rowsOf(string, value, 'HumanName')).toEqual([]);
  });
});
