/** The definitions of R4 as they are read from disk. https://hl7.org/fhir/R4/resourcelist.html */
import { describe, expect, test } from '@jest/globals';
import { loadDefinitions } from '../../src/definitions/load-definitions.ts';
import { schemasDirectory } from '../../src/tooling/generate-schemas.ts';

const { resourceTypes, elements, searchParameters, compartments, schema } = loadDefinitions(schemasDirectory);

describe('resource types', () => {
  test('are the 146 concrete types, numbered by the alphabet', () => {
    expect([...resourceTypes.keys()]).toEqual([...resourceTypes.keys()].sort());
    expect([...resourceTypes.values()]).toEqual(Array.from({ length: 146 }, (_, index) => index + 1));
    expect(resourceTypes.has('DomainResource')).toBe(false);
  });
});

describe('elements', () => {
  test.each([
    ['Patient', 'birthDate', { element: 'birthDate', type: 'date', many: false }],
    ['Patient', 'id', { element: 'id', type: 'id', many: false }],
    ['Patient', 'contained', { element: 'contained', type: 'Resource', many: true }],
    ['Patient', 'contact', { element: 'contact', type: 'Patient.contact', many: true }],
    ['Patient.contact', 'name', { element: 'name', type: 'HumanName', many: false }],
    ['HumanName', 'given', { element: 'given', type: 'string', many: true }],
    ['HumanName', 'id', { element: 'id', type: 'string', many: false }],
    ['Observation', 'valueQuantity', { element: 'value', type: 'Quantity', many: false }],
    [
      'Observation.component',
      'referenceRange',
      { element: 'referenceRange', type: 'Observation.referenceRange', many: true },
    ],
    ['Questionnaire.item', 'item', { element: 'item', type: 'Questionnaire.item', many: true }],
    ['Bundle.entry', 'link', { element: 'link', type: 'Bundle.link', many: true }],
    ['Timing', 'repeat', { element: 'repeat', type: 'Timing.repeat', many: false }],
    ['ExampleScenario.instance', 'resourceType', { element: 'resourceType', type: 'code', many: false }],
    ['Extension', 'url', { element: 'url', type: 'uri', many: false }],
    ['string', 'extension', { element: 'extension', type: 'Extension', many: true }],
    [
      'Patient',
      'managingOrganization',
      { element: 'managingOrganization', type: 'Reference', many: false, targets: ['Organization'] },
    ],
    ['Observation', 'focus', { element: 'focus', type: 'Reference', many: true }],
  ])('%s.%s', (type, name, expected) => {
    expect(elements.property(type, name)).toEqual(expected);
  });

  test.each([
    ['Patient', 'value'],
    ['Observation', 'value'],
    ['Observation', 'valueDecimal'],
    ['Patient', 'constructor'],
    ['Patient', '__proto__'],
    ['constructor', 'name'],
    ['string', 'value'],
  ])('%s.%s is no property', (type, name) => {
    expect(elements.property(type, name)).toBeUndefined();
  });

  test('every type that an element names is defined', () => {
    const missing: string[] = [];
    const seen = new Set<string>();
    const visit = (name: string): void => {
      if (seen.has(name)) return;
      seen.add(name);
      const type = elements.type(name);
      if (!type) missing.push(name);
      for (const { types } of Object.values(type?.elements ?? {})) types.forEach(visit);
    };
    [...resourceTypes.keys()].forEach(visit);
    expect(missing).toEqual([]);
    expect(seen.size).toBeGreaterThan(600);
  });
});

describe('search parameters', () => {
  test('are the official ones, sorted and without examples', () => {
    const urls = searchParameters.map(({ url }) => url);
    expect(urls).toHaveLength(1385);
    expect(urls).toEqual([...new Set(urls)].sort());
    expect(urls.filter((url) => url.includes('/example'))).toEqual([]);
  });

  test('no type has two of the same code', () => {
    const keys = searchParameters.flatMap(({ base, code }) => base.map((type) => `${type}.${code}`));
    expect(new Set(keys).size).toBe(keys.length);
  });

  test('a composite has its components, which exist', () => {
    const urls = new Set(searchParameters.map(({ url }) => url));
    const composites = searchParameters.filter(({ type }) => type === 'composite');
    expect(composites).toHaveLength(46);
    for (const { component = [] } of composites) {
      expect(component.length).toBeGreaterThan(1);
      for (const { definition } of component) expect(urls).toContain(definition);
    }
  });
});

describe('compartments', () => {
  test('are the five of R4', () => {
    expect(Object.keys(compartments).sort()).toEqual([
      'Device',
      'Encounter',
      'Patient',
      'Practitioner',
      'RelatedPerson',
    ]);
    expect(compartments['Patient']?.['Observation']).toEqual(['subject', 'performer']);
    expect(compartments['Encounter']?.['Encounter']).toEqual(['{def}']);
    expect(compartments['Patient']?.['Medication']).toBeUndefined();
  });
});

describe('schema', () => {
  test.each(['resources/Patient', 'types/HumanName', 'types/string', 'value-sets/administrative-gender'])(
    '%s',
    (id) => {
      expect(schema(id)).toMatchObject({ $id: `fhir:${id}` });
      expect(schema(id)).toBe(schema(id));
    },
  );

  test.each([
    'Patient',
    'resources/Nothing',
    'resources/../types/string',
    '/etc/passwd',
    '',
    'resources/Patient\0',
    'types/',
  ])('there is none of %j', (id) => {
    expect(schema(id)).toBeUndefined();
  });
});

test('a directory without definitions is an error', () => {
  expect(() => loadDefinitions('/nowhere')).toThrow('ENOENT');
});
