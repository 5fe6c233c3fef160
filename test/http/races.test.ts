import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { type Answer, startApi, type TestApi } from '../support/api.ts';

let api: TestApi;
beforeAll(async () => {
  api = await startApi();
});
afterAll(() => api.close());

const patient = (value: string, rest: object = {}) => ({
  resourceType: 'Patient',
  identifier: [{ system: 'urn:race', value }],
  ...rest,
});

/** How often each status came. */
function tally(answers: readonly Answer[]): Record<number, number> {
  const counts: Record<number, number> = {};
  for (const { status } of answers) counts[status] = (counts[status] ?? 0) + 1;
  return counts;
}

function times(count: number, ask: (index: number) => Promise<Answer>): Promise<Answer[]> {
  return Promise.all(Array.from({ length: count }, (_, index) => ask(index)));
}

test('of 20 conditional creates at once one creates, and all answer with that resource', async () => {
  const headers = { 'If-None-Exist': 'identifier=urn:race|one' };
  const answers = await times(20, () => api.ask('POST', 'Patient', { body: patient('one'), headers }));
  expect(tally(answers)).toEqual({ 200: 19, 201: 1 });
  expect(new Set(answers.map(({ body }) => body.id)).size).toBe(1);
  expect((await api.ask('GET', 'Patient?identifier=urn:race|one&_count=0')).body.total).toBe(1);
});

test('of 20 conditional updates at once one creates', async () => {
  const answers = await times(20, () =>
    api.ask('PUT', 'Patient?identifier=urn:race|upsert', { body: patient('upsert') }),
  );
  expect(tally(answers)).toEqual({ 200: 19, 201: 1 });
  expect((await api.ask('GET', 'Patient?identifier=urn:race|upsert&_count=0')).body.total).toBe(1);
});

test('of 20 updates with the same If-Match one wins', async () => {
  const { body } = await api.ask('POST', 'Patient', { body: patient('match') });
  const headers = { 'If-Match': 'W/"1"' };
  const answers = await times(20, () =>
    api.ask('PUT', `Patient/${body.id}`, { body: patient('match', { id: body.id }), headers }),
  );
  expect(tally(answers)).toEqual({ 200: 1, 412: 19 });
});

test('30 updates at once make 30 versions, and the history has them all', async () => {
  const { body } = await api.ask('POST', 'Patient', { body: patient('many') });
  const answers = await times(30, (index) =>
    api.ask('PUT', `Patient/${body.id}`, { body: patient(`many-${index}`, { id: body.id }) }),
  );
  expect(tally(answers)).toEqual({ 200: 30 });
  const versions = answers.map((answer) => Number(answer.body.meta.versionId)).sort((a, b) => a - b);
  expect(versions).toEqual(Array.from({ length: 30 }, (_, index) => index + 2));
  const history = await api.ask('GET', `Patient/${body.id}/_history`);
  expect(history.body.total).toBe(31);
  const instants = history.body.entry.map(
    (entry: { resource: { meta: { lastUpdated: string } } }) => entry.resource.meta.lastUpdated,
  );
  for (const [index, instant] of instants.slice(1).entries()) expect(instant < instants[index]).toBe(true);
  const last = await api.ask('GET', `Patient/${body.id}`);
  const { value } = last.body.identifier[0];
  expect((await api.ask('GET', `Patient?identifier=urn:race|${value}&_count=0`)).body.total).toBe(1);
  const index = await api.database.pool.query(
    `SELECT count(*)::int AS n, json_array_length(min(r.index_rows)::json -> 'tokens') AS expected
     FROM token_index JOIN resource r USING (resource_key) WHERE r.id = $1`,
    [body.id],
  );
  expect(index.rows[0].n).toBe(index.rows[0].expected);
});

test('of 20 updates that create the same id one creates', async () => {
  const answers = await times(20, () =>
    api.ask('PUT', 'Patient/same-new', { body: patient('new', { id: 'same-new' }) }),
  );
  expect(tally(answers)).toEqual({ 200: 19, 201: 1 });
});

test('transactions that cross each other all succeed', async () => {
  const transaction = (ids: readonly string[]) => ({
    resourceType: 'Bundle',
    type: 'transaction',
    entry: [
      ...ids.map((id) => ({ resource: patient(id, { id }), request: { method: 'PUT', url: `Patient/${id}` } })),
      ...ids.map((id) => ({
        resource: patient(`once-${id}`),
        request: { method: 'POST', url: 'Patient', ifNoneExist: `identifier=urn:race|once-${id}` },
      })),
    ],
  });
  const ids = ['cross-1', 'cross-2', 'cross-3'];
  const answers = await times(30, (index) =>
    api.ask('POST', '', { body: transaction(index % 2 === 0 ? ids : [...ids].reverse()) }),
  );
  expect(tally(answers)).toEqual({ 200: 30 });
  for (const id of ids) {
    expect((await api.ask('GET', `Patient/${id}`)).body.meta.versionId).toBe('30');
    expect((await api.ask('GET', `Patient?identifier=urn:race|once-${id}&_count=0`)).body.total).toBe(1);
  }
});

test('20 patches at once are all applied', async () => {
  const { body } = await api.ask('POST', 'Patient', { body: patient('patch') });
  const headers = { 'Content-Type': 'application/json-patch+json' };
  const answers = await times(20, (index) =>
    api.ask('PATCH', `Patient/${body.id}`, {
      body: [{ op: 'add', path: '/identifier/-', value: { system: 'urn:patch', value: String(index) } }],
      headers,
    }),
  );
  expect(tally(answers)).toEqual({ 200: 20 });
  expect((await api.ask('GET', `Patient/${body.id}`)).body.identifier).toHaveLength(21);
});
