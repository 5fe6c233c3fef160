import { request as httpRequest } from 'node:http';
import { connect } from 'node:net';
import { gzipSync } from 'node:zlib';
import { describe, expect, test } from '@jest/globals';
import type { RequestHandler } from 'express';
import request from 'supertest';
import { bodyMediaTypes, createBody } from '../../../src/http/middleware/body.ts';
import { appWith, listen } from './serve.ts';

const app = appWith(createBody({ limit: 100, mediaTypes: bodyMediaTypes.resource }));
const post = (body: string | Buffer, headers: Record<string, string> = {}) =>
  request(app)
    .post('/')
    .serialize((given: unknown) => given as string)
    .set({ 'Content-Type': 'application/fhir+json', ...headers })
    .send(body);

test('a body arrives byte for byte', async () => {
  const body = '{ "a" : 1.00, "b": "\u00e4\ud83d\ude00" }\n';
  expect((await post(body)).body).toMatchObject({ body });
});

test.each([
  ['GET', () => request(app).get('/')],
  ['DELETE', () => request(app).delete('/')],
  ['an empty POST', () => request(app).post('/')],
  ['a chunked POST of nothing', () => request(app).post('/').set('Transfer-Encoding', 'chunked').type('json')],
])('%s has none', async (_, ask) => {
  const response = await ask();
  expect(response.status).toBe(200);
  expect(response.body).not.toHaveProperty('body');
});

describe('media types', () => {
  test.each([
    'application/fhir+json',
    'Application/FHIR+JSON ; charset=UTF-8',
    'application/json;charset="utf-8"',
    'application/fhir+json; fhirVersion=4.0',
    'text/json',
  ])('%s is read', async (type) => {
    expect((await post('{}', { 'Content-Type': type })).status).toBe(200);
  });

  test.each([
    '',
    'json',
    'text/plain',
    'application/fhir+xml',
    'application/json-patch+json',
    'multipart/form-data; boundary=x',
    'application/fhir+json; charset=utf-16',
    'application/fhir+json; charset=latin1',
    'application/fhir+json; charset=',
    'application/fhir+json; fhirVersion=5.0',
  ])('%j is not', async (type) => {
    const response = await post('{}', { 'Content-Type': type });
    expect(response.status).toBe(415);
    expect(response.body).toMatchObject({ code: 'not-supported' });
  });

  test.each([
    ['patch', 'application/json-patch+json', 200],
    ['patch', 'application/fhir+json', 200],
    ['patch', 'application/json', 415],
    ['search', 'application/x-www-form-urlencoded', 200],
    ['search', 'application/fhir+json', 415],
    ['resource', 'application/x-www-form-urlencoded', 415],
  ] as const)('for %s %s: %d', async (use, type, status) => {
    const other = appWith(createBody({ limit: 100, mediaTypes: bodyMediaTypes[use] }));
    expect((await request(other).post('/').set('Content-Type', type).send('a=b')).status).toBe(status);
  });
});

describe('size', () => {
  test.each([
    [100, 200],
    [101, 413],
    [1_000_000, 413],
  ])('%d bytes: %d', async (length, status) => {
    expect((await post('x'.repeat(length))).status).toBe(status);
  });

  test('is counted when it is not announced', async () => {
    const { port, close } = await listen(app);
    const status = await new Promise<number | undefined>((resolve, reject) => {
      const headers = { 'Content-Type': 'application/fhir+json', 'Transfer-Encoding': 'chunked' };
      const sent = httpRequest({ port, host: '127.0.0.1', method: 'POST', headers, agent: false }, (response) => {
        response.resume();
        resolve(response.statusCode);
      });
      sent.on('error', reject);
      sent.end('x'.repeat(101));
    });
    await close();
    expect(status).toBe(413);
  });

  test('is that after decompression', async () => {
    const bomb = gzipSync(Buffer.alloc(20_000));
    expect(bomb.length).toBeLessThan(100);
    expect((await post(bomb, { 'Content-Encoding': 'gzip' })).status).toBe(413);
  });
});

describe('content encoding', () => {
  test.each(['gzip', 'GZIP', 'identity'])('%s is understood', async (encoding) => {
    const body = encoding === 'identity' ? Buffer.from('{}') : gzipSync('{}');
    expect((await post(body, { 'Content-Encoding': encoding })).body).toMatchObject({ body: '{}' });
  });

  test.each(['deflate', 'br', 'zstd', 'gzip, gzip', 'gzip,identity', 'x'])('%s is not', async (encoding) => {
    expect((await post(gzipSync('{}'), { 'Content-Encoding': encoding })).status).toBe(415);
  });

  test.each([
    ['is no gzip', Buffer.from('{}')],
    ['ends too early', gzipSync('{"a":1}').subarray(0, 15)],
    ['has a wrong checksum', Buffer.concat([gzipSync('{}').subarray(0, -8), Buffer.alloc(8)])],
  ])('gzip that %s is refused', async (_, body) => {
    const response = await post(body, { 'Content-Encoding': 'gzip' });
    expect(response.status).toBe(400);
    expect(response.body).toEqual({ code: 'invalid', diagnostics: 'The body cannot be decompressed' });
  });
});

test('a client that leaves in the middle reaches nobody', async () => {
  const read = createBody({ limit: 100, mediaTypes: bodyMediaTypes.resource });
  let reached = 0;
  let left: () => void = () => undefined;
  const gone = new Promise<void>((resolve) => (left = resolve));
  const count: RequestHandler = (_request, _response, next) => {
    reached += 1;
    next();
  };
  const { port, close } = await listen(
    appWith((request, response, next) => {
      request.once('close', left);
      void read(request, response, next);
      socket.destroy();
    }, count),
  );
  const socket = connect(port, '127.0.0.1', () =>
    socket.write('POST / HTTP/1.1\r\nHost: a\r\nContent-Type: application/fhir+json\r\nContent-Length: 50\r\n\r\n{'),
  );
  await gone;
  await new Promise((resolve) => setImmediate(resolve));
  await close();
  expect(reached).toBe(0);
});
