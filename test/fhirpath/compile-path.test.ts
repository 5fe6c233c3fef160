import { fileURLToPath } from 'node:url';
import { describe, expect, test } from '@jest/globals';
import { loadDefinitions } from '../../src/definitions/load-definitions.ts';
import { compilePath } from '../../src/fhirpath/compile-path.ts';
import { createSearchParameters } from '../../src/search/parameters.ts';

const definitions = loadDefinitions(fileURLToPath(new URL('../../schemas/r4', import.meta.url)));
const { elements } = definitions;

/** The values that an expression finds, each after its type. */
function found(expression: string, resource: object, type?: string): unknown[] {
  const { resourceType = '' } = resource as { resourceType?: string };
  const values: unknown[] = [];
  const path = compilePath(expression, type ?? resourceType, elements);
  if (!path) throw new Error('not compiled');
  path.evaluate(resource, (value, valueType) => values.push([valueType, value]));
  return values;
}

const patient = {
  resourceType: 'Patient',
  id: 'p',
  meta: { tag: [{ code: 't' }] },
  active: true,
  name: [{ family: 'Ames', given: ['Ann', null, 'Bea'], _given: [null, { id: 'g' }, null] }, { family: 'Bly' }],
  telecom: [{ system: 'phone', value: '1', rank: 1 }, { system: 'email', value: 'a@b' }, { value: 'unknown' }],
  deceasedDateTime: '2020-01-01',
  contact: [{ name: { family: 'Cole' } }],
  generalPractitioner: [
    { reference: 'Organization/o' },
    { reference: 'https://other.org/fhir/Practitioner/a/_history/2' },
    { reference: 'urn:uuid:7d9f5f3e-0d5c-4d5f-9b9e-1d9d3a3f7a10' },
    { type: 'Practitioner', identifier: { value: 'x' } },
    { reference: 'Practitioner/b', type: 'Organization' },
    { reference: '#c' },
  ],
  extension: [
    { url: 'http://a', valueString: 'one' },
    { url: 'http://a', valueCoding: { code: 'two' } },
    { url: 'http://b', extension: [{ url: 'inner', valueCode: 'three' }] },
  ],
};

const observation = {
  resourceType: 'Observation',
  code: { text: 'c' },
  valueQuantity: { value: 5 },
  component: [{ valueCodeableConcept: { text: 'x' } }, { valueQuantity: { value: 6 } }],
};

const questionnaire = {
  resourceType: 'Questionnaire',
  item: [{ linkId: '1', code: [{ code: 'a' }], item: [{ linkId: '1.1', code: [{ code: 'b' }] }] }],
};

describe('paths', () => {
  test.each<[string, object, unknown[]]>([
    ['Patient.active', patient, [['boolean', true]]],
    [
      'Patient.name.family',
      patient,
      [
        ['string', 'Ames'],
        ['string', 'Bly'],
      ],
    ],
    [
      'Patient.name.given',
      patient,
      [
        ['string', 'Ann'],
        ['string', 'Bea'],
      ],
    ],
    ['Patient.contact', patient, [['Patient.contact', patient.contact[0]]]],
    ['Patient.contact.name.family', patient, [['string', 'Cole']]],
    ['Patient.birthDate', patient, []],
    ['Patient.unheardOf', patient, []],
    ['Patient.constructor', patient, []],
    ['name[1].family', patient, [['string', 'Bly']]],
    ['Patient.name.given[1]', patient, [['string', 'Bea']]],
    ['Patient.name.given[9]', patient, []],
    ['Patient.name.first().family', patient, [['string', 'Ames']]],
    ['Patient', patient, [['Patient', patient]]],
    ['$this.active', patient, [['boolean', true]]],
    ['Questionnaire.item.code', questionnaire, [['Coding', { code: 'a' }]]],
    ['Questionnaire.item.item.code', questionnaire, [['Coding', { code: 'b' }]]],
    ['Questionnaire.item.item.item.item.code', questionnaire, []],
  ])('%s', (expression, resource, expected) => {
    expect(found(expression, resource)).toEqual(expected);
  });
});

describe('roots and unions', () => {
  test.each<[string, object, unknown[]]>([
    ['Resource.id', patient, [['id', 'p']]],
    ['Resource.meta.tag', patient, [['Coding', { code: 't' }]]],
    ['DomainResource.active', patient, [['boolean', true]]],
    ['DomainResource.id', { resourceType: 'Bundle', id: 'b' }, []],
    ['Practitioner.active', patient, []],
    ['Practitioner.active | Patient.active | Person.active', patient, [['boolean', true]]],
    ['Practitioner.active.exists() | Patient.active', patient, [['boolean', true]]],
    ['(Practitioner.active) | (Patient.active as boolean)', patient, [['boolean', true]]],
    [
      'Patient.name.family | Patient.name.given',
      patient,
      ['Ames', 'Bly', 'Ann', 'Bea'].map((text) => ['string', text]),
    ],
    ['(Patient.name | Patient.contact.name).family', patient, ['Ames', 'Bly', 'Cole'].map((text) => ['string', text])],
  ])('%s', (expression, resource, expected) => {
    expect(found(expression, resource)).toEqual(expected);
  });
});

describe('choices and types', () => {
  test.each<[string, object, unknown[]]>([
    ['Observation.value', observation, [['Quantity', { value: 5 }]]],
    [
      'Observation.component.value',
      observation,
      [
        ['CodeableConcept', { text: 'x' }],
        ['Quantity', { value: 6 }],
      ],
    ],
    ['(Observation.value as Quantity)', observation, [['Quantity', { value: 5 }]]],
    ['Observation.value as FHIR.Quantity', observation, [['Quantity', { value: 5 }]]],
    ['Observation.value.as(CodeableConcept)', observation, []],
    ['(Observation.component.value as CodeableConcept).text', observation, [['string', 'x']]],
    ['Observation.component.value.ofType(Quantity).value', observation, [['decimal', 6]]],
    ['Observation.valueQuantity', observation, []],
    ['Patient.deceased', patient, [['dateTime', '2020-01-01']]],
    [
      '(ConceptMap.source as uri)',
      { resourceType: 'ConceptMap', sourceCanonical: 'http://v' },
      [['canonical', 'http://v']],
    ],
    ['(Condition.onset as Quantity)', { resourceType: 'Condition', onsetAge: { value: 3 } }, [['Age', { value: 3 }]]],
    ['Bundle.entry[0].resource', { resourceType: 'Bundle', entry: [{ resource: patient }] }, [['Resource', patient]]],
    [
      'Bundle.entry.resource.ofType(Patient).active',
      { resourceType: 'Bundle', entry: [{ resource: observation }, { resource: patient }] },
      [['boolean', true]],
    ],
    ['(Bundle.entry.resource as Observation).code', { resourceType: 'Bundle', entry: [{ resource: patient }] }, []],
  ])('%s', (expression, resource, expected) => {
    expect(found(expression, resource)).toEqual(expected);
  });

  test('parts of composites start at their element', () => {
    const [component] = observation.component;
    expect(found('value.as(CodeableConcept)', component ?? {}, 'Observation.component')).toEqual([
      ['CodeableConcept', { text: 'x' }],
    ]);
    expect(found('code | value.as(Quantity)', observation, 'Observation')).toEqual([
      ['CodeableConcept', { text: 'c' }],
      ['Quantity', { value: 5 }],
    ]);
  });
});

describe('filters', () => {
  const references = (...texts: string[]) => texts.map((reference) => ['string', reference]);
  test.each<[string, object, unknown[]]>([
    ["Patient.telecom.where(system = 'phone').value", patient, [['string', '1']]],
    ["Patient.telecom.where('phone' = system).value", patient, [['string', '1']]],
    ["Patient.telecom.where(system != 'phone').value", patient, [['string', 'a@b']]],
    ['Patient.telecom.where(rank = 1).value', patient, [['string', '1']]],
    [
      "Patient.telecom.where(system = 'phone' or system = 'email').value",
      patient,
      [
        ['string', '1'],
        ['string', 'a@b'],
      ],
    ],
    ['Patient.telecom.where(system.empty()).value', patient, [['string', 'unknown']]],
    ['Patient.telecom.where(system.exists().not()).value', patient, [['string', 'unknown']]],
    ['Patient.name.where(given.exists()).family', patient, [['string', 'Ames']]],
    ["Patient.name.where(given = 'Ann').family", patient, []],
    ["Patient.name.given.where($this = 'Bea')", patient, [['string', 'Bea']]],
    ['Patient.generalPractitioner.where(resolve() is Organization).reference', patient, references('Organization/o')],
    [
      'Patient.generalPractitioner.where(resolve() is Practitioner).reference',
      patient,
      references('https://other.org/fhir/Practitioner/a/_history/2', 'Practitioner/b'),
    ],
    ['Patient.generalPractitioner.where(resolve().is(FHIR.Practitioner)).identifier.value', patient, references('x')],
    ['Patient.generalPractitioner.where(resolve() is Patient)', patient, []],
    [
      "Patient.extension('http://a').value",
      patient,
      [
        ['string', 'one'],
        ['Coding', { code: 'two' }],
      ],
    ],
    ["Patient.extension('http://a').value.ofType(Coding).code", patient, [['code', 'two']]],
    ["Patient.extension.where(url = 'http://a').value as string", patient, [['string', 'one']]],
    ["Patient.extension('http://b').extension('inner').value", patient, [['code', 'three']]],
    ["Patient.where(hasExtension('http://b')).active", patient, [['boolean', true]]],
    ["Patient.where(hasExtension('http://c')).active", patient, []],
    ["Patient.where(name.exists(family = 'Bly')).active", patient, [['boolean', true]]],
    ["Patient.where(name.exists(family = 'Boo')).active", patient, []],
    ['Patient.where(active).id', patient, [['id', 'p']]],
    ['Patient.where(active and name.empty()).id', patient, []],
    ['Patient.where(name.empty() implies active).id', patient, [['id', 'p']]],
    ['Patient.where(active xor false).id', patient, [['id', 'p']]],
    ['Patient.where(birthDate or true).id', patient, [['id', 'p']]],
  ])('%s', (expression, resource, expected) => {
    expect(found(expression, resource)).toEqual(expected);
  });
});

describe('conditions as values: Patient?deceased', () => {
  const deceased = 'Patient.deceased.exists() and Patient.deceased != false';
  test.each<[string, object, unknown]>([
    ['nothing said', {}, false],
    ['deceased', { deceasedBoolean: true }, true],
    ['not deceased', { deceasedBoolean: false }, false],
    ['deceased at a time', { deceasedDateTime: '2020' }, true],
  ])('%s', (_name, content, expected) => {
    expect(found(deceased, { resourceType: 'Patient', ...content })).toEqual([['boolean', expected]]);
  });

  test('empty is no value', () => {
    expect(found('Patient.deceased != false', { resourceType: 'Patient' })).toEqual([]);
  });
});

describe('what it does not know is left to the interpreter', () => {
  test.each([
    'Patient.name.count()',
    'Patient.name.given.upper()',
    'Patient.birthDate.extension.value',
    'Patient.birthDate + 1 day',
    'Patient.generalPractitioner.resolve().name',
    'Patient.generalPractitioner.where(resolve() is Resource)',
    "Patient.where(birthDate = '2020')",
    'Patient.where(birthDate = @2020)',
    'Patient.where(name = contact.name)',
    'Patient.contained.name',
    'Patient.name[$index]',
    'Patient.name as Unheard',
    'Patient.name as System.String',
    'Patient.name.where(true, false).not().all($this)',
    '%resource.active',
    '{}',
    '-1',
  ])('%s', (expression) => {
    expect(compilePath(expression, 'Patient', elements)).toBeUndefined();
  });

  test('a text that is no FHIRPath is refused', () => {
    expect(() => compilePath('Patient..name', 'Patient', elements)).toThrow('position 8');
  });
});

describe('resources of an unexpected shape', () => {
  test.each<[string, unknown[]]>([
    ['a text where an object belongs', ['x']],
    ['a null', [null]],
    ['a list in a list', [[['x']]]],
    ['a number', [1]],
  ])('%s yields nothing and breaks nothing', (_name, name) => {
    expect(found("Patient.name.where(family = 'x').given", { resourceType: 'Patient', name })).toEqual([]);
  });

  test('methods of JavaScript are no elements', () => {
    const timing = { resourceType: 'ServiceRequest', occurrenceTiming: 'not an object' };
    expect(found('ServiceRequest.occurrence.ofType(Timing).repeat.bounds', timing)).toEqual([]);
  });
});

test('types are those that values can have', () => {
  expect(compilePath('Observation.effective', 'Observation', elements)?.types).toEqual([
    'dateTime',
    'Period',
    'Timing',
    'instant',
  ]);
  expect(compilePath('Patient.name', 'Observation', elements)?.types).toEqual([]);
});

test('every search parameter of R4 is compiled for every type, and can find something', () => {
  const parameters = createSearchParameters(definitions);
  const without = [...definitions.resourceTypes.keys()].flatMap((type) =>
    [...parameters.forType(type).values()]
      .filter(({ expression }) => expression && !compilePath(expression, type, elements)?.types?.length)
      .map(({ code }) => `${type}?${code}`),
  );
  expect(without).toEqual([]);
});
