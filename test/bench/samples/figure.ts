/** A measured value that is not about requests. */
import type { Spread } from '../statistics.ts';

export interface Figure {
  readonly name: string;
  readonly unit: 'ms' | 'µs' | 'MB' | 'MB/s' | 'times' | 'count';
  readonly value: Spread;
  /** What it should not exceed, in the same unit. */
  readonly aim?: number;
}
