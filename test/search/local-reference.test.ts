import { describe, expect, test } from '@jest/globals';
import { localReference } from '../../src/search/local-reference.ts';

const baseUrl = 'https://vesta.example/fhir';

describe('localReference', () => {
  test.each<[string, unknown, string | undefined]>([
    ['relative', { reference: 'Patient/1' }, 'Patient/1'],
    ['versioned', { reference: 'Patient/1/_history/3' }, 'Patient/1'],
    ['absolute on this server', { reference: `${baseUrl}/Patient/1` }, 'Patient/1'],
    ['absolute and versioned', { reference: `${baseUrl}/Patient/1/_history/3` }, 'Patient/1'],
    ['on another server', { reference: 'https://other.example/fhir/Patient/1' }, undefined],
    ['on a server whose address begins alike', { reference: `${baseUrl}/more/Patient/1` }, undefined],
    [
      'on a server whose address contains this one',
      { reference: `https://other.example/?${baseUrl}/Patient/1` },
      undefined,
    ],
    ['contained', { reference: '#patient' }, undefined],
    ['a URN', { reference: 'urn:uuid:7d9f5f3e-0d5c-4d5f-9b9e-1d9d3a3f7a10' }, undefined],
    ['conditional', { reference: 'Patient?identifier=a|b' }, undefined],
    ['with an impossible id', { reference: 'Patient/a b' }, undefined],
    ['logical', { type: 'Patient', identifier: { value: '1' } }, undefined],
    ['a resource in its place', { resourceType: 'Composition', id: 'c' }, 'Composition/c'],
    ['a resource without id in its place', { resourceType: 'Composition' }, undefined],
    ['a canonical', 'Questionnaire/1', undefined],
    ['of no known shape', 5, undefined],
    ['a null', null, undefined],
  ])('%s', (_name, value, expected) => {
    const identity = localReference(value, baseUrl);
    expect(identity && `${identity.type}/${identity.id}`).toBe(expected);
  });

  test('without a base URL no absolute reference is local', () => {
    expect(localReference({ reference: `${baseUrl}/Patient/1` }, undefined)).toBeUndefined();
    expect(localReference({ reference: 'Patient/1' }, undefined)).toEqual({ type: 'Patient', id: '1' });
  });
});
