import { describe, expect, test } from '@jest/globals';
import { reference } from '../../../src/search/types/reference.ts';
import { uri } from '../../../src/search/types/uri.ts';
import { rowsOf } from '../row-recorder.ts';

describe('index of a reference', () => {
  test.each<[string, unknown, readonly string[]]>([
    ['Reference', { reference: 'Patient/1', display: 'x' }, ['Patient/1']],
    ['Reference', { reference: 'Patient/1/_history/3' }, ['Patient/1']],
    ['Reference', { reference: 'http://here.example/fhir/Patient/1' }, ['Patient/1']],
    ['Reference', { reference: 'http://here.example/fhir/Patient/1/_history/2' }, ['Patient/1']],
    ['Reference', { reference: 'https://there.example/r4/Patient/1' }, ['https://there.example/r4/Patient/1']],
    [
      'Reference',
      { reference: 'urn:uuid:c757873d-ec9a-4326-a141-556f43239520' },
      ['urn:uuid:c757873d-ec9a-4326-a141-556f43239520'],
    ],
    ['Extension', { url: 'u', valueReference: { reference: 'Condition/2' } }, ['Condition/2']],
    ['Reference', { reference: '#contained' }, ['#contained']],
    ['Reference', { reference: '#' }, ['#']],
    ['Attachment', { url: 'http://x.example' }, []],
    ['Reference', null, []],
  ])('%s %j', (elementType, value, targets) => {
    expect(rowsOf(reference, value, elementType)).toEqual(targets.map((target) => [target, 'KEY']));
  });
});

describe('index of a canonical', () => {
  const here = 'http://here.example/fhir/Questionnaire/1';

  test.each<[string, string, readonly string[], string, readonly string[]]>([
    ['canonical', 'http://x.example/Q', ['http://x.example/Q'], 'http://x.example/Q', []],
    [
      'canonical',
      'http://x.example/Q|1.0',
      ['http://x.example/Q|1.0', 'http://x.example/Q'],
      'http://x.example/Q|1.0',
      ['http://x.example/Q|1'],
    ],
    ['canonical', 'urn:q|1.2.3#part', ['urn:q|1.2.3#part', 'urn:q'], 'urn:q|1.2.3', ['urn:q|1', 'urn:q|1.2']],
    ['uri', 'http://x.example/V', ['http://x.example/V'], 'http://x.example/V', []],
    ['canonical', here, ['Questionnaire/1'], 'Questionnaire/1', []],
    ['canonical', `${here}|2`, [`${here}|2`, 'Questionnaire/1'], 'Questionnaire/1|2', []],
    ['canonical', 'Questionnaire/1', ['Questionnaire/1'], 'Questionnaire/1', []],
  ])('%s %s', (elementType, value, targets, canonical, above) => {
    expect(rowsOf(reference, value, elementType)).toEqual([
      ...targets.map((target) => [target, 'KEY']),
      [`canonical ${canonical}`, 'canonical KEY'],
      ...above.map((target) => [target, 'version KEY']),
    ]);
  });

  test('within the resource leads to what it contains, like any other', () => {
    expect(rowsOf(reference, '#q', 'canonical')).toEqual([
      ['#q', 'KEY'],
      ['#q', 'canonical KEY'],
    ]);
  });

  test('has so many rows, however many parts its version has', () => {
    expect(rowsOf(reference, `urn:q|${'1.'.repeat(100_000)}`, 'canonical')).toHaveLength(19);
  });
});

test('a reference by identifier is found by that', () => {
  const value = { identifier: { system: 's', value: '1' } };
  expect(rowsOf(reference, value, 'Reference')).toEqual([
    'token identifier KEY both s 1',
    'token identifier KEY code 1',
    'token identifier KEY system s',
  ]);
});

describe('index of a uri', () => {
  const long = `http://x.example/${'a'.repeat(3_000)}`;

  test.each<[string, unknown, readonly string[]]>([
    ['uri', 'http://x.example/V', ['http://x.example/V']],
    ['canonical', 'http://x.example/Q|1.0', ['http://x.example/Q|1.0', 'http://x.example/Q']],
    ['uri', 'http://x.example/Q|1.0', ['http://x.example/Q|1.0']],
    ['uri', long, [`${long.slice(0, 200)} ${long}`]],
    ['uri', '', []],
    ['uri', 7, []],
  ])('%s %j', (elementType, value, texts) => {
    expect(rowsOf(uri, value, elementType)).toEqual(texts.map((text) => ['KEY', text]));
  });
});
