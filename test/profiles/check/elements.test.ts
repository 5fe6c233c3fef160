/** What a profile says of one element by itself. https://hl7.org/fhir/R4/elementdefinition.html */
import { describe, expect, it, test } from '@jest/globals';
import type { Resource } from '../../../src/fhir/resource.ts';
import { element, faultsBy, profile, profileUrl } from './profile.ts';

type Json = Readonly<Record<string, unknown>>;

const observation = (fields: Json): Resource => ({
  resourceType: 'Observation',
  status: 'final',
  code: { text: 'x' },
  ...fields,
});

describe('the types of an element', () => {
  const faults = faultsBy([
    profile('strings', 'Observation', [
      element('Observation.value[x]', { type: [{ code: 'string' }, { code: 'Quantity' }] }),
    ]),
  ]);

  test.each<[string, Json, readonly string[]]>([
    ['one of them', { valueString: 'x' }, []],
    ['another of them', { valueQuantity: { value: 1 } }, []],
    ['none of them', { valueBoolean: true }, ['Observation.value']],
  ])('%s', (_what, fields, expected) => {
    expect(faults(observation(fields))).toEqual(expected);
  });

  it('are themselves, not what is made of them', () => {
    const ofText = faultsBy([
      profile('p', 'Patient', []),
      profile('e', 'Extension', [
        element('Extension.url', { fixedUri: profileUrl('e') }),
        element('Extension.value[x]', { type: [{ code: 'string' }] }),
      ]),
    ]);
    const patient = (value: Json): Resource => ({
      resourceType: 'Patient',
      extension: [{ url: profileUrl('e'), ...value }],
    });
    expect(ofText(patient({ valueString: 'x' }))).toEqual([]);
    expect(ofText(patient({ valueCode: 'x' }))).toEqual(['Patient.extension[0].value']);
  });

  it('of a resource', () => {
    const ofPatients = faultsBy([
      profile('patients', 'Bundle', [element('Bundle.entry.resource', { type: [{ code: 'Patient' }] })]),
    ]);
    const bundle = (resource: Resource): Resource => ({
      resourceType: 'Bundle',
      type: 'collection',
      entry: [{ resource }],
    });
    expect(ofPatients(bundle({ resourceType: 'Patient' }))).toEqual([]);
    expect(ofPatients(bundle(observation({})))).toEqual(['Bundle.entry[0].resource']);
  });
});

describe('bounds', () => {
  const faults = faultsBy([
    profile('bounded', 'Observation', [
      element('Observation.value[x]', {
        type: [{ code: 'Quantity' }],
        minValueQuantity: { value: 1, system: 'http://unitsofmeasure.org', code: 'g' },
        maxValueQuantity: { value: 10, system: 'http://unitsofmeasure.org', code: 'g' },
      }),
      element('Observation.effective[x]', {
        type: [{ code: 'dateTime' }],
        minValueDateTime: '2020-01-01',
        maxValueDateTime: '2020-12-31T23:59:59Z',
      }),
    ]),
  ]);
  const grams = (value: number, code = 'g'): Json => ({
    valueQuantity: { value, system: 'http://unitsofmeasure.org', code },
  });

  test.each<[string, Json, readonly string[]]>([
    ['a quantity within', grams(1), []],
    ['a quantity below', grams(0.9), ['Observation.value']],
    ['a quantity above', grams(10.1), ['Observation.value']],
    ['a quantity in another unit, which is not compared', grams(500, 'mg'), []],
    ['a date within', { effectiveDateTime: '2020-06' }, []],
    ['a date below', { effectiveDateTime: '2019' }, ['Observation.effective']],
    ['a date that may be within', { effectiveDateTime: '2020' }, []],
    ['a time that is within where it is compared', { effectiveDateTime: '2021-01-01T00:30:00+02:00' }, []],
    ['a time that is not', { effectiveDateTime: '2020-12-31T23:30:00-02:00' }, ['Observation.effective']],
  ])('%s', (_what, fields, expected) => {
    expect(faults(observation(fields))).toEqual(expected);
  });
});

describe('a maximum value set', () => {
  const valueSet = (name: string, ...codes: readonly string[]): Json => ({
    resourceType: 'ValueSet',
    url: profileUrl(name),
    status: 'active',
    compose: { include: [{ system: 'http://b.example', concept: codes.map((code) => ({ code })) }] },
  });
  const faults = faultsBy([
    profile('coded', 'Observation', [
      element('Observation.code', {
        binding: {
          extension: [
            {
              url: 'http://hl7.org/fhir/StructureDefinition/elementdefinition-maxValueSet',
              valueCanonical: profileUrl('most'),
            },
          ],
          strength: 'preferred',
          valueSet: profileUrl('best'),
        },
      }),
    ]),
    valueSet('best', 'a'),
    valueSet('most', 'a', 'b'),
  ]);

  test.each<[string, Json, readonly string[]]>([
    ['has the code', { coding: [{ system: 'http://b.example', code: 'b' }] }, []],
    ['lacks the code', { coding: [{ system: 'http://b.example', code: 'c' }] }, ['Observation.code']],
    ['lacks a code without a system', { coding: [{ code: 'b' }] }, ['Observation.code']],
    ['says nothing of words', { text: 'x' }, []],
  ])('%s', (_what, code, expected) => {
    expect(faults(observation({ code }))).toEqual(expected);
  });
});

describe('aggregation', () => {
  const faultsOf = (mode: string) =>
    faultsBy([
      profile('aggregated', 'Patient', [
        element('Patient.managingOrganization', {
          type: [
            {
              code: 'Reference',
              targetProfile: ['http://hl7.org/fhir/StructureDefinition/Organization'],
              aggregation: [mode],
            },
          ],
        }),
      ]),
    ]);
  const outside: Resource = { resourceType: 'Patient', managingOrganization: { reference: 'Organization/1' } };
  const inside: Resource = {
    resourceType: 'Patient',
    contained: [{ resourceType: 'Organization', id: 'o', name: 'x' }],
    managingOrganization: { reference: '#o' },
  };
  const words: Resource = { resourceType: 'Patient', managingOrganization: { display: 'x' } };

  test.each<[string, readonly (readonly string[])[]]>([
    ['contained', [['Patient.managingOrganization'], [], []]],
    ['referenced', [[], ['Patient.managingOrganization'], []]],
  ])('%s', (mode, expected) => {
    const faults = faultsOf(mode);
    expect([outside, inside, words].map((resource) => faults(resource))).toEqual(expected);
  });
});

it('slices by something that R4 does not know are left alone', () => {
  const faults = faultsBy([
    profile('sliced', 'Patient', [
      element('Patient.name', { slicing: { discriminator: [{ type: 'position', path: '$this' }], rules: 'closed' } }),
      element('Patient.name:first', { min: 1 }),
    ]),
  ]);
  expect(faults({ resourceType: 'Patient', name: [{ family: 'x' }] })).toEqual([]);
});

it('the slice @default has what is in no other', () => {
  const faults = faultsBy([
    profile('sliced', 'Patient', [
      element('Patient.identifier', {
        slicing: { discriminator: [{ type: 'value', path: 'system' }], rules: 'closed' },
      }),
      element('Patient.identifier:@default'),
      element('Patient.identifier:@default.value', { min: 1 }),
      element('Patient.identifier:a'),
      element('Patient.identifier:a.system', { min: 1, fixedUri: 'http://b.example/a' }),
    ]),
  ]);
  const [a, other] = [{ system: 'http://b.example/a' }, { system: 'http://b.example/b' }];
  expect(faults({ resourceType: 'Patient', identifier: [a, { ...other, value: '1' }] })).toEqual([]);
  expect(faults({ resourceType: 'Patient', identifier: [a, other] })).toEqual(['Patient.identifier[1].value']);
});

describe('slices that are told by what is not at hand', () => {
  const list = (...references: readonly string[]): Resource => ({
    resourceType: 'List',
    status: 'current',
    mode: 'working',
    entry: references.map((reference) => ({ item: { reference } })),
  });
  const sliced = (type: string, target: string): readonly string[][] => {
    const faults = faultsBy([
      profile('sliced', 'List', [
        element('List.entry', { slicing: { discriminator: [{ type, path: 'item.resolve()' }], rules: 'closed' } }),
        element('List.entry:one', { min: 1, max: '1' }),
        element('List.entry:one.item', { type: [{ code: 'Reference', targetProfile: [target] }] }),
      ]),
      profile('female', 'Patient', [element('Patient.gender', { min: 1, fixedCode: 'female' })]),
    ]);
    return [list('Patient/1'), list('urn:uuid:0c3151bd-1cbf-4d64-b04d-cd9187a4c6e0'), list('Group/1')].map((one) => [
      ...faults(one),
    ]);
  };

  it('by the type of a reference, unless it tells none', () => {
    const patient = 'http://hl7.org/fhir/StructureDefinition/Patient';
    expect(sliced('type', patient)).toEqual([[], [], ['List.entry[0]', 'List.entry']]);
  });

  it('by a profile of what is somewhere else', () => {
    const [known, unknown] = [sliced('profile', profileUrl('female')), sliced('profile', profileUrl('nobody'))];
    expect(known.slice(0, 2)).toEqual([[], []]);
    expect(unknown).toEqual([[], [], []]);
  });

  it('by a value set that nobody knows here', () => {
    const faults = faultsBy([
      profile('sliced', 'Observation', [
        element('Observation.category', {
          min: 1,
          slicing: { discriminator: [{ type: 'value', path: '$this' }], rules: 'open' },
        }),
        element('Observation.category:one', {
          min: 1,
          binding: { strength: 'required', valueSet: 'http://nowhere.example/ValueSet/x' },
        }),
      ]),
    ]);
    expect(faults(observation({ category: [{ coding: [{ system: 'http://b.example', code: 'x' }] }] }))).toEqual([]);
    expect(faults(observation({ category: [{ text: 'x' }] }))).toEqual(['Observation.category']);
  });
});
