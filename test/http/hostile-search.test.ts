/** Whatever is searched for: an answer, or a refusal that names the parameter; never a failure, and never what another search finds. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { definitions, registry } from '../search/registry.ts';
import { type Answer, startApi, type TestApi } from '../support/api.ts';

let api: TestApi;
beforeAll(async () => {
  api = await startApi();
  const patient = {
    resourceType: 'Patient',
    id: 'a',
    gender: 'male',
    name: [{ family: 'A%b_c' }],
    birthDate: '1980-01-01',
  };
  const observation = {
    resourceType: 'Observation',
    id: 'o',
    status: 'final',
    code: { coding: [{ system: 's', code: 'c' }] },
    subject: { reference: 'Patient/a' },
    valueQuantity: { value: 5, system: 'http://unitsofmeasure.org', code: 'mg' },
    effectiveDateTime: '2020-01-01',
  };
  for (const body of [patient, observation]) await api.ask('PUT', `${body.resourceType}/${body.id}`, { body });
});
afterAll(() => api.close());

const types = ['Patient', 'Observation', 'Location', 'ValueSet', 'MolecularSequence', 'DocumentReference', 'Encounter'];
const codesOf = (type: string) => [...registry.forType(type).keys()];

const modifiers = [
  '',
  '',
  '',
  ':missing',
  ':exact',
  ':contains',
  ':not',
  ':text',
  ':in',
  ':not-in',
  ':above',
  ':below',
  ':of-type',
  ':identifier',
  ':Patient',
  ':equals',
  ':',
  '::',
  ':iterate',
];
const values = fc.oneof(
  fc.constantFrom(
    'a',
    'true',
    'male',
    's|c',
    '|c',
    's|',
    '|',
    '||',
    '|||',
    '$',
    'c$5',
    'c$gt5|http://unitsofmeasure.org|mg',
    'a$b$c',
    '5',
    'gt5',
    '-5',
    '1e300',
    '1e-300',
    '5||mg',
    '5|http://unitsofmeasure.org|mg',
    '5|http://unitsofmeasure.org|nonsense',
    'ap5|http://unitsofmeasure.org|Cel',
    '2020',
    'ge2020-01',
    'eb0001',
    'sa9999-12-31T23:59:59.999Z',
    'Patient/a',
    'http://a.example/x',
    'urn:oid:1.2',
    '%',
    '_',
    '\\',
    '\\\\,',
    "';--",
    '"',
    '47|8|10|km',
    '91|0',
    '0|181|1',
    'x|y',
    ',',
    'a,b',
    '\u{1f600}',
    '\u0301',
    '/',
    '..',
    '$current',
    'a'.repeat(8_192),
    'A%b_c',
  ),
  fc.string({ unit: 'grapheme', maxLength: 40 }),
  fc.string({ unit: fc.constantFrom('|', '$', ',', '\\', ' ', '1', 'a', ':', '(', ')', '"', '.', '-'), maxLength: 20 }),
);

const parameter = fc.constantFrom(...types).chain((type) =>
  fc.record({
    type: fc.constant(type),
    code: fc.constantFrom(...codesOf(type)),
    modifier: fc.constantFrom(...modifiers),
    value: values,
  }),
);

const shapings = fc.constantFrom<readonly [string, string]>(
  ['_sort', 'date'],
  ['_sort', '-_lastUpdated'],
  ['_sort', '_id,-birthdate'],
  ['_sort', 'name'],
  ['_sort', '-'],
  ['_count', '0'],
  ['_count', '3'],
  ['_total', 'accurate'],
  ['_include', '*'],
  ['_revinclude', '*'],
  ['_include:iterate', 'Observation:*'],
  ['_elements', 'id,name'],
  ['_summary', 'true'],
  ['_summary', 'count'],
  ['_cursor', 'AAAA'],
  ['_list', 'x'],
  ['_list', '\u0000'],
);

function check(answer: Answer): void {
  if (answer.status === 200) {
    expect(answer.body.resourceType).toBe('Bundle');
    return;
  }
  // a URL may be too long, or not be one
  expect([400, 414]).toContain(answer.status);
  expect(answer.body.issue[0].expression?.[0] ?? 'http').toMatch(/^http/);
}

test('of one type', async () => {
  const query = fc.tuple(fc.array(parameter, { minLength: 1, maxLength: 3 }), fc.array(shapings, { maxLength: 2 }));
  await fc.assert(
    fc.asyncProperty(query, async ([parameters, shaping]) => {
      const type = parameters[0]?.type ?? 'Patient';
      const pairs = parameters.map(({ code, modifier, value }): [string, string] => [code + modifier, value]);
      check(
        await api.ask(
          'GET',
          `${type}?${new URLSearchParams([...pairs, ...shaping.map((one): [string, string] => [...one])])}`,
        ),
      );
    }),
    { numRuns: 300 },
  );
}, 60_000);

test('along chains, against them, and in filters', async () => {
  const references = fc.constantFrom(
    'subject',
    'patient',
    'encounter',
    'organization',
    'link',
    'general-practitioner',
    'performer',
    'code',
  );
  const link = fc
    .tuple(references, fc.constantFrom('', '', ':Patient', ':Group', ':Nothing'))
    .map(([code, type]) => code + type);
  const back = fc.constantFrom(
    '_has:Observation:patient:',
    '_has:Encounter:patient:',
    '_has:Provenance:target:',
    '_has:Observation:',
    '_has::',
    '_has:',
  );
  const chain = fc
    .array(
      fc.oneof(
        link.map((one) => `${one}.`),
        back,
      ),
      { minLength: 1, maxLength: 4 },
    )
    .map((parts) => parts.join(''));
  const operators = fc.constantFrom('eq', 'ne', 'co', 'sw', 'ew', 'gt', 'po', 'in', 'pr', 'ss', 're', 'xx');
  const filter = fc
    .tuple(parameter, operators, values)
    .map(([{ code }, operator, value]) => `${code} ${operator} "${value.replaceAll(/["\\]/g, '\\$&')}"`);
  const queries = fc.oneof(
    fc
      .tuple(chain, parameter)
      .map(([path, { code, modifier, value }]): [string, string] => [path + code + modifier, value]),
    fc
      .tuple(filter, filter, fc.constantFrom('and', 'or'))
      .map(([one, other, word]): [string, string] => ['_filter', `not (${one}) ${word} (${other})`]),
  );
  await fc.assert(
    fc.asyncProperty(fc.constantFrom(...types), queries, async (type, query) => {
      check(await api.ask('GET', `${type}?${new URLSearchParams([query])}`));
    }),
    { numRuns: 300 },
  );
}, 60_000);

test('200 parameters at once', async () => {
  const codes = codesOf('Patient').filter(
    (code) => !code.startsWith('_') && registry.forType('Patient').get(code)?.type === 'string',
  );
  const pairs = Array.from({ length: 200 }, (_, index): [string, string] => [
    codes[index % codes.length] ?? 'name',
    'a%',
  ]);
  check(await api.ask('GET', `Patient?${new URLSearchParams(pairs)}`));
});

test('every parameter of every type can be asked for, or is refused by name', async () => {
  const waiting = [...definitions.resourceTypes.keys()]
    .filter((type) => type !== 'AuditEvent')
    .flatMap((type) => codesOf(type).map((code) => [type, code] as const));
  const faults: string[] = [];
  for (const [type, code] of waiting) {
    const answer = await api.ask('GET', `${type}?${code}:missing=false&_count=1`);
    const isFine =
      answer.status === 200 ||
      (answer.status === 400 && answer.body.issue[0].expression[0] === `http.${code}:missing`) ||
      answer.body.issue?.[0]?.expression?.[0] === `http.${code}`;
    if (!isFine) faults.push(`${type}?${code}: ${answer.status}`);
  }
  expect(faults).toEqual([]);
}, 120_000);
