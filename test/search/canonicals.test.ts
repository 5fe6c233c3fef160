import { describe, expect, test } from '@jest/globals';
import { canonicalForm, isCanonicalType, ownCanonicals, versionsAbove } from '../../src/search/canonicals.ts';
import { definitions } from './registry.ts';

const { elements } = definitions;
const baseUrl = 'http://here.example/fhir';

test('types that are found by canonical', () => {
  const found = [...definitions.resourceTypes.keys()].filter((type) => isCanonicalType(type, elements));
  expect(found).toEqual(
    expect.arrayContaining(['CodeSystem', 'Library', 'PlanDefinition', 'Questionnaire', 'ValueSet']),
  );
  expect(found).not.toEqual(expect.arrayContaining(['Device']));
  expect(found).not.toEqual(expect.arrayContaining(['Patient']));
});

describe('what a resource is led to by', () => {
  test.each<[object, readonly string[]]>([
    [{ url: 'urn:q', version: '1' }, ['Questionnaire/a', 'urn:q', 'urn:q|1']],
    [{ url: 'urn:q' }, ['Questionnaire/a', 'urn:q']],
    [{}, ['Questionnaire/a']],
    [{ url: 7, version: '1' }, ['Questionnaire/a']],
    [{ url: `${baseUrl}/Questionnaire/a`, version: '1' }, ['Questionnaire/a', 'Questionnaire/a', 'Questionnaire/a|1']],
    [{ resourceType: 'Device', url: 'urn:q' }, []],
  ])('%j', (members, canonicals) => {
    const resource = { resourceType: 'Questionnaire', id: 'a', ...members };
    expect(ownCanonicals(resource, { elements, baseUrl })).toEqual(canonicals);
  });
});

describe('where a canonical leads', () => {
  test.each<[string, string | undefined]>([
    ['urn:q', 'urn:q'],
    ['urn:q|1', 'urn:q|1'],
    ['urn:q|', 'urn:q'],
    ['urn:q|1#part', 'urn:q|1'],
    ['#part', undefined],
    ['|1', undefined],
    ['Questionnaire/a', 'Questionnaire/a'],
    [`${baseUrl}/Questionnaire/a|1`, 'Questionnaire/a|1'],
    ['http://there.example/fhir/Questionnaire/a|1', 'http://there.example/fhir/Questionnaire/a|1'],
  ])('%s', (text, form) => {
    expect(canonicalForm(text, baseUrl)).toBe(form);
  });
});

describe('versions above', () => {
  test.each<[string, readonly string[]]>([
    ['urn:q', []],
    ['urn:q|1', []],
    ['urn:q|2.1.3', ['urn:q|2', 'urn:q|2.1']],
    ['urn:q|2.1-beta.3', ['urn:q|2', 'urn:q|2.1-beta']],
  ])('%s', (text, above) => {
    expect(versionsAbove(text)).toEqual(above);
  });
});
