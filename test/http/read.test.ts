import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { startApi, type TestApi } from '../support/api.ts';

let api: TestApi;
beforeAll(async () => {
  api = await startApi();
});
afterAll(() => api.close());

const patient = { resourceType: 'Patient', active: true };

describe('read', () => {
  test('200: the stored text as it was written, with ETag and Last-Modified', async () => {
    const text =
      '{ "resourceType" : "Observation",\n "status":"final","code":{"text":"x"},"valueQuantity":{"value":1.00} }';
    const created = await api.ask('POST', 'Observation', { body: text });
    expect(created.status).toBe(201);
    const answer = await api.ask('GET', `Observation/${created.body.id}`);
    expect(answer.status).toBe(200);
    expect(answer.text).toContain('"value":1.00');
    expect(answer.text).toBe(created.text);
    expect(answer.headers.get('etag')).toBe('W/"1"');
    expect(answer.headers.get('content-type')).toBe('application/fhir+json; charset=utf-8');
    expect(answer.headers.get('cache-control')).toBe('no-store');
    expect(new Date(answer.headers.get('last-modified') ?? '').getTime()).toBe(
      Math.floor(Date.parse(answer.body.meta.lastUpdated) / 1000) * 1000,
    );
  });

  test('304 when the client has this version', async () => {
    const { body } = await api.ask('POST', 'Patient', { body: patient });
    const path = `Patient/${body.id}`;
    const same = await api.ask('GET', path, { headers: { 'If-None-Match': 'W/"1"' } });
    expect([same.status, same.text]).toEqual([304, '']);
    const other = await api.ask('GET', path, { headers: { 'If-None-Match': 'W/"2"' } });
    expect(other.status).toBe(200);
    const later = new Date(Date.now() + 60_000).toUTCString();
    expect((await api.ask('GET', path, { headers: { 'If-Modified-Since': later } })).status).toBe(304);
    const earlier = new Date(0).toUTCString();
    expect((await api.ask('GET', path, { headers: { 'If-Modified-Since': earlier } })).status).toBe(200);
  });

  test.each([['Patient/unknown'], ['Patient/not_an_id'], ['Nonsense/1'], ['nothing/here/at/all']])(
    '404: %s',
    async (path) => {
      const answer = await api.ask('GET', path);
      expect([answer.status, answer.body.resourceType, answer.body.issue[0].code]).toEqual([
        404,
        'OperationOutcome',
        'not-found',
      ]);
    },
  );

  test('410 after deletion, and vread still shows what was', async () => {
    const { body } = await api.ask('POST', 'Patient', { body: patient });
    expect((await api.ask('DELETE', `Patient/${body.id}`)).status).toBe(204);
    const gone = await api.ask('GET', `Patient/${body.id}`);
    expect([gone.status, gone.body.issue[0].code]).toEqual([410, 'deleted']);
    expect((await api.ask('GET', `Patient/${body.id}/_history/1`)).status).toBe(200);
    expect((await api.ask('GET', `Patient/${body.id}/_history/2`)).status).toBe(410);
    expect((await api.ask('GET', `Patient/${body.id}/_history/3`)).status).toBe(404);
    expect((await api.ask('GET', `Patient/${body.id}/_history/x`)).status).toBe(404);
  });

  test('HEAD answers like GET without the body', async () => {
    const { body } = await api.ask('POST', 'Patient', { body: patient });
    const head = await api.ask('HEAD', `Patient/${body.id}`);
    expect([head.status, head.text, head.headers.get('etag')]).toEqual([200, '', 'W/"1"']);
  });

  test('_pretty indents, and numbers keep their writing', async () => {
    const text = '{"resourceType":"Observation","status":"final","code":{"text":"x"},"valueQuantity":{"value":1.00}}';
    const { body } = await api.ask('POST', 'Observation', { body: text });
    const answer = await api.ask('GET', `Observation/${body.id}?_pretty=true`);
    expect(answer.text).toContain('\n  "valueQuantity": {\n    "value": 1.00\n  }');
  });

  test('406 for what is not JSON', async () => {
    expect((await api.ask('GET', 'Patient/1?_format=xml')).status).toBe(406);
    expect((await api.ask('GET', 'Patient/1', { headers: { Accept: 'application/fhir+xml' } })).status).toBe(406);
  });
});
