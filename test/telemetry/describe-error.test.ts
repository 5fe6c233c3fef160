import { expect, test } from '@jest/globals';
import { describeError } from '../../src/telemetry/describe-error.ts';

test.each([
  ['a string', 'secret', { name: 'string' }],
  ['nothing', undefined, { name: 'undefined' }],
  ['an object', { message: 'secret' }, { name: 'object' }],
])('describes %s', (_, thrown, description) => {
  expect(describeError(thrown)).toEqual(description);
});

test('keeps name, code and status when they look like what they should be', () => {
  const error = Object.assign(new Error('secret'), { name: 'DatabaseError', code: 'ECONNREFUSED', status: 503 });
  expect(describeError(error)).toMatchObject({ name: 'DatabaseError', code: 'ECONNREFUSED', status: 503 });
});

test('drops names and codes that could hold data', () => {
  const error = Object.assign(new Error('x'), { name: 'John Doe', code: 'born 1970-01-01' });
  const description = describeError(error);
  expect(description.name).toBe('Error');
  expect(description.code).toBeUndefined();
});

test('keeps no frames when the message was changed, because then it cannot be told apart from them', () => {
  const error = new Error('second');
  error.stack = 'Error: first\n    at secret (file.ts:1:1)';
  expect(describeError(error).frames).toBeUndefined();
});

test('frames are call sites only', () => {
  const frames = describeError(new Error('')).frames ?? [];
  expect(frames[0]).toContain('describe-error.test.ts');
});

test('follows causes, but not for ever', () => {
  const error = new Error('a');
  error.cause = error;
  let depth = 0;
  for (let description = describeError(error).cause; description; description = description.cause) depth += 1;
  expect(depth).toBe(3);
});
