/** A Patient that gets its id from the server is in the audit log under that id from its first version on. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { startApi, type TestApi } from '../support/api.ts';

let api: TestApi;
beforeAll(async () => {
  api = await startApi();
});
afterAll(() => api.close());

async function interactionsOn(patient: string): Promise<string[]> {
  const { rows } = await api.database.pool.query<{ interaction: string }>(
    'SELECT interaction FROM audit_event WHERE patient = $1 ORDER BY audit_key',
    [patient],
  );
  return rows.map(({ interaction }) => interaction);
}

const patient = { resourceType: 'Patient', active: true };
const transactionOf = (url: string, method: string) => ({
  resourceType: 'Bundle',
  type: 'transaction',
  entry: [{ resource: patient, request: { method, url } }],
});

test.each([
  ['create', 'POST', 'Patient', patient],
  ['create with an id that is not taken', 'POST', 'Patient', { ...patient, id: 'another' }],
  ['conditional update', 'PUT', 'Patient?identifier=a', patient],
  ['transaction', 'POST', '', transactionOf('Patient', 'POST')],
  ['conditional update in a transaction', 'POST', '', transactionOf('Patient?identifier=b', 'PUT')],
])('%s', async (_name, method, path, body) => {
  const { status, headers, body: answer } = await api.ask(method, path, { body });
  expect([200, 201]).toContain(status);
  const location: string = headers.get('location') ?? answer.entry[0].response.location;
  const id = /Patient\/([^/]+)/.exec(location)?.[1] ?? '';
  await api.ask('GET', `Patient/${id}`);
  expect(await interactionsOn(id)).toEqual(['create', 'read']);
  expect(await interactionsOn('another')).toEqual([]);
});

test('a conditional update of a match keeps the Patient, though the body has no id', async () => {
  const identifier = [{ system: 'urn:example:mrn', value: '1' }];
  const { body } = await api.ask('POST', 'Patient', { body: { ...patient, identifier } });
  const changed = { ...patient, identifier, gender: 'other' };
  const updated = await api.ask('PUT', 'Patient?identifier=urn:example:mrn|1', { body: changed });
  expect(updated.status).toBe(200);
  await api.ask('GET', `Patient/${body.id}`);
  expect((await interactionsOn(body.id)).slice(-2)).toEqual(['update', 'read']);
});
