import { connect } from 'node:net';
import { describe, expect, test } from '@jest/globals';
import request from 'supertest';
import { createGuardRequest } from '../../../src/http/middleware/guard-request.ts';
import { appWith, listen } from './serve.ts';

const app = appWith(createGuardRequest());

test.each(['get', 'post', 'put', 'patch', 'delete'] as const)('%s passes', async (method) => {
  expect((await request(app)[method]('/Patient')).status).toBe(200);
});

test.each(['options', 'propfind', 'lock', 'trace'] as const)('%s is refused', async (method) => {
  const response = await request(app)[method]('/Patient');
  expect(response.status).toBe(405);
  expect(response.headers['allow']).toBe('GET, HEAD, POST, PUT, PATCH, DELETE');
});

describe('urls', () => {
  test.each([
    ['/Patient/%24everything', '/Patient/$everything'],
    ['/%24export?x=%24', '/$export?x=%24'],
    ['/Patient?name=%24a/%24b', '/Patient?name=%24a/%24b'],
    ['/Patient?name=a%C3%84', '/Patient?name=a%C3%84'],
    ['/Patient?a=1&b=2', '/Patient?a=1&b=2'],
  ])('%s arrives as %s', async (url, seen) => {
    const response = await request(app).get(url);
    expect((response.body as { url: string }).url).toBe(seen);
  });

  const parametersOf = (count: number): string => Array.from({ length: count }, () => 'a').join('&');
  test.each<[string, number, number]>([
    ['of 8192 characters', 200, 8_192],
    ['of 8193 characters', 414, 8_193],
  ])('%s: %d', async (_, status, length) => {
    const response = await request(app).get(`/Patient?a=${'x'.repeat(length - 11)}`);
    expect(response.status).toBe(status);
  });

  test.each([
    [200, 200],
    [201, 400],
  ])('with %d parameters: %d', async (count, status) => {
    expect((await request(app).get(`/Patient?${parametersOf(count)}`)).status).toBe(status);
  });

  test.each([
    '/Patient/%',
    '/Patient/%zz',
    '/Patient/%c3%28',
    '/Patient?name=%',
    '/Patient?name=%ff',
    '/Patient?name=%00',
    '/Patient/%ed%a0%80',
  ])('%s is refused', async (url) => {
    const response = await request(app).get(url);
    expect(response.status).toBe(400);
    expect(response.body).toEqual({ code: 'invalid', diagnostics: expect.not.stringContaining('%') });
  });
});

test.each([
  ['Host: a\r\n', 200],
  ['Host: a\r\nHost: b\r\n', 400],
  ['Host: a\r\nhOST: a\r\n', 400],
])('%j: %d', async (headers, status) => {
  const { port, close } = await listen(app);
  const answer = await new Promise<string>((resolve, reject) => {
    const socket = connect(port, '127.0.0.1', () =>
      socket.write(`GET / HTTP/1.1\r\n${headers}Connection: close\r\n\r\n`),
    );
    let text = '';
    socket.on('data', (chunk) => (text += chunk.toString()));
    socket.on('end', () => resolve(text));
    socket.on('error', reject);
  });
  await close();
  expect(answer).toMatch(new RegExp(`^HTTP/1.1 ${status} `));
});
