/** The examples of docs/search.md, as they stand there. */
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { startApi, type TestApi } from './support/api.ts';

const text = readFileSync(new URL('../docs/search.md', import.meta.url), 'utf8');
const examples = [...text.matchAll(/^```\n(.*?)^```$/gms)].flatMap(([, block = '']) => block.trim().split('\n'));

let api: TestApi;
beforeAll(async () => {
  api = await startApi();
  await api.ask('PUT', 'Patient/123', { body: { resourceType: 'Patient', id: '123' } });
});
afterAll(() => api.close());

test('there are examples', () => {
  expect(examples.length).toBeGreaterThan(35);
});

test.each(examples)('%s', async (example) => {
  const answer = await api.ask('GET', example);
  expect([answer.status, answer.body?.issue]).toEqual([200, undefined]);
});
