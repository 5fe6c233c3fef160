/** Each rule of R4's JSON that servers get wrong, by example. https://hl7.org/fhir/R4/json.html */
import { describe, expect, test } from '@jest/globals';
import type { Resource } from '../../src/fhir/resource.ts';
import { bundledValidator } from '../support/validator.ts';
import { definitions } from './official.ts';

const validate = bundledValidator();
type Fields = Readonly<Record<string, unknown>>;

/** Issues as `code expression`, for short tables. */
const problems = (resource: Resource, path?: string): readonly string[] =>
  validate(resource, path === undefined ? {} : { path }).map(({ code, expression }) => `${code} ${expression?.join()}`);

const patient = (fields: Fields): Resource => ({ resourceType: 'Patient', ...fields });
const observation = (fields: Fields): Resource => ({
  resourceType: 'Observation',
  status: 'final',
  code: { text: 'Weight' },
  ...fields,
});
const extension = (fields: Fields): Fields => ({ url: 'http://example.org/e', ...fields });
const present = { extension: [extension({ valueCode: 'unknown' })] };

describe('structure', () => {
  test.each<[string, Resource, readonly string[]]>([
    ['an unknown element', patient({ colour: 'red' }), ['structure Patient.colour']],
    ['an unknown element within', patient({ name: [{ first: 'A' }] }), ['structure Patient.name[0].first']],
    ['a name that is none is not repeated', patient({ 'Jane Doe': 1 }), ['structure Patient']],
    ['constructor', patient({ constructor: 1 }), ['structure Patient.constructor']],
    ['toString in a data type', patient({ name: [{ toString: 'A' }] }), ['structure Patient.name[0].toString']],
    ['hasOwnProperty', patient({ hasOwnProperty: 1 }), ['structure Patient.hasOwnProperty']],
    ['an array for one value', patient({ birthDate: ['2000-01-01'] }), ['structure Patient.birthDate']],
    ['an array for one object', patient({ maritalStatus: [{ text: 'M' }] }), ['structure Patient.maritalStatus']],
    ['one value for an array', patient({ name: { family: 'A' } }), ['structure Patient.name']],
    ['one primitive for an array', patient({ name: [{ given: 'A' }] }), ['structure Patient.name[0].given']],
    ['a string for a boolean', patient({ active: 'true' }), ['structure Patient.active']],
    ['a number for a string', patient({ name: [{ family: 1 }] }), ['structure Patient.name[0].family']],
    ['a string for an object', patient({ meta: 'x' }), ['structure Patient.meta']],
    ['a string for a number', observation({ valueInteger: '1' }), ['structure Observation.value']],
    ['a fraction for an integer', observation({ valueInteger: 1.5 }), ['structure Observation.value']],
    [
      'an infinite number',
      observation({ valueQuantity: { value: JSON.parse('1e999') as number } }),
      ['structure Observation.value.value'],
    ],
    ['null for a value', patient({ birthDate: null }), ['structure Patient.birthDate']],
    ['null for an object', patient({ maritalStatus: null }), ['structure Patient.maritalStatus']],
    ['null in an array of objects', patient({ name: [null] }), ['structure Patient.name[0]']],
    ['an empty array', patient({ name: [] }), ['structure Patient.name']],
    ['an empty array of primitives', patient({ name: [{ given: [] }] }), ['structure Patient.name[0].given']],
    ['an empty object', patient({ name: [{}] }), ['invariant Patient.name[0]']],
    ['an object with only an id', patient({ maritalStatus: { id: 'a' } }), ['invariant Patient.maritalStatus']],
    ['an empty string', patient({ name: [{ family: '' }] }), ['value Patient.name[0].family']],
    ['the type in another case', { resourceType: 'patient' }, ['structure Resource.resourceType']],
    ['an abstract type', { resourceType: 'DomainResource' }, ['structure Resource.resourceType']],
    ['a name every object has', { resourceType: 'constructor' }, ['structure Resource.resourceType']],
    ['no type', {} as Resource, ['required Resource.resourceType']],
    ['a path for a type', { resourceType: '../types/HumanName' }, ['structure Resource.resourceType']],
  ])('%s', (_name, resource, expected) => {
    expect(problems(resource)).toEqual(expected);
  });

  test('__proto__ is an element like any other: unknown', () => {
    const resource = JSON.parse('{"resourceType":"Patient","__proto__":{"active":true}}') as Resource;
    expect(problems(resource)).toEqual(['structure Patient']);
  });

  test('a resource with nothing but its type is valid', () => {
    expect(problems(patient({}))).toEqual([]);
  });
});

describe('required elements', () => {
  const { status, ...withoutStatus } = observation({});
  test.each<[string, Resource, readonly string[]]>([
    ['a missing object', { resourceType: 'Observation', status }, ['required Observation.code']],
    ['a missing primitive', withoutStatus, ['required Observation.status']],
    ['a primitive that is only an extension', { ...withoutStatus, _status: present }, []],
    [
      'a missing choice',
      { resourceType: 'MedicationStatement', status: 'active', subject: { display: 'x' } },
      ['required MedicationStatement.medication'],
    ],
    ['in a backbone element', patient({ link: [{ type: 'refer' }] }), ['required Patient.link[0].other']],
    ['in a data type', patient({ extension: [{ valueString: 'x' }] }), ['required Patient.extension[0].url']],
  ])('%s', (_name, resource, expected) => {
    expect(problems(resource)).toEqual(expected);
  });
});

describe('choices of type', () => {
  test.each<[string, Resource, readonly string[]]>([
    ['one', observation({ valueString: 'x' }), []],
    ['two', observation({ valueString: 'x', valueInteger: 1 }), ['structure Observation.value']],
    [
      'one and the sibling of another',
      observation({ valueString: 'x', _valueInteger: present }),
      ['structure Observation.value'],
    ],
    ['one with its own sibling', observation({ valueString: 'x', _valueString: present }), []],
    ['a type that is not offered', observation({ valueDecimal: 1 }), ['structure Observation.valueDecimal']],
    ['no type at all', observation({ value: 1 }), ['structure Observation.value']],
    [
      'many types, two given',
      patient({ extension: [extension({ valueString: 'x', valueCode: 'y' })] }),
      ['structure Patient.extension[0].value'],
    ],
    [
      'many types, one with its sibling',
      patient({ extension: [extension({ valueString: 'x', _valueString: present })] }),
      [],
    ],
    [
      'many types, the sibling of another',
      patient({ extension: [extension({ valueString: 'x', _valueCode: present })] }),
      ['structure Patient.extension[0].value'],
    ],
  ])('%s', (_name, resource, expected) => {
    expect(problems(resource)).toEqual(expected);
  });
});

describe('primitives and their siblings', () => {
  const name = (fields: Fields): Resource => patient({ name: [fields] });
  const pair = 'structure Patient.name[0].given';
  test.each<[string, Resource, readonly string[]]>([
    ['a value and its extensions', patient({ birthDate: '2000', _birthDate: present }), []],
    ['only extensions', patient({ _birthDate: present }), []],
    ['only an id', patient({ _birthDate: { id: 'a' } }), ['structure Patient.birthDate']],
    ['a value and an id', patient({ birthDate: '2000', _birthDate: { id: 'a' } }), []],
    ['an empty sibling', patient({ birthDate: '2000', _birthDate: {} }), ['structure Patient.birthDate']],
    ['a sibling of an object', patient({ _maritalStatus: present }), ['structure Patient._maritalStatus']],
    ['an array beside one value', patient({ _birthDate: [present] }), ['structure Patient.birthDate']],
    [
      'an unknown element in a sibling',
      patient({ birthDate: '2000', _birthDate: { value: 1 } }),
      ['structure Patient.birthDate.value'],
    ],
    ['no sibling for the id of a resource', patient({ id: 'a', _id: present }), ['structure Patient._id']],
    [
      'no sibling for the url of an extension',
      patient({ extension: [extension({ _url: present, valueString: 'x' })] }),
      ['structure Patient.extension[0]._url'],
    ],
    ['a null with extensions', name({ given: [null, 'A'], _given: [present, null] }), []],
    ['only extensions in a list', name({ _given: [present] }), []],
    ['a null without siblings', name({ given: [null, 'A'] }), [pair]],
    ['nothing but null', name({ given: [null] }), [pair]],
    ['a null on both sides', name({ given: [null, 'A'], _given: [null, present] }), [pair]],
    ['a null beside an id only', name({ given: [null], _given: [{ id: 'a' }] }), [pair]],
    ['a null in a sibling without values', name({ _given: [null, present] }), [pair]],
    ['a shorter sibling', name({ given: ['A', 'B'], _given: [present] }), [pair]],
    ['a longer sibling', name({ given: ['A'], _given: [present, present] }), [pair]],
    ['one sibling for a list', name({ given: ['A'], _given: present }), [pair]],
  ])('%s', (_name, resource, expected) => {
    expect([...new Set(problems(resource))]).toEqual(expected);
  });
});

describe('formats of primitives', () => {
  const good: Readonly<Record<string, readonly unknown[]>> = {
    base64Binary: ['AAAA', 'AA==', 'AAA=', 'AAAA\r\nBBBB'],
    boolean: [true, false],
    canonical: ['http://example.org/x|1.0', '#a'],
    code: ['a', 'a b', 'a\u00a0b'],
    date: ['2000', '2000-12', '2000-02-29', '2024-02-29', '1900-02-28'],
    dateTime: ['2000', '2000-12', '2000-12-31', '2000-12-31T23:59:60Z', '2000-01-01T00:00:00.123456+14:00'],
    decimal: [0, -1.5, 1e3],
    id: ['a', 'A-1.b', 'x'.repeat(64)],
    instant: ['2000-12-31T23:59:59Z', '2000-12-31T23:59:59.123-05:00'],
    integer: [0, -2147483648, 2147483647],
    markdown: ['# a\n\nb\tc'],
    oid: ['urn:oid:1.2.3', 'urn:oid:2.0'],
    positiveInt: [1, 2147483647],
    string: ['a', ' a ', '\u00a0', 'é', '😀', 'x'.repeat(1_048_576)],
    time: ['00:00:00', '23:59:59.9'],
    unsignedInt: [0, 2147483647],
    uri: ['urn:x', 'a', 'http://example.org/ä\u00a0'],
    url: ['http://example.org'],
    uuid: ['urn:uuid:c757873d-ec9a-4326-a141-556f43239520'],
  };
  const bad: Readonly<Record<string, readonly unknown[]>> = {
    base64Binary: ['', 'A', 'AAAAA', 'AA=A', 'A===', '====', 'AA-_', ' '],
    canonical: ['', ' ', 'http://a b', 'http://a\n'],
    code: ['', ' a', 'a ', 'a  b', 'a\tb', 'a\nb', '\u0000'],
    date: [
      '',
      '20',
      '2000-1',
      '2000-13',
      '2000-00',
      '2000-01-00',
      '2000-01-32',
      '2000-04-31',
      '2000-02-30',
      '2001-02-29',
      '1900-02-29',
      '0000',
      '2000-01-01T00:00:00Z',
      ' 2000',
      '2000\n',
      '01/02/2000',
    ],
    dateTime: [
      '2000-02-30',
      '2001-02-29T00:00:00Z',
      '2000-01-01T00:00:00',
      '2000-01-01T00:00Z',
      '2000-01-01T24:00:00Z',
      '2000-01-01T00:60:00Z',
      '2000-01-01T00:00:00+15:00',
      '2000-01-01T00:00:00+0100',
      '2000-01T00:00:00Z',
      '2000-01-01 00:00:00Z',
      '2000-01-01T00:00:00.Z',
      '2000-01-01t00:00:00z',
    ],
    id: ['', 'a_b', 'a b', 'x'.repeat(65), 'a\n', 'ａ'],
    instant: ['2000', '2000-01-01', '2000-01-01T00:00:00', '2000-02-30T00:00:00Z'],
    integer: [2147483648, -2147483649],
    markdown: ['', ' \n'],
    oid: ['1.2.3', 'urn:oid:3.1', 'urn:oid:1.02', 'urn:oid:1', 'urn:oid:1.2\n'],
    positiveInt: [0, -1, 2147483648],
    string: ['', ' ', ' \t\r\n', 'a\u0000', 'a\u0007b', '\u000b', 'x'.repeat(1_048_577)],
    time: ['24:00:00', '00:00', '0:00:00', '00:00:00Z', '00:00:00\n'],
    unsignedInt: [-1, 2147483648],
    uri: ['', ' ', 'a b', 'a\tb', '\u0001'],
    url: ['', 'a b'],
    uuid: ['c757873d-ec9a-4326-a141-556f43239520', 'urn:uuid:C757873D-EC9A-4326-A141-556F43239520', 'urn:uuid:x'],
  };
  const capitalise = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);
  const holding = (type: string, value: unknown): Resource =>
    patient({ extension: [extension({ [`value${capitalise(type)}`]: value })] });
  const cases = (table: Readonly<Record<string, readonly unknown[]>>): [string, string, Resource][] =>
    Object.entries(table).flatMap(([type, values]) =>
      values.map((value): [string, string, Resource] => [
        type,
        JSON.stringify(value).slice(0, 60),
        holding(type, value),
      ]),
    );

  test.each(cases(good))('%s accepts %s', (_type, _value, resource) => {
    expect(problems(resource)).toEqual([]);
  });

  test.each(cases(bad))('%s refuses %s', (_type, _value, resource) => {
    expect([...new Set(problems(resource))]).toEqual(['value Patient.extension[0].value']);
  });

  test('every primitive type is tried', () => {
    const types = [...Object.keys(good), 'xhtml'].sort();
    expect(types.filter((type) => definitions.elements.type(type)?.kind !== 'primitive')).toEqual([]);
    expect(types).toHaveLength(20);
  });

  test('an element id has no spaces', () => {
    expect(problems(patient({ name: [{ id: 'a b', family: 'x' }] }))).toEqual(['value Patient.name[0].id']);
    expect(problems(patient({ id: 'a/b' }))).toEqual(['value Patient.id']);
  });
});

describe('required bindings', () => {
  test.each<[string, Resource, readonly string[]]>([
    ['a code', patient({ gender: 'male' }), []],
    ['not a code', patient({ gender: 'M' }), ['code-invalid Patient.gender']],
    ['the wrong case', patient({ gender: 'Male' }), ['code-invalid Patient.gender']],
    ['within a data type', patient({ name: [{ use: 'nick' }] }), ['code-invalid Patient.name[0].use']],
    [
      'in a list',
      { resourceType: 'Encounter', status: 'x', class: { code: 'AMB' } },
      ['code-invalid Encounter.status'],
    ],
    [
      'a currency',
      { resourceType: 'Invoice', status: 'issued', totalNet: { value: 1, currency: 'EURO' } },
      ['code-invalid Invoice.totalNet.currency'],
    ],
    ['a media type, which cannot be enumerated', { resourceType: 'Binary', contentType: 'application/x-anything' }, []],
    [
      'contained',
      patient({
        contained: [{ resourceType: 'Patient', id: 'a', gender: 'M' }],
        link: [{ other: { reference: '#a' }, type: 'refer' }],
      }),
      ['code-invalid Patient.contained[0].gender'],
    ],
    [
      'in a Bundle',
      {
        resourceType: 'Bundle',
        type: 'collection',
        entry: [{ resource: patient({}) }, { resource: patient({ gender: 'M' }) }],
      },
      ['code-invalid Bundle.entry[1].resource.gender'],
    ],
    ['a type of Bundle', { resourceType: 'Bundle', type: 'bag' }, ['code-invalid Bundle.type']],
  ])('%s', (_name, resource, expected) => {
    expect(problems(resource)).toEqual(expected);
  });
});

describe('resources within resources', () => {
  const bad = patient({ colour: 1 });
  const inBundle = (resource: unknown): Resource => ({
    resourceType: 'Bundle',
    type: 'collection',
    entry: [{ resource }],
  });
  test.each<[string, Resource, readonly string[]]>([
    ['a Bundle entry', inBundle(bad), ['structure Bundle.entry[0].resource.colour']],
    ['a Bundle in a Bundle', inBundle(inBundle(bad)), ['structure Bundle.entry[0].resource.entry[0].resource.colour']],
    [
      'the outcome of an entry',
      {
        resourceType: 'Bundle',
        type: 'batch-response',
        entry: [{ response: { status: '400', outcome: { resourceType: 'OperationOutcome' } } }],
      },
      ['required Bundle.entry[0].response.outcome.issue'],
    ],
    [
      'a parameter',
      { resourceType: 'Parameters', parameter: [{ name: 'a', resource: bad }] },
      ['structure Parameters.parameter[0].resource.colour'],
    ],
    [
      'part of a parameter',
      { resourceType: 'Parameters', parameter: [{ name: 'a', part: [{ name: 'b', resource: bad }] }] },
      ['structure Parameters.parameter[0].part[0].resource.colour'],
    ],
    ['without a type', inBundle({ active: true }), ['required Bundle.entry[0].resource.resourceType']],
    ['of an unknown type', inBundle({ resourceType: 'Person2' }), ['structure Bundle.entry[0].resource.resourceType']],
    [
      'with a type that is no string',
      inBundle({ resourceType: 1 }),
      ['structure Bundle.entry[0].resource.resourceType'],
    ],
    ['no object', inBundle('Patient/1'), ['structure Bundle.entry[0].resource']],
    ['a list', inBundle([patient({})]), ['structure Bundle.entry[0].resource']],
  ])('%s', (_name, resource, expected) => {
    expect([...new Set(problems(resource))]).toEqual(expected);
  });

  test('the path of the caller is the prefix', () => {
    expect(problems(bad, 'Bundle.entry[3].resource')).toEqual(['structure Bundle.entry[3].resource.colour']);
    const contained = patient({
      contained: [{ ...bad, id: 'a' }],
      link: [{ type: 'seealso', other: { reference: '#a' } }],
    });
    expect(problems(contained, 'Bundle.entry[3].resource')).toEqual([
      'structure Bundle.entry[3].resource.contained[0].colour',
    ]);
  });
});

describe('elements that trip servers', () => {
  const item = (fields: Fields): Fields => ({ linkId: 'a', type: 'group', ...fields });
  const questionnaire = (inner: Fields): Resource => ({
    resourceType: 'Questionnaire',
    status: 'draft',
    item: [item({ linkId: '1', item: [item({ linkId: '2', item: [item({ linkId: '3', ...inner })] })] })],
  });
  const scenario = (fields: Fields): Resource => ({
    resourceType: 'ExampleScenario',
    status: 'draft',
    instance: [{ resourceId: 'a', ...fields }],
  });
  test.each<[string, Resource, readonly string[]]>([
    ['recursion by contentReference', questionnaire({ type: 'string' }), []],
    [
      'a fault deep in the recursion',
      questionnaire({ type: 'text box' }),
      ['code-invalid Questionnaire.item[0].item[0].item[0].type'],
    ],
    ['an element named resourceType', scenario({ resourceType: 'Patient' }), []],
    ['that is required', scenario({}), ['required ExampleScenario.instance[0].resourceType']],
    ['and bound', scenario({ resourceType: 'Human' }), ['code-invalid ExampleScenario.instance[0].resourceType']],
    [
      'resourceType where there is none',
      patient({ name: [{ resourceType: 'HumanName', family: 'x' }] }),
      ['structure Patient.name[0].resourceType'],
    ],
    [
      'a choice in a list',
      {
        resourceType: 'EvidenceVariable',
        status: 'draft',
        characteristic: [{ definitionCanonical: 'http://example.org/x', exclude: false }],
      },
      [],
    ],
    [
      'a required choice in a list',
      { resourceType: 'EvidenceVariable', status: 'draft', characteristic: [{ exclude: false }] },
      ['required EvidenceVariable.characteristic[0].definition'],
    ],
  ])('%s', (_name, resource, expected) => {
    expect(problems(resource)).toEqual(expected);
  });
});

describe('invariants', () => {
  const period = (start: string, end: string): Resource => patient({ name: [{ family: 'x', period: { start, end } }] });
  const wrong = ['invariant Patient.name[0].period'];
  test.each<[string, Resource, readonly string[]]>([
    ['per-1: in order', period('2000-01-01', '2000-01-01'), []],
    ['per-1: of different precision', period('2000-06', '2000'), []],
    ['per-1: by zone', period('2000-01-01T10:00:00+02:00', '2000-01-01T08:30:00Z'), []],
    ['per-1: the day of an instant', period('2000-01-01T10:00:00Z', '2000-01-01'), []],
    ['per-1: reversed', period('2001', '2000-12-31'), wrong],
    ['per-1: reversed by zone', period('2000-01-01T10:00:00-02:00', '2000-01-01T11:00:00Z'), wrong],
    ['ext-1: neither value nor extension', patient({ extension: [extension({})] }), ['invariant Patient.extension[0]']],
    [
      'ext-1: both',
      patient({ extension: [extension({ valueString: 'x', extension: [extension({ valueString: 'y' })] })] }),
      ['invariant Patient.extension[0]'],
    ],
    ['ext-1: extensions', patient({ extension: [extension({ extension: [extension({ valueString: 'y' })] })] }), []],
    ['ext-1: a value that is only an extension', patient({ extension: [extension({ _valueString: present })] }), []],
    ['pat-1', patient({ contact: [{ gender: 'male' }] }), ['invariant Patient.contact[0]']],
    ['cpt-2', patient({ telecom: [{ value: '1' }] }), ['invariant Patient.telecom[0]']],
    ['att-1', patient({ photo: [{ data: 'AAAA' }] }), ['invariant Patient.photo[0]']],
    ['qty-3', observation({ valueQuantity: { value: 1, code: 'kg' } }), ['invariant Observation.value']],
    [
      'obs-3',
      observation({ referenceRange: [{ appliesTo: [{ text: 'x' }] }] }),
      ['invariant Observation.referenceRange[0]'],
    ],
    ['obs-6', observation({ valueInteger: 1, dataAbsentReason: { text: 'x' } }), ['invariant Observation']],
    [
      'obs-7',
      observation({
        code: { coding: [{ system: 'urn:s', code: 'a' }] },
        valueInteger: 1,
        component: [{ code: { coding: [{ system: 'urn:s', code: 'a' }] } }],
      }),
      ['invariant Observation'],
    ],
    [
      'obs-7: another code',
      observation({
        code: { coding: [{ system: 'urn:s', code: 'a' }] },
        valueInteger: 1,
        component: [{ code: { coding: [{ system: 'urn:s', code: 'b' }] } }],
      }),
      [],
    ],
    ['org-1', { resourceType: 'Organization', active: true }, ['invariant Organization']],
    [
      'app-2',
      {
        resourceType: 'Appointment',
        status: 'proposed',
        participant: [{ status: 'accepted', type: [{ text: 'x' }] }],
        start: '2000-01-01T00:00:00Z',
      },
      ['invariant Appointment'],
    ],
    [
      'lst-1',
      {
        resourceType: 'List',
        status: 'current',
        mode: 'working',
        emptyReason: { text: 'x' },
        entry: [{ item: { display: 'x' } }],
      },
      ['invariant List'],
    ],
    [
      'bdl-5',
      { resourceType: 'Bundle', type: 'collection', entry: [{ fullUrl: 'urn:x' }] },
      ['invariant Bundle.entry[0]'],
    ],
    [
      'tim-1',
      {
        resourceType: 'MedicationRequest',
        status: 'draft',
        intent: 'order',
        medicationReference: { display: 'x' },
        subject: { display: 'x' },
        dosageInstruction: [{ timing: { repeat: { duration: 1 } } }],
      },
      ['invariant MedicationRequest.dosageInstruction[0].timing.repeat'],
    ],
  ])('%s', (_name, resource, expected) => {
    expect(problems(resource)).toEqual(expected);
  });
});

describe('issues', () => {
  test('hold no value of the resource', () => {
    const secret = 'Wolfeschlegelstein';
    const resource = patient({
      id: `${secret}_`,
      gender: secret,
      birthDate: secret,
      active: secret,
      name: [{ family: ` ${secret}\u0000`, use: secret, [`${secret} x`]: secret }],
      text: { status: 'generated', div: secret },
    });
    const issues = validate(resource);
    expect(issues.length).toBeGreaterThanOrEqual(7);
    expect(JSON.stringify(issues)).not.toContain(secret);
  });

  test('are errors, with diagnostics and one place each', () => {
    for (const issue of validate(patient({ gender: 'M', colour: 1, name: [{}], birthDate: 'x' }))) {
      expect(issue).toEqual({
        severity: 'error',
        code: expect.any(String),
        diagnostics: expect.stringMatching(/^\S.{10,}/),
        expression: [expect.stringMatching(/^Patient\./)],
      });
    }
  });

  test('a resource is not changed', () => {
    const resource = patient({ gender: 'M', name: [{ given: [null] }], contained: [{ resourceType: 'Patient' }] });
    const before = JSON.stringify(resource);
    validate(Object.freeze(resource));
    expect(JSON.stringify(resource)).toBe(before);
  });
});
