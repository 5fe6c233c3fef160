import { describe, expect, test } from '@jest/globals';
import { token } from '../../../src/search/types/token.ts';
import { rowsOf } from '../row-recorder.ts';

const both = (system: string, code: string): string => `token KEY both ${system} ${code}`;
const code = (text: string): string => `token KEY code ${text}`;
const system = (text: string): string => `token KEY system ${text}`;
const words = (text: string): unknown => ['text KEY', text];

describe('index', () => {
  test.each<[string, unknown, readonly unknown[]]>([
    ['code', 'final', [both('', 'final'), code('final'), words('final')]],
    ['boolean', false, [both('', 'false'), code('false'), words('false')]],
    ['uri', 'urn:x', [both('', 'urn:x'), code('urn:x'), words('urn:x')]],
    ['Coding', { system: 's', code: 'c', display: 'd' }, [both('s', 'c'), code('c'), system('s'), words('d')]],
    ['Coding', { code: 'c' }, [both('', 'c'), code('c'), words('c')]],
    ['Coding', { system: 's' }, [system('s')]],
    ['Identifier', { system: 's', value: 'v' }, [both('s', 'v'), code('v'), system('s')]],
    ['ContactPoint', { system: 'phone', value: '1' }, [both('phone', '1'), code('1'), system('phone')]],
    [
      'CodeableConcept',
      { coding: [{ system: 's', code: 'c' }, { code: 'd' }], text: 'e' },
      [both('s', 'c'), code('c'), system('s'), both('', 'd'), code('d'), words('e')],
    ],
    [
      'Identifier',
      { type: { coding: [{ system: 't', code: 'MR' }], text: 'Record' }, value: 'v' },
      [both('', 'v'), code('v'), words('record'), 'of-type KEY t MR v'],
    ],
    ['CodeableConcept', { text: 'only text' }, [words('only text')]],
    [
      'Extension',
      { url: 'u', valueCodeableConcept: { coding: [{ code: 'c' }] } },
      [both('', 'c'), code('c'), words('c')],
    ],
    ['Extension', { url: 'u' }, []],
  ])('of %s %j', (elementType, value, rows) => {
    expect(rowsOf(token, value, elementType)).toEqual(rows);
  });

  test.each([undefined, null, '', 7, [], {}, { coding: null }, { coding: 'x' }, { coding: [null, { code: 7 }] }])(
    'gives no rows of %j',
    (value) => {
      expect(rowsOf(token, value, 'CodeableConcept')).toEqual([]);
    },
  );

  test('tells system and code apart however they are written', () => {
    const rows = (value: object) => rowsOf(token, value, 'Coding');
    expect(rows({ system: 'a|b', code: 'c' })[0]).not.toBe(rows({ system: 'a', code: 'b|c' })[0]);
  });

  test('takes values of any length', () => {
    expect(rowsOf(token, 'x'.repeat(5_000), 'string')).toHaveLength(3);
  });
});
