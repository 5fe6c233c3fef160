/** Conformance resources by canonical URL, from the database and bundled: asked without waiting, loaded when something was missing. See docs/adr/0009-compute-then-load.md. */
import {
  type Conformance,
  type ConformanceResources,
  type ConformanceType,
  splitCanonical,
} from '../fhir/conformance.ts';
import type { CanonicalIdentity, ConformanceLibrary, ConformanceStore } from '../ports.ts';
import { choose, isBundledChoice } from './choose.ts';
import { createShelf, type Shelf } from './shelf.ts';

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

class Library implements OpenConformanceLibrary {
  readonly conformance: Conformance;
  readonly #bundled: Conformance;
  readonly #store: LibraryOptions['store'];
  readonly #shelf: Shelf;
  readonly #misses = new Map<string, CanonicalIdentity>();
  readonly #stop: () => void;
  /** Counts changes of what is known, so that what was read or made before one is not kept after it. */
  #generation = 0;
  #running: Promise<boolean> | undefined;

  constructor({ bundled, store, sizeLimit = 256_000_000, absentLimit = 20_000 }: LibraryOptions) {
    this.#bundled = bundled;
    this.#store = store;
    this.#shelf = createShelf({ sizeLimit, absentLimit });
    const generationOf = (): number => this.#generation;
    this.conformance = {
      find: (type, canonical) => this.#find(type, canonical),
      get generation() {
        return generationOf();
      },
    };
    this.#stop = store.changed(() => this.invalidate());
  }

  get hasMisses(): boolean {
    return this.#misses.size > 0;
  }

  invalidate(): void {
    this.#generation += 1;
    this.#shelf.clear();
  }

  async settle(): Promise<boolean> {
    // what the caller misses may have been noted after the load that is under way began; the next has it all
    const foundBefore = this.#running !== undefined && (await this.#running);
    const found = this.hasMisses && (await this.#next());
    return found || foundBefore;
  }

  close(): void {
    this.#stop();
  }

  #find<Type extends ConformanceType>(type: Type, canonical: string): ConformanceResources[Type] | undefined {
    const own = this.#bundled.find(type, canonical);
    const { url, version } = splitCanonical(canonical);
    if (own && isBundledChoice(url, version)) return own;
    const stored = this.#shelf.get(type, url);
    if (!stored) this.#note(type, url);
    return choose(own, stored ?? [], version);
  }

  #note(type: ConformanceType, url: string): void {
    if (this.#misses.size < maximumMisses && isNameable(url)) this.#misses.set(`${type} ${url}`, { type, url });
  }

  /** Loads these; undefined when something changed meanwhile, so that nothing that was read can be kept. */
  async #loadOnce(wanted: readonly CanonicalIdentity[]): Promise<number | undefined> {
    let before = this.#generation;
    let count = 0;
    for (let start = 0; start < wanted.length; start += batchSize) {
      const batch = wanted.slice(start, start + batchSize);
      const found = await this.#store.load(batch);
      if (before !== this.#generation) return undefined;
      this.#shelf.put(batch, found);
      this.#generation += 1;
      before += 1;
      count += found.length;
    }
    return count;
  }

  /** Loads all that was noted until now. */
  async #load(): Promise<boolean> {
    const wanted = [...this.#misses];
    try {
      for (let attempt = 0; attempt < maximumAttempts; attempt += 1) {
        const count = await this.#loadOnce(wanted.map(([, identity]) => identity));
        if (count !== undefined) return count > 0;
      }
      return true;
    } finally {
      // also after a failure: what is still needed is noted again, and what cannot be loaded holds nobody else up
      for (const [key] of wanted) this.#misses.delete(key);
    }
  }

  /** The load that is under way, or a new one for all that is noted. */
  #next(): Promise<boolean> {
    this.#running ??= this.#load().finally(() => {
      this.#running = undefined;
    });
    return this.#running;
  }
}

/** Nothing is loaded before it is asked for, and all is forgotten when something changes. */
export function createConformanceLibrary(options: LibraryOptions): OpenConformanceLibrary {
  return new Library(options);
}
