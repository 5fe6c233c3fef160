/** Passes observations on to those who listen: the logger today, metrics and alerts later. */
import type { Observation, Observe } from './observation.ts';

/** Listens to observations; what it throws is dropped, because telling must not hinder doing. */
export type Subscriber = (observation: Observation) => void;

/** An `observe` that tells every subscriber in turn. */
export function createObserver(subscribers: readonly Subscriber[]): Observe {
  return (observation) => {
    for (const tell of subscribers) {
      try {
        tell(observation);
      } catch {
        // a broken log must not fail the request it is about
      }
    }
  };
}
