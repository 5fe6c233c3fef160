/** Where extensions may stand, and how they are named. https://hl7.org/fhir/R4/defining-extensions.html#context */
import { describe, expect, it, test } from '@jest/globals';
import type { Resource } from '../../src/fhir/resource.ts';
import { element, profile, profileUrl } from '../profiles/check/profile.ts';
import { bundledValidator } from '../support/validator.ts';

type Json = Readonly<Record<string, unknown>>;

const definition = (name: string, facts: Json, elements: readonly Json[] = []): Json =>
  profile(name, 'Extension', [element('Extension.url', { fixedUri: profileUrl(name) }), ...elements], facts);

const validate = bundledValidator([
  definition('of-contacts', {
    context: [{ type: 'fhirpath', expression: "Patient.contact.where(gender = 'female')" }],
  }),
  definition('of-dates', { context: [{ type: 'fhirpath', expression: 'Patient.birthDate | Patient.name.given' }] }),
  definition('either', {
    context: [
      { type: 'element', expression: 'Patient.name' },
      { type: 'fhirpath', expression: 'Patient.contact' },
    ],
  }),
  definition('not-understood', { context: [{ type: 'fhirpath', expression: 'Patient.contact.nothingLikeIt(1)' }] }),
  definition('where-male', {
    context: [{ type: 'element', expression: 'Patient' }],
    contextInvariant: ["gender = 'male'", "%extension.value != 'never'"],
  }),
  definition('of-old-dates', {
    context: [{ type: 'element', expression: 'date' }],
    contextInvariant: ['$this < @2000-01-01'],
  }),
  definition('reference', { context: [{ type: 'element', expression: 'Patient' }] }, [
    element('Extension.value[x]', {
      type: [{ code: 'Reference', targetProfile: ['http://hl7.org/fhir/StructureDefinition/Organization'] }],
    }),
  ]),
]);

const faults = (resource: Json): readonly string[] =>
  validate({ resourceType: 'Patient', ...resource }).map(({ code, expression }) => `${code} ${expression?.join()}`);

const extended = (name: string, valueString = 'x'): Json => ({ extension: [{ url: profileUrl(name), valueString }] });

describe('a context in FHIRPath', () => {
  const fault = (at: string): readonly string[] => [`extension Patient.${at}`];

  test.each<[string, Json, readonly string[]]>([
    ['selects the element', { contact: [{ gender: 'female', name: { text: 'x' }, ...extended('of-contacts') }] }, []],
    [
      'selects another of them',
      {
        contact: [
          { gender: 'female', name: { text: 'x' } },
          { gender: 'male', name: { text: 'x' }, ...extended('of-contacts') },
        ],
      },
      fault('contact[1].extension[0]'),
    ],
    ['selects none', extended('of-contacts'), fault('extension[0]')],
    ['selects a primitive', { birthDate: '2000-01-01', _birthDate: extended('of-dates') }, []],
    ['selects a primitive without value', { _birthDate: extended('of-dates') }, []],
    ['selects a primitive in a list', { name: [{ given: ['a', 'b'], _given: [null, extended('of-dates')] }] }, []],
    ['selects another primitive', { gender: 'male', _gender: extended('of-dates') }, fault('gender.extension[0]')],
    [
      'stands beside another context',
      { name: [extended('either')], contact: [{ name: { text: 'x' }, ...extended('either') }] },
      [],
    ],
    ['is not the only one that does not fit', extended('either'), fault('extension[0]')],
    ['is not understood here, and counts as fulfilled', extended('not-understood'), []],
  ])('%s', (_what, resource, expected) => {
    expect(faults(resource)).toEqual(expected);
  });
});

describe('a rule about the place', () => {
  const fault = (at: string): readonly string[] => [`extension Patient.${at}`];

  test.each<[string, Json, readonly string[]]>([
    ['holds', { gender: 'male', ...extended('where-male') }, []],
    ['does not hold', { gender: 'female', ...extended('where-male') }, fault('extension[0]')],
    ['is empty, which is no answer', extended('where-male'), []],
    ['is about the extension itself', { gender: 'male', ...extended('where-male', 'never') }, fault('extension[0]')],
    ['holds for a primitive', { birthDate: '1999-12-31', _birthDate: extended('of-old-dates') }, []],
    [
      'does not hold for a primitive',
      { birthDate: '2000-01-01', _birthDate: extended('of-old-dates') },
      fault('birthDate.extension[0]'),
    ],
  ])('%s', (_what, resource, expected) => {
    expect(faults(resource)).toEqual(expected);
  });

  it('of R4 itself', () => {
    const item = (type: string): Resource => ({
      resourceType: 'Questionnaire',
      status: 'draft',
      item: [
        {
          linkId: '1',
          type,
          extension: [
            {
              url: 'http://hl7.org/fhir/StructureDefinition/questionnaire-unit',
              valueCoding: { system: 'http://unitsofmeasure.org', code: 'kg' },
            },
          ],
        },
      ],
    });
    expect(validate(item('decimal'))).toEqual([]);
    expect(validate(item('string'))).toMatchObject([{ expression: ['Questionnaire.item[0].extension[0]'] }]);
  });
});

describe('the url of an extension', () => {
  const complex = { url: 'http://b.example/complex', extension: [{ url: 'part', valueString: 'x' }] };

  it('is relative in another extension only', () => {
    expect(faults({ extension: [complex] })).toEqual([]);
    expect(faults({ extension: [{ url: 'part', valueString: 'x' }] })).toEqual(['extension Patient.extension[0]']);
    expect(faults({ name: [{ family: 'x', _family: { extension: [{ url: 'part', valueString: 'x' }] } }] })).toEqual([
      'extension Patient.name[0].family.extension[0]',
    ]);
  });
});

it('a contained resource that an extension refers to is of the type that its definition wants', () => {
  const referring = (contained: Json): Json => ({
    contained: [{ id: 'x', ...contained }],
    extension: [{ url: profileUrl('reference'), valueReference: { reference: '#x' } }],
  });
  expect(faults(referring({ resourceType: 'Organization', name: 'x' }))).toEqual([]);
  expect(faults(referring({ resourceType: 'Practitioner' }))).toEqual(['value Patient.extension[0].value']);
});
