import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { startApi, type TestApi } from '../support/api.ts';

let api: TestApi;
beforeAll(async () => {
  api = await startApi();
});
afterAll(() => api.close());

interface Entry {
  readonly fullUrl?: string;
  readonly resource?: object;
  readonly request: Record<string, string>;
}

const bundle = (type: string, entry: readonly Entry[]) => ({ resourceType: 'Bundle', type, entry });
const send = (type: string, ...entry: Entry[]) => api.ask('POST', '', { body: bundle(type, entry) });
const post = (resource: { resourceType: string }, rest: Partial<Entry> & { ifNoneExist?: string } = {}): Entry => {
  const { ifNoneExist, ...more } = rest;
  return {
    resource,
    ...more,
    request: { method: 'POST', url: resource.resourceType, ...(ifNoneExist && { ifNoneExist }) },
  };
};
const patient = (value: string, rest: object = {}) => ({
  resourceType: 'Patient',
  identifier: [{ system: 'urn:b', value }],
  ...rest,
});
const count = async (type: string, value: string) =>
  (await api.ask('GET', `${type}?identifier=urn:b|${value}&_count=0`)).body.total;
const at = async (location: string) => (await api.ask('GET', location.slice(api.base.length + 1))).body;

describe('transaction', () => {
  test('resolves references of every kind within the Bundle, in a ring too, and leaves others alone', async () => {
    const first = 'urn:uuid:11111111-1111-4111-8111-111111111111';
    const second = 'urn:uuid:22222222-2222-4222-8222-222222222222';
    const div = `<div xmlns="http://www.w3.org/1999/xhtml"><a href="${second}">see</a></div>`;
    const answer = await send(
      'transaction',
      post(
        patient('ring', {
          text: { status: 'generated', div },
          extension: [
            { url: 'http://example.org/u', valueUri: second },
            { url: 'http://example.org/c', valueCanonical: second },
          ],
          link: [{ other: { reference: second }, type: 'seealso' }],
          managingOrganization: { reference: 'https://elsewhere.example/Organization/1' },
        }),
        { fullUrl: first },
      ),
      post(patient('ring', { link: [{ other: { reference: first }, type: 'seealso' }] }), { fullUrl: second }),
    );
    expect([answer.status, answer.body.type]).toEqual([200, 'transaction-response']);
    const [one, two] = await Promise.all(
      answer.body.entry.map((entry: { response: { location: string } }) => at(entry.response.location)),
    );
    expect(one.link[0].other.reference).toBe(`Patient/${two.id}`);
    expect(two.link[0].other.reference).toBe(`Patient/${one.id}`);
    expect(one.text.div).toContain(`href="Patient/${two.id}"`);
    expect(one.extension[0].valueUri).toBe(`Patient/${two.id}`);
    expect(one.extension[1].valueCanonical).toBe(second);
    expect(one.managingOrganization.reference).toBe('https://elsewhere.example/Organization/1');
  });

  test('resolves relative references against an absolute fullUrl', async () => {
    const answer = await send(
      'transaction',
      post({ ...patient('rel'), id: 'p' } as never, { fullUrl: 'http://other.example/fhir/Patient/p' }),
      post(
        {
          resourceType: 'Observation',
          status: 'final',
          code: { text: 'x' },
          subject: { reference: 'Patient/p' },
        } as never,
        { fullUrl: 'http://other.example/fhir/Observation/o' },
      ),
    );
    const observation = await at(answer.body.entry[1].response.location);
    const [, id] = /Patient\/([^/]+)\//.exec(answer.body.entry[0].response.location) ?? [];
    expect(observation.subject.reference).toBe(`Patient/${id}`);
  });

  test('runs every kind of entry, answers in order, and reads see what was written', async () => {
    const kept = (await api.ask('POST', 'Patient', { body: patient('kept') })).body.id;
    const gone = (await api.ask('POST', 'Patient', { body: patient('gone') })).body.id;
    const patched = (await api.ask('POST', 'Patient', { body: patient('patched') })).body.id;
    const data = Buffer.from('[{"op":"add","path":"/active","value":true}]').toString('base64');
    const answer = await send(
      'transaction',
      { request: { method: 'GET', url: `Patient/${kept}` } },
      { resource: patient('kept', { id: kept, active: false }), request: { method: 'PUT', url: `Patient/${kept}` } },
      {
        resource: { resourceType: 'Binary', contentType: 'application/json-patch+json', data },
        request: { method: 'PATCH', url: `Patient/${patched}` },
      },
      post(patient('made')),
      { request: { method: 'DELETE', url: `Patient/${gone}` } },
      { request: { method: 'GET', url: 'Patient?identifier=urn:b|made' } },
    );
    expect(answer.status).toBe(200);
    const statuses = answer.body.entry.map((entry: { response: { status: string } }) =>
      entry.response.status.slice(0, 3),
    );
    expect(statuses).toEqual(['200', '200', '200', '201', '204', '200']);
    expect(answer.body.entry[0].resource.active).toBe(false);
    expect(answer.body.entry[5].resource.entry).toHaveLength(1);
    expect((await api.ask('GET', `Patient/${patched}`)).body.active).toBe(true);
    expect((await api.ask('GET', `Patient/${gone}`)).status).toBe(410);
  });

  test('conditional creates: existing, new, and twice the same', async () => {
    const existing = (await api.ask('POST', 'Patient', { body: patient('exists') })).body.id;
    const criteria = (value: string) => `identifier=urn:b|${value}`;
    const answer = await send(
      'transaction',
      post(patient('exists'), { ifNoneExist: criteria('exists') }),
      post(patient('twice'), { ifNoneExist: criteria('twice') }),
      post(patient('twice'), { ifNoneExist: criteria('twice') }),
    );
    const responses = answer.body.entry.map(
      (entry: { response: { status: string; location: string } }) => entry.response,
    );
    expect(responses.map(({ status }: { status: string }) => status.slice(0, 3))).toEqual(['200', '201', '200']);
    expect(responses[0].location).toContain(existing);
    expect(responses[1].location).toBe(responses[2].location);
    expect(await count('Patient', 'twice')).toBe(1);
  });

  const other = { resourceType: 'Patient', gender: 'nonsense' };
  const failures: readonly (readonly [string, number, Entry])[] = [
    ['an invalid resource', 422, post(other)],
    ['an unknown type', 404, { resource: other, request: { method: 'POST', url: 'Nonsense' } }],
    [
      'a version that is not current',
      412,
      {
        resource: patient('f', { id: 'versioned' }),
        request: { method: 'PUT', url: 'Patient/versioned', ifMatch: 'W/"9"' },
      },
    ],
    [
      'a patch of nothing',
      404,
      { resource: { resourceType: 'Parameters' }, request: { method: 'PATCH', url: 'Patient/nobody' } },
    ],
    ['the same resource twice', 400, { request: { method: 'DELETE', url: 'Patient/stays' } }],
  ];
  test.each(failures)('%s fails the whole Bundle with %i and names the entry', async (_what, status, entry) => {
    await api.ask('PUT', 'Patient/stays', { body: patient('stays', { id: 'stays' }) });
    const before = (await api.ask('GET', 'Patient/stays')).body.meta.versionId;
    const answer = await send(
      'transaction',
      post(patient('never')),
      { request: { method: 'DELETE', url: 'Patient/stays' } },
      entry,
    );
    expect([answer.status, answer.body.resourceType]).toEqual([status, 'OperationOutcome']);
    expect(JSON.stringify(answer.body.issue[0].expression)).toContain('Bundle.entry[2]');
    expect(await count('Patient', 'never')).toBe(0);
    expect((await api.ask('GET', 'Patient/stays')).body.meta.versionId).toBe(before);
  });

  test('403 when the token does not allow one of the entries', async () => {
    const token = await api.tokenFor('system/Patient.c');
    const body = bundle('transaction', [
      post(patient('denied')),
      { request: { method: 'DELETE', url: 'Patient/stays' } },
    ]);
    expect((await api.ask('POST', '', { body, token })).status).toBe(403);
    expect(await count('Patient', 'denied')).toBe(0);
  });

  test('2,000 entries', async () => {
    const entries = Array.from({ length: 2_000 }, (_, index) =>
      post(patient('large', { multipleBirthInteger: index })),
    );
    const answer = await send('transaction', ...entries);
    expect([answer.status, answer.body.entry.length]).toEqual([200, 2_000]);
    expect(await count('Patient', 'large')).toBe(2_000);
  }, 30_000);
});

describe('batch', () => {
  test('entries fail alone', async () => {
    const answer = await send(
      'batch',
      post(patient('alone')),
      post({ resourceType: 'Patient', gender: 'nonsense' } as never),
      { request: { method: 'GET', url: 'Patient/nobody' } },
      { request: { method: 'GET', url: 'Nonsense/1' } },
    );
    expect([answer.status, answer.body.type]).toEqual([200, 'batch-response']);
    const responses = answer.body.entry.map((entry: { response: { status: string } }) => entry.response);
    expect(responses.map(({ status }: { status: string }) => status.slice(0, 3))).toEqual(['201', '422', '404', '404']);
    expect(responses[1].outcome.issue[0].expression).toEqual(['Patient.gender']);
    expect(await count('Patient', 'alone')).toBe(1);
  });

  test('each entry needs its own permission', async () => {
    const token = await api.tokenFor('system/Patient.c');
    const body = bundle('batch', [post(patient('mine')), { request: { method: 'GET', url: 'Patient?active=true' } }]);
    const answer = await api.ask('POST', '', { body, token });
    const statuses = answer.body.entry.map((entry: { response: { status: string } }) =>
      entry.response.status.slice(0, 3),
    );
    expect(statuses).toEqual(['201', '403']);
  });
});

test.each([
  [{ resourceType: 'Patient' }, 400],
  [{ resourceType: 'Bundle', type: 'collection' }, 400],
  [{ resourceType: 'Bundle', type: 'transaction', entry: [{ resource: { resourceType: 'Patient' } }] }, 422],
  [{ resourceType: 'Bundle', type: 'batch', entry: 'x' }, 422],
])('refuses what is no batch or transaction: %#', async (body, status) => {
  expect((await api.ask('POST', '', { body })).status).toBe(status);
});
