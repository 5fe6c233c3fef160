import { afterEach, describe, expect, jest, test } from '@jest/globals';
import type { RequestHandler } from 'express';
import request from 'supertest';
import { createRateLimit } from '../../../src/http/middleware/rate-limit.ts';
import { createRateLimitStore } from '../../../src/http/middleware/rate-limit-store.ts';
import { factsOf } from '../../../src/http/middleware/request-facts.ts';
import { appWith } from './serve.ts';

/** Stands in for authentication: the header says who it is. */
const authenticate: RequestHandler = (request, response, next) => {
  factsOf(response).caller = { agent: 'a', client: String(request.headers['x-client']), scopes: [] };
  next();
};

describe('by address', () => {
  test('answers up to the limit say what is left, those above are 429 with Retry-After', async () => {
    const app = appWith(createRateLimit({ limit: 2, by: 'address' }));
    const first = await request(app).get('/');
    expect(first.status).toBe(200);
    expect(first.headers['ratelimit']).toMatch(/^limit=2, remaining=1, reset=\d+$/);
    expect(first.headers['ratelimit-policy']).toBe('2;w=60');
    expect((await request(app).get('/')).status).toBe(200);
    const third = await request(app).get('/');
    expect(third.status).toBe(429);
    expect(third.body).toMatchObject({ code: 'throttled' });
    expect(Number(third.headers['retry-after'])).toBeGreaterThan(0);
    expect(Number(third.headers['retry-after'])).toBeLessThanOrEqual(60);
  });

  test('a forged X-Forwarded-For counts for nothing', async () => {
    const app = appWith(createRateLimit({ limit: 1, by: 'address' }));
    await request(app).get('/').set('X-Forwarded-For', '1.1.1.1');
    expect((await request(app).get('/').set('X-Forwarded-For', '2.2.2.2')).status).toBe(429);
  });
});

test('by client each has a limit of its own', async () => {
  const app = appWith(authenticate, createRateLimit({ limit: 1, by: 'client' }));
  expect((await request(app).get('/').set('X-Client', 'a')).status).toBe(200);
  expect((await request(app).get('/').set('X-Client', 'b')).status).toBe(200);
  expect((await request(app).get('/').set('X-Client', 'a')).status).toBe(429);
});

test('of both together the answer tells the one for the client', async () => {
  const limits = [
    createRateLimit({ limit: 9, by: 'address' }),
    authenticate,
    createRateLimit({ limit: 5, by: 'client' }),
  ];
  const { headers } = await request(appWith(...limits)).get('/');
  expect(headers['ratelimit']).toMatch(/^limit=5, remaining=4, reset=\d+$/);
});

test('off limits nothing and says nothing', async () => {
  const app = appWith(createRateLimit({ limit: 'off', by: 'address' }));
  const { status, headers } = await request(app).get('/');
  expect(status).toBe(200);
  expect(headers).not.toHaveProperty('ratelimit');
});

describe('the store', () => {
  afterEach(() => {
    jest.useRealTimers();
  });
  const hitsOf = (store: ReturnType<typeof createRateLimitStore>, key: string): number =>
    (store.increment(key) as { totalHits: number }).totalHits;

  test('begins anew when a window has ended', () => {
    jest.useFakeTimers({ now: 1_000 });
    const store = createRateLimitStore({ windowMilliseconds: 100, maximumKeys: 10 });
    expect([hitsOf(store, 'a'), hitsOf(store, 'a')]).toEqual([1, 2]);
    jest.setSystemTime(1_100);
    expect(hitsOf(store, 'a')).toBe(1);
  });

  test('forgets the oldest key when there are too many', () => {
    const store = createRateLimitStore({ windowMilliseconds: 60_000, maximumKeys: 2 });
    for (const key of ['a', 'b', 'c']) hitsOf(store, key);
    expect([store.get?.('a'), store.get?.('b')]).toEqual([undefined, expect.objectContaining({ totalHits: 1 })]);
  });

  test('counts down, forgets when told, and never below nothing', async () => {
    const store = createRateLimitStore({ windowMilliseconds: 60_000, maximumKeys: 2 });
    await store.increment('a');
    await store.decrement('a');
    await store.decrement('a');
    await store.decrement('unknown');
    expect(store.get?.('a')).toMatchObject({ totalHits: 0 });
    await store.resetKey('a');
    expect(store.get?.('a')).toBeUndefined();
  });
});
