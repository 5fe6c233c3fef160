/** Conformance resources by canonical URL, from the database and bundled: asked without waiting, loaded when something was missing. See docs/adr/0009-compute-then-load.md. */
import {
  type Conformance,
  type ConformanceResources,
  type ConformanceType,
  splitCanonical,
} from '../fhir/conformance.ts';
import type { CanonicalIdentity, ConformanceLibrary, ConformanceStore } from '../ports.ts';
import { choose, isBundledChoice } from './choose.ts';
import { createShelf } from './shelf.ts';

export interface LibraryOptions {
  /** What R4 itself defines. */
  readonly bundled: Conformance;
  readonly store: Pick<ConformanceStore, 'load' | 'changed'>;
  /** UTF-16 units of the texts of what is kept in memory. */
  readonly sizeLimit?: number;
  /** So many canonicals are remembered that are in no store. */
  readonly absentLimit?: number;
}

export interface OpenConformanceLibrary extends ConformanceLibrary {
  /** Stops hearing of changes. */
  close(): void;
}

/** Longer URLs name nothing here: no index holds them whole. */
const longestUrl = 500;
/** So many canonicals are noted at once. Who asks for more in one computation gets the rest as unknown, unless it is computed again. */
const maximumMisses = 10_000;
/** So many canonicals are asked for in one query: what comes back at once must fit into memory. */
const batchSize = 100;
/** When something changes during each of so many loads, whoever computes is told to try again. */
const maximumAttempts = 5;

const isNameable = (url: string): boolean => url !== '' && url.length <= longestUrl && !url.includes('\u0000');

/** Nothing is loaded before it is asked for, and all is forgotten when something changes. */
export function createConformanceLibrary({
  bundled,
  store,
  sizeLimit = 256_000_000,
  absentLimit = 20_000,
}: LibraryOptions): OpenConformanceLibrary {
  const shelf = createShelf({ sizeLimit, absentLimit });
  const misses = new Map<string, CanonicalIdentity>();
  // counts changes, so that what was read before one is not kept after it
  let generation = 0;
  let running: Promise<boolean> | undefined;

  function invalidate(): void {
    generation += 1;
    shelf.clear();
  }

  function note(type: ConformanceType, url: string): void {
    if (misses.size < maximumMisses && isNameable(url)) misses.set(`${type} ${url}`, { type, url });
  }

  function find<Type extends ConformanceType>(type: Type, canonical: string): ConformanceResources[Type] | undefined {
    const own = bundled.find(type, canonical);
    const { url, version } = splitCanonical(canonical);
    if (own && isBundledChoice(url, version)) return own;
    const stored = shelf.get(type, url);
    if (!stored) note(type, url);
    return choose(own, stored ?? [], version);
  }

  /** Loads these; undefined when something changed meanwhile, so that nothing that was read can be kept. */
  async function loadOnce(wanted: readonly CanonicalIdentity[]): Promise<number | undefined> {
    const before = generation;
    let count = 0;
    for (let start = 0; start < wanted.length; start += batchSize) {
      const batch = wanted.slice(start, start + batchSize);
      const found = await store.load(batch);
      if (before !== generation) return undefined;
      shelf.put(batch, found);
      count += found.length;
    }
    return count;
  }

  /** Loads all that was noted until now. */
  async function load(): Promise<boolean> {
    const wanted = [...misses];
    try {
      for (let attempt = 0; attempt < maximumAttempts; attempt += 1) {
        const count = await loadOnce(wanted.map(([, identity]) => identity));
        if (count !== undefined) return count > 0;
      }
      return true;
    } finally {
      // also after a failure: what is still needed is noted again, and what cannot be loaded holds nobody else up
      for (const [key] of wanted) misses.delete(key);
    }
  }

  /** The load that is under way, or a new one for all that is noted. */
  function next(): Promise<boolean> {
    running ??= load().finally(() => {
      running = undefined;
    });
    return running;
  }

  const stop = store.changed(invalidate);
  return {
    conformance: { find },
    invalidate,
    get hasMisses() {
      return misses.size > 0;
    },
    async settle() {
      // what the caller misses may have been noted after the load that is under way began; the next has it all
      const foundBefore = running !== undefined && (await running);
      const found = misses.size > 0 && (await next());
      return found || foundBefore;
    },
    close: stop,
  };
}
