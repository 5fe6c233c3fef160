import { fileURLToPath } from 'node:url';
import { describe, expect, test } from '@jest/globals';
import { loadDefinitions } from '../../src/definitions/load-definitions.ts';
import { createSearchParameters } from '../../src/search/parameters.ts';

const definitions = loadDefinitions(fileURLToPath(new URL('../../schemas/r4', import.meta.url)));
const parameters = createSearchParameters(definitions);
const codes = (type: string): string[] => [...parameters.forType(type).keys()];

describe('forType', () => {
  test('gives the parameters of the type, of several types, and of every resource', () => {
    const patient = codes('Patient');
    for (const code of ['birthdate', 'gender', 'phonetic', 'general-practitioner']) expect(patient).toContain(code);
    for (const code of ['_id', '_lastUpdated', '_tag', '_profile', '_security', '_source'])
      expect(patient).toContain(code);
    expect(patient).not.toContain('combo-code');
  });

  test('gives those of DomainResource to domain resources only', () => {
    expect(codes('Patient')).toContain('_text');
    expect(codes('Binary')).not.toContain('_text');
    expect(codes('Bundle')).not.toContain('_text');
    expect(codes('Binary')).toContain('_id');
  });

  test('gives every parameter of the registry to each of its types', () => {
    const missing = definitions.searchParameters.flatMap(({ base, code, url }) =>
      base
        .filter((type) => definitions.resourceTypes.has(type) && parameters.forType(type).get(code)?.url !== url)
        .map((type) => `${type}?${code} of ${url}`),
    );
    expect(missing).toEqual([]);
  });

  test.each(['Unheard', 'HumanName', 'Resource', 'constructor', ''])(
    'gives none for %p, which is no resource type',
    (type) => {
      expect(parameters.forType(type).size).toBe(0);
    },
  );

  test('is worked out once', () => {
    expect(parameters.forType('Patient')).toBe(parameters.forType('Patient'));
  });

  test('a parameter of the type itself wins over one of all resources', () => {
    const shared = {
      url: 'http://all',
      code: 'x',
      type: 'token',
      base: ['Resource'],
      expression: 'Resource.id',
    } as const;
    const own = { url: 'http://own', code: 'x', type: 'string', base: ['Patient'], expression: 'Patient.id' } as const;
    const registry = createSearchParameters({ ...definitions, searchParameters: [own, shared] });
    expect(registry.forType('Patient').get('x')).toBe(own);
    expect(registry.forType('Group').get('x')).toBe(shared);
  });
});
