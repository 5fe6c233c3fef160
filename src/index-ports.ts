/** The door to the index of every resource: what `indexing/` asks of `store/`. See docs/adr/0012-reindexing.md. */
import type { IndexedResource } from './ports.ts';

/** Which generation of index rows search parameters need, and how far the resources have come. */
export interface IndexState {
  /** The latest. */
  readonly generation: number;
  /** The generation that each search parameter needs, by its url. */
  readonly parameters: ReadonlyMap<string, number>;
  /** The earliest generation of any current resource; absent when there is none. */
  readonly oldest?: number;
  /** Current resources that are not of the latest generation, and all. */
  readonly remaining: number;
  readonly total: number;
}

/** A search parameter and what its index rows depend on. */
export interface IndexedParameter {
  readonly url: string;
  readonly fingerprint: string;
}

/** The index of every resource, brought up to date one batch after another. */
export interface IndexGenerations {
  /** Begins a generation if one of the parameters is new or changed. */
  register(parameters: readonly IndexedParameter[]): Promise<IndexState>;
  /** Begins a generation for all of them. */
  restart(): Promise<IndexState>;
  state(): Promise<IndexState>;
  /** Indexes resources of earlier generations anew, at most `count`; resolves to how many there were, and the earliest generation that is left. */
  advance(
    count: number,
    index: (resource: object) => IndexedResource,
  ): Promise<{ readonly count: number; readonly oldest?: number; readonly generation: number }>;
}
