/** A histogram of latencies with a bounded relative error, after http://hdrhistogram.org: small, quick to fill, and histograms of several rounds can be added. */

/** Values up to this are counted exactly; above, each power of two is cut into as many steps, so a value is off by less than 1 %. */
const steps = 128;
const stepBits = 7;
const powers = 31 - stepBits;

export interface Histogram {
  record(microseconds: number): void;
  /** The value that a share `fraction` (0 to 1) of the recorded ones does not exceed; NaN when nothing was recorded. */
  quantile(fraction: number): number;
  /** For sending to another process; `histogramOf` reads it. */
  readonly counts: Uint32Array;
}

/** Values beyond some 35 minutes are counted as that. */
function slotOf(value: number): number {
  const whole = Math.min(Math.max(Math.round(value), 0), 2 ** 31 - 1);
  if (whole < 2 * steps) return whole;
  const power = 31 - Math.clz32(whole) - stepBits;
  return power * steps + (whole >>> power);
}

/** The middle of the values that share a slot. */
function valueOf(slot: number): number {
  if (slot < 2 * steps) return slot;
  const power = Math.floor(slot / steps) - 1;
  const low = (slot - power * steps) * 2 ** power;
  return low + (2 ** power - 1) / 2;
}

/** Makes a histogram on `counts`, which may hold what another recorded. */
export function histogramOf(counts: Uint32Array = new Uint32Array((powers + 2) * steps)): Histogram {
  return {
    counts,
    record(microseconds) {
      const slot = slotOf(microseconds);
      counts[slot] = (counts[slot] ?? 0) + 1;
    },
    quantile(fraction) {
      const total = counts.reduce((sum, count) => sum + count, 0);
      const rank = Math.max(1, Math.ceil(total * fraction));
      let seen = 0;
      for (const [slot, count] of counts.entries()) {
        seen += count;
        if (seen >= rank) return valueOf(slot);
      }
      return Number.NaN;
    },
  };
}

/** All that several histograms recorded, as one. */
export function addHistograms(all: readonly Uint32Array[]): Histogram {
  const sum = histogramOf();
  for (const counts of all) {
    for (const [slot, count] of counts.entries()) sum.counts[slot] = (sum.counts[slot] ?? 0) + count;
  }
  return sum;
}
