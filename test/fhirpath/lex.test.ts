import { describe, expect, test } from '@jest/globals';
import { lex } from '../../src/fhirpath/lex.ts';

const tokens = (source: string): string[] => lex(source).map(({ kind, text }) => `${kind}:${text}`);

describe('lex', () => {
  test.each<[string, string, string[]]>([
    ['a path', 'Patient.name', ['identifier:Patient', 'symbol:.', 'identifier:name']],
    [
      'symbols, longest first',
      'a<=b!=c!~d',
      ['identifier:a', 'symbol:<=', 'identifier:b', 'symbol:!=', 'identifier:c', 'symbol:!~', 'identifier:d'],
    ],
    [
      'a number and a member of it',
      '1.5.toString()',
      ['number:1.5', 'symbol:.', 'identifier:toString', 'symbol:(', 'symbol:)'],
    ],
    ['variables', '$this $index $total', ['variable:this', 'variable:index', 'variable:total']],
    ['dates of every precision', '@2020 @2020-02 @2020-02-03', ['date:2020', 'date:2020-02', 'date:2020-02-03']],
    ['a partial dateTime', '@2020T', ['dateTime:2020T']],
    ['a dateTime with a zone', '@2020-02-03T04:05:06.789+10:00', ['dateTime:2020-02-03T04:05:06.789+10:00']],
    ['a dateTime in UTC', '@2020-02-03T04Z', ['dateTime:2020-02-03T04Z']],
    ['times', '@T12 @T12:30:01.5', ['time:T12', 'time:T12:30:01.5']],
    ['a date less a number', '@2020-1', ['date:2020', 'symbol:-', 'number:1']],
    ['a delimited name', '`div`', ['delimited:div']],
    ['a quoted name of older FHIRPath', '"vs-name"', ['delimited:vs-name']],
    ['an empty string', "''", ['string:']],
    ['escapes', String.raw`'\'\"\`\\\/\f\n\r\t'`, ['string:\'"`\\/\f\n\r\t']],
    ['a unicode escape', String.raw`'\u00e9\u4E2D'`, ['string:é中']],
    ['a backslash that escapes nothing', String.raw`'\p\3\u12'`, ['string:p3u12']],
    ['an escape at the end of a regular expression', String.raw`'\\d+\\.'`, [String.raw`string:\d+\.`]],
    ['whitespace and comments', ' a // one\n /* two * / */ b /**/', ['identifier:a', 'identifier:b']],
    ['division is no comment', 'a/b', ['identifier:a', 'symbol:/', 'identifier:b']],
    ['nothing', ' \t\r\n', []],
  ])('%s', (_name, source, expected) => {
    expect(tokens(source)).toEqual([...expected, 'end:']);
  });

  test('tokens know where they begin', () => {
    expect(lex(" a .'b'").map(({ position }) => position)).toEqual([1, 3, 4, 7]);
  });

  test.each([
    ['an open string', "a = 'b", 'position 6'],
    ['an open name', 'a.`b', 'position 4'],
    ['a string that ends in a backslash', String.raw`'a\'`, 'position 4'],
    ['an open comment', 'a /* b', 'position 6'],
    ['a character outside the grammar', 'a ? b', 'position 2'],
    ['an unknown variable', '$that', 'position 0'],
    ['a date without a year', '@12', 'position 0'],
  ])('refuses %s', (_name, source, place) => {
    expect(() => lex(source)).toThrow(place);
  });

  test('says nothing of the text', () => {
    expect(() => lex("name = 'Jane Doe")).toThrow(
      expect.objectContaining({ message: expect.not.stringContaining('Jane') }),
    );
  });

  test('refuses more tokens than any expression needs', () => {
    expect(() => lex('a+'.repeat(5000))).toThrow('2000 tokens');
  });
});
