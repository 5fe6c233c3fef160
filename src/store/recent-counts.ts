/** How many resources a criterion found lately: enough to choose how to search, never part of an answer. */

const lifetimeMs = 60_000;
const maximumKept = 10_000;

export interface RecentCounts {
  find(key: string): number | undefined;
  remember(key: string, count: number): void;
}

/** `now` in milliseconds since 1970. */
export function createRecentCounts(now: () => number): RecentCounts {
  const counts = new Map<string, { readonly count: number; readonly until: number }>();
  return {
    find(key) {
      const known = counts.get(key);
      return known && known.until > now() ? known.count : undefined;
    },
    remember(key, count) {
      // a Map lists the oldest first
      const [oldest] = counts.keys();
      if (counts.size >= maximumKept && oldest !== undefined) counts.delete(oldest);
      counts.delete(key);
      counts.set(key, { count, until: now() + lifetimeMs });
    },
  };
}
