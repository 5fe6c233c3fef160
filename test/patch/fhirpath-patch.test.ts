import { describe, expect, test } from '@jest/globals';
import { FhirError } from '../../src/fhir/fhir-error.ts';
import { applyFhirPathPatch } from '../../src/patch/fhirpath-patch.ts';
import { documentOf } from '../json/documents.ts';
import { elements } from '../json/element-model.ts';

interface Operation {
  readonly type: string;
  readonly path: string;
  readonly name?: string;
  readonly index?: number;
  readonly source?: number;
  readonly destination?: number;
  /** Members of the part named value. */
  readonly value?: object;
}

/** The Parameters of some operations. */
function parametersOf(operations: readonly Operation[]): string {
  const part = (name: string, member: string, value: unknown) =>
    value === undefined ? [] : [{ name, [member]: value }];
  return JSON.stringify({
    resourceType: 'Parameters',
    parameter: operations.map(({ type, path, name, index, source, destination, value }) => ({
      name: 'operation',
      part: [
        { name: 'type', valueCode: type },
        { name: 'path', valueString: path },
        ...part('name', 'valueString', name),
        ...part('index', 'valueInteger', index),
        ...part('source', 'valueInteger', source),
        ...part('destination', 'valueInteger', destination),
        ...(value ? [{ name: 'value', ...value }] : []),
      ],
    })),
  });
}

const applyText = (text: string, parameters: string): string =>
  applyFhirPathPatch(text, documentOf(parameters), elements);
const apply = (resource: object, ...operations: readonly Operation[]): unknown =>
  JSON.parse(applyText(JSON.stringify(resource), parametersOf(operations)));
const patient = (members: object = {}) => ({ resourceType: 'Patient', ...members });

function refusalOf(run: () => unknown): { status: number; diagnostics: string; expression: unknown } {
  try {
    run();
  } catch (cause) {
    if (cause instanceof FhirError) {
      return { status: cause.status, diagnostics: cause.message, expression: cause.issues[0]?.expression };
    }
    throw cause;
  }
  throw new Error('It was not refused');
}

const identifier = (value: number) => ({ system: 'http://example.org', value: `value ${value}` });
const identifiers = (...values: readonly number[]) => patient({ identifier: values.map(identifier) });
const birthDate = patient({ birthDate: '1920-01-01' });
const married = patient({ maritalStatus: { id: '1', text: 'married' } });
const contact = patient({ contact: [{ name: { text: 'a name' }, gender: 'male' }] });
const moving = (source: number, destination: number): Operation => ({
  type: 'move',
  path: 'Patient.identifier',
  source,
  destination,
});

/** After the cases of https://github.com/FHIR/fhir-test-cases (r4/patch/fhir-path-tests.xml). */
describe('the official cases', () => {
  test.each<[string, object, readonly Operation[], object]>([
    ['No Difference', birthDate, [], birthDate],
    [
      'Replace Primitive',
      birthDate,
      [{ type: 'replace', path: 'Patient.birthDate', value: { valueDate: '1930-01-01' } }],
      patient({ birthDate: '1930-01-01' }),
    ],
    ['Delete Primitive', birthDate, [{ type: 'delete', path: 'Patient.birthDate' }], patient()],
    [
      'Add Primitive',
      patient(),
      [{ type: 'add', path: 'Patient', name: 'birthDate', value: { valueDate: '1930-01-01' } }],
      patient({ birthDate: '1930-01-01' }),
    ],
    [
      'Replace Nested Primitive #1',
      contact,
      [{ type: 'replace', path: 'Patient.contact[0].gender', value: { valueCode: 'female' } }],
      patient({ contact: [{ name: { text: 'a name' }, gender: 'female' }] }),
    ],
    [
      'Replace Nested Primitive #2',
      contact,
      [{ type: 'replace', path: 'Patient.contact[0].name.text', value: { valueString: 'the name' } }],
      patient({ contact: [{ name: { text: 'the name' }, gender: 'male' }] }),
    ],
    [
      'Delete Nested Primitive #1',
      contact,
      [{ type: 'delete', path: 'Patient.contact[0].gender' }],
      patient({ contact: [{ name: { text: 'a name' } }] }),
    ],
    [
      'Delete Nested Primitive #2',
      contact,
      [{ type: 'delete', path: 'Patient.contact[0].name.text' }],
      patient({ contact: [{ gender: 'male' }] }),
    ],
    [
      'Add Nested Primitive',
      patient({ contact: [{ name: { text: 'a name' } }] }),
      [{ type: 'add', path: 'Patient.contact[0]', name: 'gender', value: { valueCode: 'male' } }],
      contact,
    ],
    [
      'Add Complex',
      patient(),
      [
        {
          type: 'add',
          path: 'Patient',
          name: 'maritalStatus',
          value: { valueCodeableConcept: { id: '1', text: 'married' } },
        },
      ],
      married,
    ],
    [
      'Replace Complex',
      married,
      [
        {
          type: 'replace',
          path: 'Patient.maritalStatus',
          value: { valueCodeableConcept: { id: '2', text: 'not married' } },
        },
      ],
      patient({ maritalStatus: { id: '2', text: 'not married' } }),
    ],
    ['Delete Complex', married, [{ type: 'delete', path: 'Patient.maritalStatus' }], patient()],
    [
      'Add Anonymous Type',
      patient(),
      [
        {
          type: 'add',
          path: 'Patient',
          name: 'contact',
          value: { part: [{ name: 'name', valueHumanName: { text: 'a name' } }] },
        },
      ],
      patient({ contact: [{ name: { text: 'a name' } }] }),
    ],
    ['Delete Anonymous Type', contact, [{ type: 'delete', path: 'Patient.contact[0]' }], patient()],
    [
      'List unchanged, contents changed',
      identifiers(1, 2),
      [
        { type: 'replace', path: 'Patient.identifier[0].value', value: { valueString: 'value 2' } },
        { type: 'replace', path: 'Patient.identifier[1].value', value: { valueString: 'value 1' } },
      ],
      identifiers(2, 1),
    ],
    [
      'Add to list',
      identifiers(1, 2),
      [{ type: 'insert', path: 'Patient.identifier', index: 2, value: { valueIdentifier: identifier(3) } }],
      identifiers(1, 2, 3),
    ],
    [
      'Insert in list #1',
      identifiers(1, 2),
      [{ type: 'insert', path: 'Patient.identifier', index: 1, value: { valueIdentifier: identifier(3) } }],
      identifiers(1, 3, 2),
    ],
    [
      'Insert in list #2',
      identifiers(1, 2),
      [{ type: 'insert', path: 'Patient.identifier', index: 0, value: { valueIdentifier: identifier(3) } }],
      identifiers(3, 1, 2),
    ],
    [
      'Delete from List #1',
      identifiers(1, 2, 3),
      [{ type: 'delete', path: 'Patient.identifier[0]' }],
      identifiers(2, 3),
    ],
    [
      'Delete from List #2',
      identifiers(1, 2, 3),
      [{ type: 'delete', path: 'Patient.identifier[1]' }],
      identifiers(1, 3),
    ],
    [
      'Delete from List #3',
      identifiers(1, 2, 3),
      [{ type: 'delete', path: 'Patient.identifier[2]' }],
      identifiers(1, 2),
    ],
    ['Reorder List #1', identifiers(1, 2, 3, 4), [moving(3, 1)], identifiers(1, 4, 2, 3)],
    ['Reorder List #2', identifiers(1, 2, 3, 4), [moving(3, 0)], identifiers(4, 1, 2, 3)],
    ['Reorder List #3', identifiers(1, 2, 3, 4), [moving(3, 2)], identifiers(1, 2, 4, 3)],
    ['Reorder List #4', identifiers(1, 2, 3, 4), [moving(0, 3)], identifiers(2, 3, 4, 1)],
    ['Reorder List #5', identifiers(1, 2, 3, 4), [moving(1, 0), moving(2, 1)], identifiers(2, 3, 1, 4)],
    ['Reorder List #6', identifiers(1, 2, 3, 4), [moving(3, 0), moving(3, 1), moving(3, 2)], identifiers(4, 3, 2, 1)],
    [
      'Operation on missing element #2',
      patient(),
      [{ type: 'add', path: 'Patient', name: 'identifier', value: { valueIdentifier: identifier(3) } }],
      identifiers(3),
    ],
    [
      'Full Resource',
      patient({ text: { status: 'generated', div: '<div>1</div>' }, name: [{ family: 'a' }, { family: 'b' }] }),
      [
        { type: 'replace', path: 'Patient.text.div', value: { valueString: '<div>2</div>' } },
        { type: 'replace', path: 'Patient.name[0].family', value: { valueString: 'c' } },
      ],
      patient({ text: { status: 'generated', div: '<div>2</div>' }, name: [{ family: 'c' }, { family: 'b' }] }),
    ],
  ])('%s', (_name, before, operations, after) => {
    expect(apply(before, ...operations)).toEqual(after);
  });

  test('Operation on missing element', () => {
    const path = "Patient.identifier.where(use = 'official').period";
    const before = patient({ identifier: [{ use: 'official', value: '123' }] });
    const { status } = refusalOf(() =>
      apply(before, { type: 'add', path, name: 'end', value: { valueDate: '2021-12-01' } }),
    );
    expect(status).toBe(422);
  });
});

describe('paths', () => {
  const extensions = [
    { url: 'http://e', valueQuantity: { value: 1.5, code: "it's" } },
    { url: 'http://f', valueInteger: 3 },
  ];
  const observation = { resourceType: 'Observation', id: 'o', valueQuantity: { value: 1 } };
  const names: readonly object[] = [
    { use: 'official', family: 'a', given: ['x', 'y'], period: { start: '2000' } },
    { use: 'usual', family: 'b', given: ['z'] },
    { use: 'usual', family: 'c' },
  ];
  const before = patient({
    active: true,
    birthDate: '2000-01-01',
    name: names,
    multipleBirthInteger: 2,
    extension: extensions,
    contained: [observation],
  });
  const family = (index: number) => ({
    ...before,
    name: names.with(index, { ...names[index], family: 'NEW' }),
  });

  test.each([
    ['Patient.name[1].family', 1],
    ['Patient.name[ 1 ] . family', 1],
    ['name[1].family', 1],
    ['DomainResource.name[1].family', 1],
    ['Patient.`name`[1].family', 1],
    ['Patient.name.first().family', 0],
    ['Patient.name.last().family', 2],
    ["Patient.name.where(use = 'official').family", 0],
    ["Patient.name.where(use='usual' and family = 'c').family", 2],
    ["Patient.name.where(use = 'usual').first().family", 1],
    ["Patient.name.where(use = 'usual')[1].family", 2],
    ['Patient.name.where(period.start = @2000).family', 0],
    ['Patient.name.where(period.exists()).family', 0],
    ["Patient.name.where(given = 'z').family", 1],
    ["Patient.name.where(use = 'official').where(given.exists()).family", 0],
  ])('%s', (path, index) => {
    expect(apply(before, { type: 'replace', path, value: { valueString: 'NEW' } })).toEqual(family(index));
  });

  test.each([
    ['Patient.multipleBirth', { valueInteger: 7 }, { multipleBirthInteger: 7 }],
    ['Patient.multipleBirth.ofType(integer)', { valueInteger: 7 }, { multipleBirthInteger: 7 }],
    ['Patient.multipleBirth', { valueBoolean: true }, { multipleBirthBoolean: true, multipleBirthInteger: undefined }],
    [
      "Patient.extension('http://f').value",
      { valueInteger: 7 },
      { extension: [extensions[0], { url: 'http://f', valueInteger: 7 }] },
    ],
    [
      "Patient.extension.where(value.code = 'it\\'s').value.value",
      { valueDecimal: 2 },
      { extension: [{ url: 'http://e', valueQuantity: { value: 2, code: "it's" } }, extensions[1]] },
    ],
    [
      'Patient.extension.where(value = 3).url',
      { valueUri: 'u' },
      { extension: [extensions[0], { url: 'u', valueInteger: 3 }] },
    ],
    [
      'Patient.contained[0].value.value',
      { valueDecimal: 2 },
      { contained: [{ resourceType: 'Observation', id: 'o', valueQuantity: { value: 2 } }] },
    ],
    ['Patient.contained.ofType(Observation).id', { valueId: 'p' }, { contained: [{ ...observation, id: 'p' }] }],
    ['Patient.where(active = true).active', { valueBoolean: false }, { active: false }],
  ])('%s', (path, value, changes) => {
    expect(apply(before, { type: 'replace', path, value })).toEqual(
      JSON.parse(JSON.stringify({ ...before, ...changes })),
    );
  });

  test.each([
    '',
    ' ',
    '.',
    'Patient.',
    'Patient..name',
    'Patient.name[',
    'Patient.name[-1]',
    'Patient.name[1.5]',
    "Patient.name['a']",
    'Patient.name.where()',
    'Patient.name.where(use)',
    "Patient.name.where(use != 'usual')",
    "Patient.name.where(use = 'usual' or use = 'official')",
    "Patient.name.where($this.use = 'usual')",
    'Patient.name.where(use = usual)',
    "Patient.name.where(use = 'usual'",
    "Patient.name.where(use = 'usual)",
    'Patient.name.single()',
    'Patient.managingOrganization.resolve().name',
    'Patient.name.select(family)',
    "Patient.name.where(nothing = 'x')",
    '%resource.name',
    'Patient.name | Patient.contact',
    'Patient.name.family + 1',
    'Patient.nothing',
    'Patient.constructor',
    'Patient.name.__proto__',
    'Patient.multipleBirthInteger',
    'Observation.status',
    'Patient.birthDate.year',
    `Patient.${'name.'.repeat(1000)}name`,
    `Patient.where(active = '${'\\'.repeat(1000)}`,
  ])('refuses %s', (path) => {
    const { status, diagnostics, expression } = refusalOf(() => apply(before, { type: 'delete', path }));
    expect(status).toBe(400);
    expect(diagnostics).toMatch(/^Parameters\.parameter\[0\]: the path/);
    expect(expression).toEqual(['Parameters.parameter[0]']);
  });
});

describe('add', () => {
  const add = (path: string, name: string, value: object): Operation => ({ type: 'add', path, name, value });

  test.each<[string, object, Operation, object]>([
    ['gives a choice its type', {}, add('Patient', 'deceased', { valueBoolean: true }), { deceasedBoolean: true }],
    [
      'takes the JSON property too',
      {},
      add('Patient', 'deceasedDateTime', { valueDateTime: '2020' }),
      { deceasedDateTime: '2020' },
    ],
    [
      'appends to a list',
      { name: [{ text: 'a' }] },
      add('Patient', 'name', { valueHumanName: { text: 'b' } }),
      { name: [{ text: 'a' }, { text: 'b' }] },
    ],
    [
      'appends to a list of primitives',
      { name: [{ given: ['a'] }] },
      add('Patient.name', 'given', { valueString: 'b' }),
      { name: [{ given: ['a', 'b'] }] },
    ],
    [
      'keeps extensions of primitives in step',
      { name: [{ given: ['a'] }] },
      add('Patient.name', 'given', { valueString: 'b', _valueString: { id: 'x' } }),
      { name: [{ given: ['a', 'b'], _given: [null, { id: 'x' }] }] },
    ],
    [
      'keeps them in step the other way',
      { name: [{ given: ['a'], _given: [{ id: 'x' }] }] },
      add('Patient.name', 'given', { valueString: 'b' }),
      { name: [{ given: ['a', 'b'], _given: [{ id: 'x' }, null] }] },
    ],
    [
      'adds a primitive that has only an extension',
      {},
      add('Patient', 'birthDate', { _valueDate: { id: 'x' } }),
      { _birthDate: { id: 'x' } },
    ],
    [
      'makes nested anonymous objects',
      {},
      add('Patient', 'contact', {
        part: [
          { name: 'relationship', valueCodeableConcept: { text: 'r1' } },
          { name: 'relationship', valueCodeableConcept: { text: 'r2' } },
          { name: 'gender', valueCode: 'male' },
        ],
      }),
      { contact: [{ relationship: [{ text: 'r1' }, { text: 'r2' }], gender: 'male' }] },
    ],
    [
      'makes extensions out of parts',
      { birthDate: '2000' },
      add('Patient.birthDate', 'extension', {
        part: [
          { name: 'url', valueUri: 'u' },
          { name: 'value', valueCode: 'c' },
        ],
      }),
      { birthDate: '2000', _birthDate: { extension: [{ url: 'u', valueCode: 'c' }] } },
    ],
    [
      'adds a contained resource',
      {},
      add('Patient', 'contained', { resource: { resourceType: 'Observation', id: 'o' } }),
      { contained: [{ resourceType: 'Observation', id: 'o' }] },
    ],
    [
      'adds to a contained resource',
      { contained: [{ resourceType: 'Observation' }] },
      add('Patient.contained[0]', 'value', { valueQuantity: { value: 1 } }),
      { contained: [{ resourceType: 'Observation', valueQuantity: { value: 1 } }] },
    ],
  ])('%s', (_name, before, operation, after) => {
    expect(apply(patient(before), operation)).toEqual(patient(after));
  });

  test('keeps the writing of decimals, old and new', () => {
    const text = '{"resourceType":"Observation","valueQuantity":{"value":1.00}}';
    const parameters =
      '{"resourceType":"Parameters","parameter":[{"name":"operation","part":[{"name":"type","valueCode":"add"},{"name":"path","valueString":"Observation"},{"name":"name","valueString":"component"},{"name":"value","part":[{"name":"value","valueQuantity":{"value":2.50}}]}]}]}';
    expect(applyText(text, parameters)).toBe(
      '{"resourceType":"Observation","valueQuantity":{"value":1.00},"component":[{"valueQuantity":{"value":2.50}}]}',
    );
  });

  test.each<[string, object, Operation]>([
    ['a single element that exists', { birthDate: '2000' }, add('Patient', 'birthDate', { valueDate: '2001' })],
    [
      'a single element that has an extension',
      { _birthDate: { id: 'x' } },
      add('Patient', 'birthDate', { valueDate: '2001' }),
    ],
    [
      'a choice that exists with another type',
      { deceasedBoolean: true },
      add('Patient', 'deceased', { valueDateTime: '2001' }),
    ],
    ['a choice of a wrong type', {}, add('Patient', 'deceased', { valueString: 'x' })],
    ['a choice without a type', {}, add('Patient', 'deceased', { part: [{ name: 'x', valueString: 'x' }] })],
    ['a value of a wrong type', {}, add('Patient', 'name', { valueAddress: { text: 'x' } })],
    ['a primitive for a complex element', {}, add('Patient', 'name', { valueString: 'x' })],
    ['a complex value for a primitive', {}, add('Patient', 'birthDate', { valuePeriod: { start: '2000' } })],
    ['parts for a primitive', {}, add('Patient', 'birthDate', { part: [{ name: 'id', valueString: 'x' }] })],
    ['an unknown element', {}, add('Patient', 'nothing', { valueString: 'x' })],
    ['an element of Object.prototype', {}, add('Patient', 'constructor', { valueString: 'x' })],
    ['__proto__', {}, add('Patient', '__proto__', { part: [{ name: 'x', valueString: 'x' }] })],
    ['an unknown part', {}, add('Patient', 'contact', { part: [{ name: 'nothing', valueString: 'x' }] })],
    ['where nothing is', {}, add('Patient.maritalStatus', 'text', { valueString: 'x' })],
    [
      'where several are',
      { name: [{ text: 'a' }, { text: 'b' }] },
      add('Patient.name', 'family', { valueString: 'x' }),
    ],
    ['an id', {}, add('Patient', 'id', { valueId: '2' })],
    ['a version', { meta: {} }, add('Patient.meta', 'versionId', { valueId: '2' })],
  ])('refuses %s', (_name, before, operation) => {
    expect(refusalOf(() => apply(patient({ ...before }), operation)).status).toBe(422);
  });
});

describe('insert', () => {
  const insert = (path: string, index: number, value: object): Operation => ({ type: 'insert', path, index, value });

  test('begins a list', () => {
    expect(apply(patient(), insert('Patient.name', 0, { valueHumanName: { text: 'a' } }))).toEqual(
      patient({ name: [{ text: 'a' }] }),
    );
  });

  test('keeps extensions of primitives in step', () => {
    const before = patient({ name: [{ given: ['a', 'b'], _given: [null, { id: 'x' }] }] });
    expect(apply(before, insert('Patient.name[0].given', 1, { valueString: 'c' }))).toEqual(
      patient({ name: [{ given: ['a', 'c', 'b'], _given: [null, null, { id: 'x' }] }] }),
    );
  });

  test.each<[string, Operation, number]>([
    ['an index beyond the end', insert('Patient.identifier', 3, { valueIdentifier: {} }), 422],
    ['a negative index', insert('Patient.identifier', -1, { valueIdentifier: {} }), 400],
    ['a single element', insert('Patient.birthDate', 0, { valueDate: '2000' }), 422],
    ['a choice', insert('Patient.deceased', 0, { valueBoolean: true }), 422],
    ['a path with an index', insert('Patient.identifier[0]', 0, { valueIdentifier: {} }), 400],
    ['the resource', insert('Patient', 0, { valueIdentifier: {} }), 400],
    ['an unknown element', insert('Patient.nothing', 0, { valueIdentifier: {} }), 400],
    ['several lists', insert('Patient.identifier.extension', 0, { valueString: 'x' }), 422],
    ['a wrong type', insert('Patient.identifier', 0, { valueString: 'x' }), 422],
    ['no index', { type: 'insert', path: 'Patient.identifier', value: { valueIdentifier: {} } }, 400],
    ['no value', { type: 'insert', path: 'Patient.identifier', index: 0 }, 400],
  ])('refuses %s', (_name, operation, status) => {
    expect(refusalOf(() => apply(identifiers(1, 2), operation)).status).toBe(status);
  });
});

describe('delete', () => {
  test.each<[string, object, string, object]>([
    ['nothing succeeds', {}, 'Patient.birthDate', {}],
    ['nothing in a list succeeds', { name: [{ text: 'a' }] }, 'Patient.name[3]', { name: [{ text: 'a' }] }],
    ['below nothing succeeds', {}, 'Patient.contact[0].name.text', {}],
    ['takes the extensions of a primitive', { birthDate: '2000', _birthDate: { id: 'x' } }, 'Patient.birthDate', {}],
    ['takes a primitive that is only extensions', { _birthDate: { id: 'x' } }, 'Patient.birthDate', {}],
    [
      'takes the only extension of a primitive',
      { birthDate: '2000', _birthDate: { extension: [{ url: 'u' }] } },
      "Patient.birthDate.extension('u')",
      { birthDate: '2000' },
    ],
    [
      'takes a primitive with its only extension',
      { _birthDate: { extension: [{ url: 'u' }] } },
      "Patient.birthDate.extension('u')",
      {},
    ],
    [
      'keeps a list of primitives in step',
      { name: [{ given: ['a', 'b'], _given: [null, { id: 'x' }] }] },
      'Patient.name.given[0]',
      { name: [{ given: ['b'], _given: [{ id: 'x' }] }] },
    ],
    [
      'drops extensions that are left without any',
      { name: [{ given: ['a', 'b'], _given: [null, { id: 'x' }] }] },
      'Patient.name.given[1]',
      { name: [{ given: ['a'] }] },
    ],
    ['removes parents up to the resource', { contact: [{ name: { given: ['a'] } }] }, 'Patient.contact.name.given', {}],
    ['removes a choice', { deceasedBoolean: true, _deceasedBoolean: { id: 'x' } }, 'Patient.deceased', {}],
    ['removes the only contained resource', { contained: [{ resourceType: 'Group' }] }, 'Patient.contained', {}],
    [
      'keeps a contained resource that has only its type',
      { contained: [{ resourceType: 'Group', id: 'g' }] },
      'Patient.contained.id',
      { contained: [{ resourceType: 'Group' }] },
    ],
  ])('%s', (_name, before, path, after) => {
    expect(apply(patient(before), { type: 'delete', path })).toEqual(patient(after));
  });

  test.each(['Patient.identifier', 'Patient', 'Patient.id', 'Patient.meta.versionId', 'Patient.meta.lastUpdated'])(
    'refuses %s',
    (path) => {
      const before = { ...identifiers(1, 2), id: '1', meta: { versionId: '1', lastUpdated: 'x' } };
      expect(refusalOf(() => apply(before, { type: 'delete', path })).status).toBe(422);
    },
  );
});

describe('replace', () => {
  const replace = (path: string, value?: object): Operation => ({ type: 'replace', path, ...(value && { value }) });

  test.each<[string, object, Operation, object]>([
    [
      'takes the extensions of what was there away',
      { birthDate: '2000', _birthDate: { id: 'x' } },
      replace('Patient.birthDate', { valueDate: '2001' }),
      { birthDate: '2001' },
    ],
    [
      'brings extensions',
      { birthDate: '2000' },
      replace('Patient.birthDate', { valueDate: '2001', _valueDate: { id: 'x' } }),
      { birthDate: '2001', _birthDate: { id: 'x' } },
    ],
    [
      'replaces an item of a list',
      { name: [{ given: ['a', 'b'], _given: [{ id: 'x' }, { id: 'y' }] }] },
      replace('Patient.name.given[0]', { valueString: 'c' }),
      { name: [{ given: ['c', 'b'], _given: [null, { id: 'y' }] }] },
    ],
    [
      'replaces by an anonymous object',
      { contact: [{ gender: 'male' }] },
      replace('Patient.contact', { part: [{ name: 'gender', valueCode: 'female' }] }),
      { contact: [{ gender: 'female' }] },
    ],
    [
      'replaces a contained resource',
      { contained: [{ resourceType: 'Group' }] },
      replace('Patient.contained[0]', { resource: { resourceType: 'List' } }),
      { contained: [{ resourceType: 'List' }] },
    ],
    [
      'takes any kind of Quantity',
      { extension: [{ url: 'u', valueAge: { value: 1 } }] },
      replace('Patient.extension.value', { valueQuantity: { value: 2 } }),
      { extension: [{ url: 'u', valueQuantity: { value: 2 } }] },
    ],
  ])('%s', (_name, before, operation, after) => {
    expect(apply(patient(before), operation)).toEqual(patient(after));
  });

  test.each<[string, Operation, number]>([
    ['nothing', replace('Patient.birthDate', { valueDate: '2000' }), 422],
    ['several', replace('Patient.identifier', { valueIdentifier: {} }), 422],
    ['the resource', replace('Patient', { resource: { resourceType: 'Patient' } }), 422],
    ['the id', replace('Patient.id', { valueId: '2' }), 422],
    ['the version', replace('Patient.meta.versionId', { valueId: '2' }), 422],
    ['by a wrong type', replace('Patient.identifier[0]', { valueString: 'x' }), 422],
    ['by nothing', replace('Patient.identifier[0]'), 400],
    ['by an empty part', replace('Patient.identifier[0]', {}), 400],
  ])('refuses %s', (_name, operation, status) => {
    const before = { ...identifiers(1, 2), id: '1', meta: { versionId: '1' } };
    expect(refusalOf(() => apply(before, operation)).status).toBe(status);
  });
});

describe('move', () => {
  test('keeps extensions of primitives in step', () => {
    const before = patient({ name: [{ given: ['a', 'b'], _given: [null, { id: 'x' }] }] });
    expect(apply(before, { type: 'move', path: 'Patient.name.given', source: 1, destination: 0 })).toEqual(
      patient({ name: [{ given: ['b', 'a'], _given: [{ id: 'x' }, null] }] }),
    );
  });

  test.each([
    [2, 0, 422],
    [0, 2, 422],
    [-1, 0, 400],
    [0, -1, 400],
  ])('refuses from %i to %i of two', (source, destination, status) => {
    expect(refusalOf(() => apply(identifiers(1, 2), moving(source, destination))).status).toBe(status);
  });

  test('refuses a list that is not there', () => {
    expect(refusalOf(() => apply(patient(), moving(0, 0))).status).toBe(422);
  });
});

describe('malformed Parameters', () => {
  test.each([
    '{"resourceType":"Parameters","parameter":[{"name":"other"}]}',
    '{"resourceType":"Parameters","parameter":[null]}',
    '{"resourceType":"Parameters","parameter":[{"name":"operation"}]}',
    '{"resourceType":"Parameters","parameter":[{"name":"operation","part":[{"name":"type","valueCode":"upsert"},{"name":"path","valueString":"Patient"}]}]}',
    '{"resourceType":"Parameters","parameter":[{"name":"operation","part":[{"name":"type","valueString":"delete"},{"name":"path","valueString":"Patient.name"}]}]}',
    '{"resourceType":"Parameters","parameter":[{"name":"operation","part":[{"name":"type","valueCode":"delete"}]}]}',
    '{"resourceType":"Parameters","parameter":[{"name":"operation","part":[{"valueCode":"delete"}]}]}',
    '{"resourceType":"Parameters","parameter":{"name":"operation"}}',
  ])('%s', (parameters) => {
    expect(refusalOf(() => applyText('{"resourceType":"Patient"}', parameters)).status).toBe(400);
  });

  test('name the operation and no values', () => {
    const before = patient({ name: [{ family: 'Secret' }, { family: 'Secret' }] });
    const path = "Patient.name.where(family = 'Secret')";
    const refusal = refusalOf(() =>
      apply(before, { type: 'delete', path: 'Patient.birthDate' }, { type: 'delete', path }),
    );
    expect(refusal).toEqual({
      status: 422,
      diagnostics: 'Parameters.parameter[1]: several elements match the path',
      expression: ['Parameters.parameter[1]'],
    });
  });

  test('cost no more than they may', () => {
    const before = patient({ name: Array.from({ length: 20_000 }, () => ({ given: ['a'] })) });
    const operation = { type: 'delete', path: "Patient.name.given.where(id = 'x')" };
    expect(refusalOf(() => apply(before, ...Array.from({ length: 1000 }, () => operation))).status).toBe(413);
    const insertion = { type: 'insert', path: 'Patient.name', index: 0, value: { valueHumanName: { text: 'b' } } };
    const addition = { type: 'add', path: 'Patient', name: 'name', value: { valueHumanName: { text: 'b' } } };
    for (const one of [insertion, addition]) {
      expect(refusalOf(() => apply(before, ...Array.from({ length: 100 }, () => one))).status).toBe(413);
    }
    expect(refusalOf(() => apply(patient(), ...Array.from({ length: 1001 }, () => operation))).status).toBe(413);
  });
});
