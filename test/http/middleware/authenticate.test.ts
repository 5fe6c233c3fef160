import { expect, test } from '@jest/globals';
import request from 'supertest';
import { unavailable } from '../../../src/fhir/fhir-error.ts';
import { createAuthenticate } from '../../../src/http/middleware/authenticate.ts';
import { appWith } from './serve.ts';

const caller = { agent: 'nurse', client: 'ward', scopes: ['system/*.rs'] };
const app = appWith(createAuthenticate({ verify: async (token) => (token === 'good' ? caller : undefined) }));

test.each(['Bearer good', 'bearer good', 'BEARER  good '])('%s is recognised', async (header) => {
  const response = await request(app).get('/').set('Authorization', header);
  expect(response.status).toBe(200);
  expect(response.body).toMatchObject({ facts: { caller } });
});

test('without a token the challenge names no error', async () => {
  const response = await request(app).get('/');
  expect(response.status).toBe(401);
  expect(response.headers['www-authenticate']).toBe('Bearer realm="vesta"');
  expect(response.body).toMatchObject({ code: 'login' });
});

test.each([
  'Bearer bad',
  'Bearer',
  'Bearer ',
  'Bearer good good',
  'Bearer good, Bearer good',
  'Bearer "good"',
  'Basic Z29vZDpnb29k',
  'good',
  `Bearer ${'x'.repeat(2_000)}`,
  `Bearer ${'='.repeat(900)}`,
])('%s is an invalid token', async (header) => {
  const response = await request(app).get('/').set('Authorization', header);
  expect(response.status).toBe(401);
  expect(response.headers['www-authenticate']).toMatch(/^Bearer realm="vesta", error="invalid_token"/);
  expect(JSON.stringify(response.body)).not.toContain('good');
});

test.each(['/?access_token=good', '/?token=good'])('%s is no way to give a token', async (url) => {
  expect((await request(app).get(url)).status).toBe(401);
});

test('a body is no way to give a token', async () => {
  expect((await request(app).post('/').type('form').send('access_token=good')).status).toBe(401);
});

test('when tokens cannot be checked nobody comes in', async () => {
  const down = appWith(createAuthenticate({ verify: () => Promise.reject(unavailable('down')) }));
  expect((await request(down).get('/').set('Authorization', 'Bearer good')).status).toBe(503);
});
