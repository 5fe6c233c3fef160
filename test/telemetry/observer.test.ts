import { expect, test } from '@jest/globals';
import type { Observation } from '../../src/telemetry/observation.ts';
import { createObserver } from '../../src/telemetry/observer.ts';

test('tells every subscriber, even after one that fails', () => {
  const told: Observation[] = [];
  const observe = createObserver([
    () => {
      throw new Error('full disk');
    },
    (observation) => void told.push(observation),
  ]);
  observe({ kind: 'server-stopped' });
  expect(told).toEqual([{ kind: 'server-stopped' }]);
});
