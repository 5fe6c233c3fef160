import { describe, expect, test } from '@jest/globals';
import type { Response } from 'express';
import request from 'supertest';
import { callerOf, factsOf } from '../../../src/http/middleware/request-facts.ts';
import { appWith } from './serve.ts';

interface Answer {
  facts: { requestId: string; address: string };
}

describe('request id', () => {
  test.each(['a', 'A-1_b.c', 'x'.repeat(64), '6ba7b810-9dad-11d1-80b4-00c04fd430c8'])('%s is kept', async (given) => {
    const response = await request(appWith()).get('/').set('X-Request-Id', given);
    expect(response.headers['x-request-id']).toBe(given);
    expect((response.body as Answer).facts.requestId).toBe(given);
  });

  test.each(['x'.repeat(65), 'a b', 'a"b', '<script>', 'ä'])('%j is replaced', async (given) => {
    const response = await request(appWith()).get('/').set('X-Request-Id', Buffer.from(given).toString('latin1'));
    expect(response.headers['x-request-id']).toMatch(/^[0-9a-f-]{36}$/);
  });

  test('is new for every request without one', async () => {
    const app = appWith();
    const [first, second] = [await request(app).get('/'), await request(app).get('/')];
    expect(first.headers['x-request-id']).toMatch(/^[0-9a-f-]{36}$/);
    expect(second.headers['x-request-id']).not.toBe(first.headers['x-request-id']);
  });

  test('the address is that of the connection, whatever a header claims', async () => {
    const response = await request(appWith()).get('/').set('X-Forwarded-For', '6.6.6.6');
    expect((response.body as Answer).facts.address).toBe('127.0.0.1');
  });
});

describe('facts', () => {
  const bare = { locals: {} } as Response;
  test('without a request id are a mistake of ours', () => {
    expect(() => factsOf(bare)).toThrow('request-id must come first');
  });

  test('without a caller are a mistake of ours', () => {
    const response = { locals: { facts: { requestId: 'r', address: '', isPretty: false } } } as unknown as Response;
    expect(() => callerOf(response)).toThrow('authenticate must come first');
  });
});
