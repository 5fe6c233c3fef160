import { fileURLToPath } from 'node:url';
import { describe, expect, test } from '@jest/globals';
import { loadDefinitions } from '../../src/definitions/load-definitions.ts';
import { createSearchParameters } from '../../src/search/parameters.ts';
import { createReferencesOf } from '../../src/search/references-of.ts';

const definitions = loadDefinitions(fileURLToPath(new URL('../../schemas/r4', import.meta.url)));
const baseUrl = 'https://vesta.example/fhir';
const referencesOf = createReferencesOf({ definitions, parameters: createSearchParameters(definitions), baseUrl });

const observation = {
  resourceType: 'Observation',
  subject: { reference: 'Patient/p' },
  encounter: { reference: `${baseUrl}/Encounter/e/_history/2` },
  performer: [
    { reference: 'Practitioner/a' },
    { reference: 'Organization/o' },
    { reference: 'Practitioner/a' },
    { reference: 'https://other.example/Practitioner/b' },
  ],
};
const document = { resourceType: 'Bundle', entry: [{ resource: { resourceType: 'Composition', id: 'c' } }] };

describe('referencesOf', () => {
  test.each<[string, { resourceType: string }, string, string[]]>([
    ['one reference', observation, 'subject', ['Patient/p']],
    ['only Patients', observation, 'patient', ['Patient/p']],
    ['an absolute one of this server, of a version', observation, 'encounter', ['Encounter/e']],
    ['several, each once, of this server', observation, 'performer', ['Practitioner/a', 'Organization/o']],
    ['an element that is absent', observation, 'device', []],
    ['a parameter that is no reference', observation, 'code', []],
    ['an unknown parameter', observation, 'unheard', []],
    ['a resource in the place of a reference', document, 'composition', ['Composition/c']],
    ['an unknown type', { resourceType: 'Unheard' }, 'subject', []],
  ])('%s', (_name, resource, code, expected) => {
    expect(referencesOf(resource, code).map(({ type, id }) => `${type}/${id}`)).toEqual(expected);
  });
});
