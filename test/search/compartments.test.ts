import { fileURLToPath } from 'node:url';
import { describe, expect, test } from '@jest/globals';
import { loadDefinitions } from '../../src/definitions/load-definitions.ts';
import { createPatientsOf } from '../../src/search/compartments.ts';
import { createSearchParameters } from '../../src/search/parameters.ts';
import { createSearchPaths } from '../../src/search/search-paths.ts';

const definitions = loadDefinitions(fileURLToPath(new URL('../../schemas/r4', import.meta.url)));
const baseUrl = 'https://vesta.example/fhir';
const patientsOf = createPatientsOf(definitions, { baseUrl });
const to = (reference: string) => ({ reference });

describe('the Patients in whose compartment a resource is', () => {
  test.each<[string, { resourceType: string; [element: string]: unknown }, string[]]>([
    ['a Patient itself', { resourceType: 'Patient', id: 'p' }, ['p']],
    ['a Patient without id', { resourceType: 'Patient' }, []],
    [
      'a Patient linked to another',
      { resourceType: 'Patient', id: 'p', link: [{ other: to('Patient/q') }] },
      ['p', 'q'],
    ],
    ['the subject of an Observation', { resourceType: 'Observation', subject: to('Patient/p') }, ['p']],
    [
      'subject and performer, each once',
      { resourceType: 'Observation', subject: to('Patient/p'), performer: [to('Patient/q'), to('Patient/p')] },
      ['p', 'q'],
    ],
    ['a versioned reference', { resourceType: 'Observation', subject: to('Patient/p/_history/4') }, ['p']],
    [
      'an absolute reference to this server',
      { resourceType: 'Observation', subject: to(`${baseUrl}/Patient/p`) },
      ['p'],
    ],
    [
      'a Patient of another server',
      { resourceType: 'Observation', subject: to('https://other.example/Patient/p') },
      [],
    ],
    ['a subject that is no Patient', { resourceType: 'Observation', subject: to('Group/p') }, []],
    ['an element outside the compartment definition', { resourceType: 'Observation', focus: [to('Patient/p')] }, []],
    [
      'a logical reference',
      { resourceType: 'Observation', subject: { type: 'Patient', identifier: { value: 'p' } } },
      [],
    ],
    [
      'the members of a Group',
      { resourceType: 'Group', member: [{ entity: to('Patient/p') }, { entity: to('Device/d') }] },
      ['p'],
    ],
    [
      'the actors of an Appointment',
      { resourceType: 'Appointment', participant: [{ actor: to('Patient/p') }, { actor: to('Location/l') }] },
      ['p'],
    ],
    ['what an AuditEvent is about', { resourceType: 'AuditEvent', entity: [{ what: to('Patient/p') }] }, ['p']],
    [
      'the targets of a Provenance',
      { resourceType: 'Provenance', target: [to('Patient/p'), to('Patient/q')] },
      ['p', 'q'],
    ],
    ['a type outside the compartment', { resourceType: 'Practitioner', id: 'p' }, []],
    ['an unknown type', { resourceType: 'Unheard', id: 'p' }, []],
  ])('%s', (_name, resource, expected) => {
    expect(patientsOf(resource)).toEqual(expected);
  });

  test('every parameter of the compartment definition has a path', () => {
    const paths = createSearchPaths(definitions, createSearchParameters(definitions));
    const without = Object.entries(definitions.compartments['Patient'] ?? {}).flatMap(([type, codes]) =>
      codes.filter((code) => !paths(type, code)).map((code) => `${type}?${code}`),
    );
    expect(without).toEqual([]);
  });
});
