import { expect, test } from '@jest/globals';
import request from 'supertest';
import { createNoStore } from '../../../src/http/middleware/no-store.ts';
import { createSecurityHeaders } from '../../../src/http/middleware/security-headers.ts';
import { appWith } from './serve.ts';

test('every answer carries them', async () => {
  const { headers } = await request(appWith(createSecurityHeaders())).get('/');
  expect(headers).toMatchObject({
    'content-security-policy': "default-src 'none';frame-ancestors 'none';sandbox",
    'x-content-type-options': 'nosniff',
    'referrer-policy': 'no-referrer',
    'x-frame-options': 'DENY',
    'cross-origin-resource-policy': 'same-origin',
  });
  expect(headers['strict-transport-security']).toMatch(/^max-age=31536000/);
  expect(headers).not.toHaveProperty('x-powered-by');
});

test('patient data is kept by no cache', async () => {
  const { headers } = await request(appWith(createNoStore())).get('/');
  expect(headers['cache-control']).toBe('no-store');
});
