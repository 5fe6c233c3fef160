import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { bundledValidator } from '../support/validator.ts';
import { startApi, type TestApi } from '../support/api.ts';

let api: TestApi;
beforeAll(async () => {
  api = await startApi();
});
afterAll(() => api.close());

const long = 'x'.repeat(7_000);
const values = [
  "'; DROP TABLE resource; --",
  '%',
  '_',
  '\\',
  '\\,',
  '$',
  '|',
  '||||',
  '\u{1F600}',
  'a\u0301',
  long,
  '-1e999',
  '1e-999',
  '9999-99-99',
  '0000',
  '10000-01-01',
  '2020-01-01T24:00:00+99:00',
];
const parameters = [
  '_id',
  'name',
  'birthdate',
  'identifier',
  'general-practitioner',
  '_lastUpdated',
  '_profile',
  '_count',
  '_sort',
  '_cursor',
  '_total',
  '_include',
];

describe('hostile values', () => {
  test.each(parameters)('of %s never make the server fail', async (parameter) => {
    for (const value of values) {
      const answer = await api.ask('GET', `Patient?${parameter}=${encodeURIComponent(value)}`);
      expect([answer.status < 500, answer.body.resourceType !== undefined]).toEqual([true, true]);
    }
  });

  test.each(['value-quantity', 'date', 'code', 'subject', 'combo-value-quantity'])(
    'of Observation?%s',
    async (parameter) => {
      for (const value of values) {
        const answer = await api.ask('GET', `Observation?${parameter}=${encodeURIComponent(value)}`);
        expect(answer.status).toBeLessThan(500);
      }
    },
  );
});

describe('hostile requests get a 4xx OperationOutcome', () => {
  test.each([
    ['GET', 'Patient?name=%ff'],
    ['GET', 'Patient?name=%00'],
    ['GET', `Patient?name=${'x'.repeat(9_000)}`],
    ['GET', `Patient?${'name=x&'.repeat(300)}`],
    ['GET', 'Patient/..%2f..%2fetc'],
    ['GET', '%24everything'],
    ['GET', 'Patient/1/%24everything'],
    ['DELETE', 'Patient'],
    ['PUT', ''],
    ['POST', 'Patient/1'],
    ['POST', 'metadata'],
    ['OPTIONS', 'Patient'],
    ['GET', 'patient/1'],
    ['GET', 'Patient/__proto__'],
    ['GET', 'constructor/1'],
  ])('%s %s', async (method, path) => {
    const answer = await api.ask(
      method,
      path.slice(0, 20_000),
      method === 'POST' || method === 'PUT' ? { body: {} } : {},
    );
    expect([answer.status >= 400 && answer.status < 500, answer.body.resourceType]).toEqual([true, 'OperationOutcome']);
  });

  const deep = (open: string, close: string, depth: number) => open.repeat(depth) + close.repeat(depth);
  test.each([
    ['null', 'null'],
    ['a number', '1'],
    ['depth', `{"resourceType":"Patient","x":${deep('[', ']', 100_000)}}`],
    ['a number beyond all bounds', '{"resourceType":"Observation","valueQuantity":{"value":1e1000000}}'],
    ['a long number', `{"resourceType":"Observation","valueQuantity":{"value":${'9'.repeat(10_000)}}}`],
    [
      'many unknown elements',
      JSON.stringify({
        resourceType: 'Patient',
        ...Object.fromEntries(Array.from({ length: 50_000 }, (_, index) => [`k${index}`, 1])),
      }),
    ],
    ['many wrong items', JSON.stringify({ resourceType: 'Patient', name: Array.from({ length: 100_000 }, () => 1) })],
    [
      'base64 that backtracks',
      JSON.stringify({ resourceType: 'Binary', contentType: 'x', data: `${'AAAA    '.repeat(20_000)}!` }),
    ],
    [
      'script',
      JSON.stringify({
        resourceType: 'Patient',
        text: { status: 'generated', div: '<div xmlns="http://www.w3.org/1999/xhtml"><script>x</script></div>' },
      }),
    ],
  ])('body: %s', async (_what, body) => {
    const type = /"resourceType":"(\w+)"/.exec(body)?.[1] ?? 'Patient';
    const answer = await api.ask('POST', type, { body });
    expect([answer.status >= 400 && answer.status < 500, answer.body.resourceType]).toEqual([true, 'OperationOutcome']);
    expect(answer.body.issue.length).toBeLessThanOrEqual(100);
  });

  test('nothing of it was unexpected', () => {
    expect(api.observations.filter(({ kind }) => kind === 'unexpected-error')).toEqual([]);
  });
});

test('the CapabilityStatement is valid, open to all, and lists what can be done', async () => {
  const answer = await api.ask('GET', 'metadata', { token: null });
  expect(answer.status).toBe(200);
  const validate = bundledValidator();
  expect(validate(answer.body)).toEqual([]);
  const [rest] = answer.body.rest;
  expect(rest.resource).toHaveLength(146);
  const patient = rest.resource.find(({ type }: { type: string }) => type === 'Patient');
  const codes = patient.interaction.map(({ code }: { code: string }) => code).sort();
  expect(codes).toEqual([
    'create',
    'delete',
    'history-instance',
    'history-type',
    'patch',
    'read',
    'search-type',
    'update',
    'vread',
  ]);
  for (const { name, type } of patient.searchParam as { name: string; type: string }[]) {
    const value = type === 'date' ? '2020' : type === 'quantity' || type === 'number' ? '1' : 'x';
    expect([name, (await api.ask('GET', `Patient?${name}=${value}`)).status]).toEqual([name, 200]);
  }
});

test('scopes: each letter allows its interactions and no others', async () => {
  await api.ask('PUT', 'Patient/scoped', { body: { resourceType: 'Patient', id: 'scoped' } });
  const body = { resourceType: 'Patient', id: 'scoped' };
  const attempts: readonly (readonly [string, string, string, object])[] = [
    ['r', 'GET', 'Patient/scoped', {}],
    ['r', 'GET', 'Patient/scoped/_history', {}],
    ['s', 'GET', 'Patient?_id=scoped', {}],
    ['s', 'GET', 'Patient/_history', {}],
    ['c', 'POST', 'Patient', { body }],
    ['u', 'PUT', 'Patient/scoped', { body }],
    ['d', 'DELETE', 'Patient/nobody', {}],
  ];
  for (const letter of ['c', 'r', 'u', 'd', 's']) {
    const token = await api.tokenFor(`system/Patient.${letter}`);
    for (const [needed, method, path, options] of attempts) {
      const { status } = await api.ask(method, path, { ...options, token });
      expect([letter, method, path, status < 300]).toEqual([letter, method, path, needed === letter]);
      if (needed !== letter) expect(status).toBe(403);
    }
    expect((await api.ask('GET', 'Observation/x', { token })).status).toBe(403);
  }
});

test('403 comes before the body is looked at', async () => {
  const token = await api.tokenFor('system/Patient.r');
  expect((await api.ask('POST', 'Patient', { body: '{broken', token })).status).toBe(403);
});

test('401 says how to authenticate', async () => {
  const without = await api.ask('GET', 'Patient/1', { token: null });
  expect([without.status, without.headers.get('www-authenticate')]).toEqual([401, 'Bearer realm="vesta"']);
  const wrong = await api.ask('GET', 'Patient/1', { token: 'nonsense' });
  expect([wrong.status, wrong.headers.get('www-authenticate')?.includes('invalid_token')]).toEqual([401, true]);
});
