/** Random numbers that come out the same for the same seed, so that every run and both versions of a comparison see the same data. */

export interface Random {
  /** 0 ≤ x < 1 */
  fraction(): number;
  /** A whole number, 0 ≤ x < `below`. */
  below(below: number): number;
  pick<Value>(values: readonly Value[]): Value;
}

/** Mulberry32, https://gist.github.com/tommyettinger/46a874533244883189143505d203312c: quick, and random enough for test data. */
export function createRandom(seed: number): Random {
  let state = seed >>> 0;
  function fraction(): number {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  }
  const below = (limit: number) => Math.floor(fraction() * limit);
  return {
    fraction,
    below,
    pick<Value>(values: readonly Value[]): Value {
      const value = values[below(values.length)];
      if (value === undefined) throw new Error('There is nothing to pick from');
      return value;
    },
  };
}
