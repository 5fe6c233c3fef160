/** Counts requests by key in fixed windows, in bounded memory. https://express-rate-limit.mintlify.app/guides/creating-a-store */
import type { ClientRateLimitInfo, Store } from 'express-rate-limit';

interface Counter {
  hits: number;
  /** When the window ends; the same object as long as it lasts. */
  readonly end: Date;
}

export interface RateLimitStoreOptions {
  readonly windowMilliseconds: number;
  /** The most keys that are remembered; the key whose window began first is forgotten first. */
  readonly maximumKeys: number;
}

/** A store for one rate limit. */
export function createRateLimitStore({ windowMilliseconds, maximumKeys }: RateLimitStoreOptions): Store {
  const counters = new Map<string, Counter>();

  function begin(key: string, now: number): Counter {
    counters.delete(key);
    for (const [oldest, { end }] of counters) {
      if (counters.size < maximumKeys && end.getTime() > now) break;
      counters.delete(oldest);
    }
    const counter = { hits: 0, end: new Date(now + windowMilliseconds) };
    counters.set(key, counter);
    return counter;
  }

  const infoOf = ({ hits, end }: Counter): ClientRateLimitInfo => ({ totalHits: hits, resetTime: end });

  return {
    localKeys: true,
    get(key) {
      const counter = counters.get(key);
      return counter && infoOf(counter);
    },
    increment(key) {
      const now = Date.now();
      const current = counters.get(key);
      const counter = current && current.end.getTime() > now ? current : begin(key, now);
      counter.hits += 1;
      return infoOf(counter);
    },
    decrement(key) {
      const counter = counters.get(key);
      if (counter && counter.hits > 0) counter.hits -= 1;
    },
    resetKey(key) {
      counters.delete(key);
    },
  };
}
