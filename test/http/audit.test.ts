import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type Ask, startApi, type TestApi } from '../support/api.ts';

let api: TestApi;
beforeAll(async () => {
  api = await startApi();
  for (const id of ['a', 'b']) {
    await api.ask('PUT', `Patient/${id}`, { body: { resourceType: 'Patient', id, name: [{ family: 'Canary' }] } });
    const body = {
      resourceType: 'Observation',
      id: `o-${id}`,
      status: 'final',
      code: { coding: [{ code: 'shared' }] },
      subject: { reference: `Patient/${id}` },
    };
    await api.ask('PUT', `Observation/o-${id}`, { body });
  }
});
afterAll(() => api.close());

interface Row {
  readonly interaction: string;
  readonly status: number;
  readonly outcome: string;
  readonly agent: string;
  readonly patient: string | null;
  readonly resource_type: string | null;
  readonly resource_id: string | null;
}

/** Sends a request and returns its status and its rows. */
async function audited(
  method: string,
  path: string,
  options: Ask = {},
): Promise<{ status: number; rows: Row[]; text: string }> {
  const requestId = randomUUID();
  const { status, text } = await api.ask(method, path, {
    ...options,
    headers: { ...options.headers, 'X-Request-Id': requestId },
  });
  const { rows } = await api.database.pool.query<Row>(
    'SELECT * FROM audit_event WHERE request_id = $1 ORDER BY audit_key',
    [requestId],
  );
  return { status, rows, text };
}

describe('every interaction leaves its rows', () => {
  const patient = { resourceType: 'Patient', active: true };
  const headers = { 'Content-Type': 'application/json-patch+json' };
  const cases: readonly (readonly [string, string, string, Ask, number, readonly (string | null)[]])[] = [
    ['read', 'GET', 'Patient/a', {}, 200, ['a']],
    ['read', 'GET', 'Observation/o-a', {}, 200, ['a']],
    ['read', 'GET', 'Patient/nobody', {}, 404, [null]],
    ['vread', 'GET', 'Patient/a/_history/1', {}, 200, ['a']],
    ['history-instance', 'GET', 'Patient/a/_history', {}, 200, ['a']],
    ['history-type', 'GET', 'Patient/_history', {}, 200, ['a', 'b']],
    ['history-system', 'GET', '_history', {}, 200, ['a', 'b']],
    ['search-type', 'GET', 'Observation?code=shared', {}, 200, ['a', 'b']],
    ['search-type', 'GET', 'Observation?_id=o-a&_include=Observation:subject', {}, 200, ['a']],
    ['search-type', 'GET', 'Patient?family=nobody', {}, 200, [null]],
    ['search-type', 'GET', 'Patient?nonsense=1', {}, 400, [null]],
    ['update', 'PUT', 'Patient/a', { body: { ...patient, id: 'a' } }, 200, ['a']],
    ['patch', 'PATCH', 'Patient/a', { body: '[{"op":"add","path":"/active","value":false}]', headers }, 200, ['a']],
    ['create', 'POST', 'Patient', { body: { ...patient, gender: 'wrong' } }, 422, [null]],
    ['create', 'POST', 'Patient', { body: '{broken' }, 400, [null]],
    ['update', 'PUT', 'Patient/a', { body: { ...patient, id: 'a' }, headers: { 'If-Match': 'W/"99"' } }, 412, [null]],
    ['delete', 'DELETE', 'Patient/nobody', {}, 204, [null]],
    ['read', 'GET', 'Patient/a', { token: null }, 401, [null]],
    ['read', 'GET', 'Patient/a', { token: 'wrong' }, 401, [null]],
    ['capabilities', 'GET', 'metadata', { token: null }, 200, [null]],
  ];
  test.each(cases)('%s: %s %s', async (interaction, method, path, options, status, patients) => {
    const answer = await audited(method, path, options);
    expect(answer.status).toBe(status);
    const seen = answer.rows.map((row) => row.patient);
    expect(new Set(seen)).toEqual(new Set(patients));
    expect(seen).toHaveLength(patients.length);
    for (const row of answer.rows) {
      expect([row.interaction, row.status]).toEqual([interaction, status]);
      expect(row.outcome).toBe(status < 400 ? '0' : '4');
      expect(row.agent).toBe(options.token === undefined ? 'admin' : 'anonymous');
    }
  });

  test('what a token does not allow', async () => {
    const token = await api.tokenFor('system/Observation.rs');
    const { status, rows } = await audited('GET', 'Patient/a', { token });
    expect([status, rows.length, rows[0]?.agent, rows[0]?.resource_id]).toEqual([403, 1, 'test-agent', 'a']);
  });

  test.each(['batch', 'transaction'])('a %s and each of its entries', async (type) => {
    const entry = [
      { resource: { ...patient, id: 'a' }, request: { method: 'PUT', url: 'Patient/a' } },
      { request: { method: 'GET', url: 'Observation/o-b' } },
    ];
    const { status, rows } = await audited('POST', '', { body: { resourceType: 'Bundle', type, entry } });
    expect(status).toBe(200);
    const lines = rows.map((row) => `${row.interaction} ${row.patient}`).sort();
    expect(lines).toEqual(['read b', `${type} null`, 'update a'].sort());
  });
});

describe('when the log cannot be written', () => {
  beforeAll(() => api.database.pool.query('REVOKE INSERT ON audit_event FROM vesta_api'));
  afterAll(() => api.database.pool.query('GRANT INSERT ON audit_event TO vesta_api'));

  test('a read answers 503 and shows nothing', async () => {
    const { status, text } = await audited('GET', 'Patient/b');
    expect(status).toBe(503);
    expect(text).not.toContain('Canary');
  });

  test('a write is not made', async () => {
    const body = { resourceType: 'Patient', id: 'unlogged' };
    const answer = await api.ask('PUT', 'Patient/unlogged', { body });
    expect(answer.status).toBe(503);
    const { rows } = await api.database.pool.query("SELECT FROM resource WHERE id = 'unlogged'");
    expect(rows).toHaveLength(0);
  });
});

describe('AuditEvent', () => {
  const ask = async (query: string) => (await api.ask('GET', `AuditEvent?${query}`)).body;

  test('is found by patient, agent, action, outcome and date, page by page', async () => {
    const whole = await ask('patient=b&_count=1000&_total=accurate');
    const { rows } = await api.database.pool.query("SELECT count(*)::int AS n FROM audit_event WHERE patient = 'b'");
    expect(whole.entry.length).toBe(whole.total);
    // finding out has itself been noted since
    expect(rows[0].n).toBeGreaterThanOrEqual(whole.total);
    const first = await ask('patient=b&_count=2');
    expect(first.entry).toHaveLength(2);
    expect(first.link.some(({ relation }: { relation: string }) => relation === 'next')).toBe(true);
    expect((await ask('patient=nobody')).entry).toBeUndefined();
    expect((await ask('agent=test-agent')).entry).toHaveLength(1);
    expect((await ask('action=D')).entry).toHaveLength(1);
    expect((await ask('outcome=8')).entry).toBeUndefined();
    expect((await ask('date=lt2000')).entry).toBeUndefined();
  });

  test('is read by id', async () => {
    const { entry } = await ask('_count=1');
    const { id } = entry[0].resource;
    expect((await api.ask('GET', `AuditEvent/${id}`)).body.id).toBe(id);
    expect((await api.ask('GET', 'AuditEvent/0')).status).toBe(404);
  });

  test.each([
    ['POST', 'AuditEvent'],
    ['PUT', 'AuditEvent/1'],
    ['PATCH', 'AuditEvent/1'],
    ['DELETE', 'AuditEvent/1'],
  ])('cannot be changed: %s %s', async (method, path) => {
    const body = method === 'DELETE' ? {} : { body: method === 'PATCH' ? '[]' : { resourceType: 'AuditEvent' } };
    const headers = method === 'PATCH' ? { 'Content-Type': 'application/json-patch+json' } : {};
    const answer = await api.ask(method, path, { ...body, headers });
    expect([answer.status, answer.headers.get('allow')]).toEqual([405, 'GET, HEAD']);
  });

  test('needs a system scope', async () => {
    const token = await api.tokenFor('user/*.cruds');
    expect((await api.ask('GET', 'AuditEvent', { token })).status).toBe(403);
    const auditor = await api.tokenFor('system/AuditEvent.rs');
    expect((await api.ask('GET', 'AuditEvent', { token: auditor })).status).toBe(200);
    expect((await api.ask('GET', 'Patient/a', { token: auditor })).status).toBe(403);
  });
});
