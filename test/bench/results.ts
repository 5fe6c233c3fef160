/** All that a run of the benchmark found out. */
import type { Machine } from './machine.ts';
import type { LoadResult } from './measure.ts';
import type { Options } from './options.ts';
import type { Figure } from './samples/figure.ts';

/** Of one version. */
export interface ContenderResults {
  readonly name: string;
  readonly load: readonly LoadResult[];
  readonly figures: readonly Figure[];
}

export interface Results {
  readonly date: string;
  readonly machine: Machine;
  readonly options: Options;
  /** The working tree first. */
  readonly contenders: readonly ContenderResults[];
}
