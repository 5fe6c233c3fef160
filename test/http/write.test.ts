import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { adminToken, startApi, type TestApi } from '../support/api.ts';

let api: TestApi;
beforeAll(async () => {
  api = await startApi({ VESTA_BODY_LIMIT: '20000' });
});
afterAll(() => api.close());

const patient = { resourceType: 'Patient', active: true };
const nested = (depth: number) => `{"resourceType":"Patient","extension":${'['.repeat(depth)}${']'.repeat(depth)}}`;

describe('create', () => {
  test('201 with Location, ETag and Last-Modified; the id and meta of the client do not count', async () => {
    const body = {
      ...patient,
      id: 'mine',
      meta: { versionId: '7', lastUpdated: '2000-01-01T00:00:00Z', tag: [{ code: 'x' }] },
    };
    const answer = await api.ask('POST', 'Patient', { body });
    expect(answer.status).toBe(201);
    expect(answer.body.id).not.toBe('mine');
    expect(answer.body.meta).toEqual({
      versionId: '1',
      lastUpdated: answer.body.meta.lastUpdated,
      tag: [{ code: 'x' }],
    });
    expect(Date.parse(answer.body.meta.lastUpdated)).toBeGreaterThan(Date.parse('2020-01-01'));
    expect(answer.headers.get('location')).toBe(`${api.base}/Patient/${answer.body.id}/_history/1`);
    expect([answer.headers.get('etag'), answer.headers.has('last-modified')]).toEqual(['W/"1"', true]);
  });

  test.each([
    ['return=minimal', undefined],
    ['return=representation', 'Patient'],
    ['return=OperationOutcome', 'OperationOutcome'],
  ])('Prefer: %s', async (Prefer, type) => {
    const answer = await api.ask('POST', 'Patient', { body: patient, headers: { Prefer } });
    expect([answer.status, answer.body?.resourceType]).toEqual([201, type]);
  });

  test('a body compressed with gzip', async () => {
    const response = await fetch(`${api.base}/Patient`, {
      method: 'POST',
      headers: {
        Authorization: `Bearer ${adminToken}`,
        'Content-Type': 'application/fhir+json',
        'Content-Encoding': 'gzip',
      },
      body: gzipSync(JSON.stringify(patient)),
    });
    expect(response.status).toBe(201);
  });

  const refusals: readonly (readonly [string, number, unknown, Record<string, string>?])[] = [
    ['no body', 400, ''],
    ['broken JSON', 400, '{"resourceType":'],
    ['another type', 400, { resourceType: 'Observation' }],
    ['no type', 400, { active: true }],
    ['a list', 400, []],
    ['duplicate keys', 400, '{"resourceType":"Patient","active":true,"active":false}'],
    ['a lone surrogate', 400, '{"resourceType":"Patient","name":[{"text":"\\ud800"}]}'],
    ['U+0000', 400, '{"resourceType":"Patient","name":[{"text":"\\u0000"}]}'],
    ['depth', 400, nested(100)],
    ['size', 413, { ...patient, name: [{ text: 'x'.repeat(20_000) }] }],
    ['media type', 415, '<Patient/>', { 'Content-Type': 'application/fhir+xml' }],
    ['charset', 415, '{}', { 'Content-Type': 'application/fhir+json; charset=latin1' }],
    ['encoding', 415, '{}', { 'Content-Encoding': 'br' }],
    ['__proto__', 422, '{"resourceType":"Patient","__proto__":{"active":true}}'],
  ];
  test.each(refusals)('refuses %s with %i and an OperationOutcome', async (...[, status, body, headers = {}]) => {
    const answer = await api.ask('POST', 'Patient', { body, headers });
    expect([answer.status, answer.body.resourceType]).toEqual([status, 'OperationOutcome']);
  });

  test.each([
    [{ ...patient, birthDate: '2021-02-30' }, 'Patient.birthDate'],
    [{ ...patient, gender: 'unknowable' }, 'Patient.gender'],
    [{ ...patient, name: [{ given: ['a', 1] }] }, 'Patient.name[0].given[1]'],
    [{ ...patient, colour: 'red' }, 'Patient.colour'],
    [
      { ...patient, contained: [{ resourceType: 'Observation', id: 'o', code: { text: 'x' } }] },
      'Patient.contained[0].status',
    ],
  ])('422 names the element: %#', async (body, expression) => {
    const answer = await api.ask('POST', 'Patient', { body });
    expect(answer.status).toBe(422);
    expect(answer.body.issue.map((issue: { expression: string[] }) => issue.expression[0])).toContain(expression);
  });
});

describe('update', () => {
  test('201 for a new id, 200 for the next version, and search follows', async () => {
    const body = (family: string) => ({ resourceType: 'Patient', id: 'up', name: [{ family }] });
    const first = await api.ask('PUT', 'Patient/up', { body: body('Before') });
    expect([first.status, first.headers.get('location')]).toEqual([201, `${api.base}/Patient/up/_history/1`]);
    const second = await api.ask('PUT', 'Patient/up', { body: body('After') });
    expect([second.status, second.body.meta.versionId]).toEqual([200, '2']);
    expect((await api.ask('GET', 'Patient?family=before&_count=0')).body.total).toBe(0);
    expect((await api.ask('GET', 'Patient?family=after&_count=0')).body.total).toBe(1);
  });

  test.each([
    ['no id', 400, 'Patient/x1', patient, {}],
    ['another id', 400, 'Patient/x1', { ...patient, id: 'x2' }, {}],
    ['an id that is none', 400, 'Patient/a_b', { ...patient, id: 'a_b' }, {}],
    ['a malformed If-Match', 400, 'Patient/x1', { ...patient, id: 'x1' }, { 'If-Match': 'one' }],
    ['an If-Match of nothing', 412, 'Patient/x1', { ...patient, id: 'x1' }, { 'If-Match': 'W/"1"' }],
  ])('refuses %s with %i', async (_what, status, path, body, headers) => {
    const answer = await api.ask('PUT', path, { body, headers });
    expect([answer.status, answer.body.resourceType]).toEqual([status, 'OperationOutcome']);
    expect((await api.ask('GET', 'Patient/x1')).status).toBe(404);
  });

  test('a token without c creates nothing by PUT', async () => {
    const token = await api.tokenFor('system/Patient.u');
    const answer = await api.ask('PUT', 'Patient/not-there', { body: { ...patient, id: 'not-there' }, token });
    expect(answer.status).toBe(404);
    expect((await api.ask('GET', 'Patient/not-there')).status).toBe(404);
  });

  test('after deletion an update makes the next version', async () => {
    await api.ask('PUT', 'Patient/again', { body: { ...patient, id: 'again' } });
    const gone = await api.ask('DELETE', 'Patient/again');
    expect([gone.status, gone.text, gone.headers.get('etag')]).toEqual([204, '', 'W/"2"']);
    const back = await api.ask('PUT', 'Patient/again', { body: { ...patient, id: 'again' } });
    expect([back.status, back.body.meta.versionId]).toEqual([201, '3']);
  });
});

describe('delete', () => {
  test('204, also of what is not there; search no longer finds it', async () => {
    const { body } = await api.ask('POST', 'Patient', { body: { ...patient, name: [{ family: 'Leaving' }] } });
    expect((await api.ask('DELETE', `Patient/${body.id}`)).status).toBe(204);
    expect((await api.ask('DELETE', `Patient/${body.id}`)).status).toBe(204);
    expect((await api.ask('DELETE', 'Patient/never-was')).status).toBe(204);
    expect((await api.ask('GET', 'Patient?family=leaving&_count=0')).body.total).toBe(0);
    const rows = await api.database.pool.query(
      'SELECT count(*)::int AS n FROM token_index JOIN resource USING (resource_key) WHERE id = $1',
      [body.id],
    );
    expect(rows.rows[0].n).toBe(0);
  });

  test('If-Match of another version: 412, and it stays', async () => {
    const { body } = await api.ask('POST', 'Patient', { body: patient });
    expect((await api.ask('DELETE', `Patient/${body.id}`, { headers: { 'If-Match': 'W/"9"' } })).status).toBe(412);
    expect((await api.ask('GET', `Patient/${body.id}`)).status).toBe(200);
  });
});

describe('conditional', () => {
  const who = (value: string) => ({ ...patient, identifier: [{ system: 'urn:c', value }] });
  const criteria = (value: string) => `identifier=urn:c|${value}`;

  test('create: none, one, many', async () => {
    const create = () => api.ask('POST', 'Patient', { body: who('a'), headers: { 'If-None-Exist': criteria('a') } });
    expect((await create()).status).toBe(201);
    expect((await create()).status).toBe(200);
    await api.ask('POST', 'Patient', { body: who('a') });
    expect((await create()).status).toBe(412);
  });

  test('update: none, one, many, and the id of another', async () => {
    const update = (body: object = who('b')) => api.ask('PUT', `Patient?${criteria('b')}`, { body });
    const first = await update();
    expect(first.status).toBe(201);
    expect((await update()).body.id).toBe(first.body.id);
    expect((await update({ ...who('b'), id: 'other' })).status).toBe(400);
    await api.ask('POST', 'Patient', { body: who('b') });
    expect((await update()).status).toBe(412);
    const taken = await api.ask('PUT', `Patient?${criteria('nobody')}`, { body: { ...who('c'), id: first.body.id } });
    expect(taken.status).toBe(409);
  });

  test('patch and delete: none, one, many', async () => {
    const headers = { 'Content-Type': 'application/json-patch+json' };
    const patch = () =>
      api.ask('PATCH', `Patient?${criteria('d')}`, {
        body: [{ op: 'replace', path: '/active', value: false }],
        headers,
      });
    expect((await patch()).status).toBe(404);
    await api.ask('POST', 'Patient', { body: who('d') });
    expect([(await patch()).status, (await patch()).body.active]).toEqual([200, false]);
    expect((await api.ask('DELETE', `Patient?${criteria('d')}`)).status).toBe(204);
    expect((await api.ask('GET', `Patient?${criteria('d')}&_count=0`)).body.total).toBe(0);
    await api.ask('POST', 'Patient', { body: who('e') });
    await api.ask('POST', 'Patient', { body: who('e') });
    expect((await api.ask('DELETE', `Patient?${criteria('e')}`)).status).toBe(412);
  });

  test.each([
    ['DELETE', 'Patient', 412],
    ['PUT', 'Patient', 412],
    ['DELETE', 'Patient?nonsense=1', 400],
    ['DELETE', 'Patient?active=true&_count=1', 400],
  ])('%s %s: %i', async (method, path, status) => {
    const answer = await api.ask(method, path, method === 'PUT' ? { body: patient } : {});
    expect(answer.status).toBe(status);
  });
});

describe('patch', () => {
  const headers = { 'Content-Type': 'application/json-patch+json' };
  const observation =
    '{"resourceType":"Observation","status":"final","code":{"text":"x"},"valueQuantity":{"value":1.00,"unit":"kg"}}';

  test('JSON Patch keeps how decimals are written', async () => {
    const { body } = await api.ask('POST', 'Observation', { body: observation });
    const patch =
      '[{"op":"replace","path":"/status","value":"amended"},{"op":"add","path":"/referenceRange","value":[{"low":{"value":2.50}}]}]';
    const answer = await api.ask('PATCH', `Observation/${body.id}`, { body: patch, headers });
    expect([answer.status, answer.headers.get('etag')]).toEqual([200, 'W/"2"']);
    expect(answer.text).toContain('"value":1.00');
    expect(answer.text).toContain('"value":2.50');
  });

  test('FHIRPath Patch', async () => {
    const { body } = await api.ask('POST', 'Observation', { body: observation });
    const operation = [
      { name: 'type', valueCode: 'replace' },
      { name: 'path', valueString: 'Observation.status' },
      { name: 'value', valueCode: 'amended' },
    ];
    const patch = { resourceType: 'Parameters', parameter: [{ name: 'operation', part: operation }] };
    const answer = await api.ask('PATCH', `Observation/${body.id}`, { body: patch });
    expect([answer.status, answer.body.status]).toEqual([200, 'amended']);
    expect(answer.text).toContain('"value":1.00');
  });

  test.each([
    ['a failing test', 422, '[{"op":"test","path":"/status","value":"x"}]', {}],
    ['no list', 400, '{"op":"add"}', {}],
    ['the id', 422, '[{"op":"replace","path":"/id","value":"x"}]', {}],
    ['a result that is not valid', 422, '[{"op":"remove","path":"/status"}]', {}],
    [
      'If-Match of another version',
      412,
      '[{"op":"replace","path":"/status","value":"amended"}]',
      { 'If-Match': 'W/"5"' },
    ],
    ['another media type', 415, '[]', { 'Content-Type': 'text/plain' }],
  ])('refuses %s with %i and leaves the resource alone', async (_what, status, body, more) => {
    const created = await api.ask('POST', 'Observation', { body: observation });
    const answer = await api.ask('PATCH', `Observation/${created.body.id}`, { body, headers: { ...headers, ...more } });
    expect(answer.status).toBe(status);
    expect((await api.ask('GET', `Observation/${created.body.id}`)).text).toBe(created.text);
  });

  test('404 and 410', async () => {
    const body = '[{"op":"add","path":"/active","value":true}]';
    expect((await api.ask('PATCH', 'Patient/unknown', { body, headers })).status).toBe(404);
    const created = await api.ask('POST', 'Patient', { body: patient });
    await api.ask('DELETE', `Patient/${created.body.id}`);
    expect((await api.ask('PATCH', `Patient/${created.body.id}`, { body, headers })).status).toBe(410);
  });
});
