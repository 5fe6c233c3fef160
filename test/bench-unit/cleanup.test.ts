import { expect, jest, test } from '@jest/globals';
import { createCleanup } from '../bench/cleanup.ts';

test('runs tasks once, the last added first, all of them though one fails', async () => {
  const done: string[] = [];
  const cleanup = createCleanup();
  cleanup.add(() => void done.push('folder'));
  cleanup.add(() => {
    throw new Error('stuck');
  });
  cleanup.add(async () => void done.push('server'));
  await expect(cleanup.run()).rejects.toThrow('stuck');
  await cleanup.run();
  expect(done).toEqual(['server', 'folder']);
});

test('a task that was done before is not done again', async () => {
  let times = 0;
  const cleanup = createCleanup();
  const doNow = cleanup.add(() => {
    times += 1;
  });
  await doNow();
  await doNow();
  await cleanup.run();
  expect(times).toBe(1);
});

test('what comes after the end is undone at once', async () => {
  const cleanup = createCleanup();
  await cleanup.run();
  const task = jest.fn<() => void>();
  cleanup.add(task);
  expect(task).toHaveBeenCalledTimes(1);
});
