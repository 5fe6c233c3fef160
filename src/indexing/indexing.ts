/** Keeps the index in step with the search parameters: takes up new ones while the server runs, and indexes every resource anew when it must. See docs/adr/0012-reindexing.md. */
import { createHash } from 'node:crypto';
import type { SearchParameter } from '../fhir/search-parameter.ts';
import type { Resource } from '../fhir/resource.ts';
import type { IndexGenerations } from '../index-ports.ts';
import type { IndexedResource } from '../ports.ts';
import { containedIndex } from '../search/contained.ts';
import { officialUrl } from '../search/parameters.ts';
import type { SearchRegistry } from '../search/search-registry.ts';
import { type FullText, fullTextFingerprints } from '../search/words/full-text.ts';
import type { Observe } from '../telemetry/observation.ts';

/** Raise it when the same resource would give other index rows than before. */
const extractionVersion = '4';

/** Resources of one transaction: some 50 ms, so that writers are not kept waiting. */
const batchSize = 50;
const retryDelayMs = 1_000;
/** Other processes may be at it, or have written by what they knew before: the state is looked at again. */
const watchIntervalMs = 5_000;

export interface IndexingOptions {
  readonly registry: SearchRegistry;
  readonly generations: IndexGenerations;
  /** What guides and clients define. */
  customParameters(): Promise<readonly SearchParameter[]>;
  /** False for a definition that cannot be indexed by. */
  isUsable(parameter: SearchParameter): boolean;
  index(resource: Resource): IndexedResource;
  readonly fullText: FullText;
  readonly observe: Observe;
}

export interface Indexing {
  /** Takes up what is defined now. Resolves when it is known what can be searched by; indexing goes on by itself. */
  refresh(): Promise<void>;
  /** Indexes every resource anew. */
  restart(): Promise<void>;
  close(): Promise<void>;
}

function fingerprintOf({ code, type, base, expression, target, component }: SearchParameter): string {
  const text = JSON.stringify([extractionVersion, code, type, base, expression, target, component]);
  return createHash('sha256').update(text).digest('hex').slice(0, 32);
}

class Indexer implements Indexing {
  readonly #options: IndexingOptions;
  readonly #closing = new AbortController();
  #queue: Promise<void> = Promise.resolve();
  #running: Promise<void> | undefined;
  readonly #watch: NodeJS.Timeout;

  constructor(options: IndexingOptions) {
    this.#options = options;
    this.#watch = setInterval(() => void this.#look(), watchIntervalMs);
    this.#watch.unref();
  }

  /** One after another: the latest definitions win. */
  refresh(): Promise<void> {
    const refreshed = this.#queue.then(() => this.#take());
    this.#queue = refreshed.catch(() => undefined);
    return refreshed;
  }

  async #take(): Promise<void> {
    const { registry, generations, customParameters, isUsable, fullText } = this.#options;
    const custom = (await customParameters()).filter(isUsable);
    const parameters = custom.map((parameter) => ({ url: parameter.url, fingerprint: fingerprintOf(parameter) }));
    const official = [
      { url: officialUrl, fingerprint: extractionVersion },
      { url: containedIndex.url, fingerprint: containedIndex.fingerprint },
      ...fullTextFingerprints(fullText),
    ];
    const state = await generations.register([...official, ...parameters]);
    registry.replace(custom, state);
    this.#run();
  }

  async restart(): Promise<void> {
    const { registry, generations } = this.#options;
    const state = await generations.restart();
    registry.replace(registry.custom, state);
    this.#run();
  }

  async #look(): Promise<void> {
    if (this.#running || this.#closing.signal.aborted) return;
    const { registry, generations, observe } = this.#options;
    try {
      const state = await generations.state();
      if (state.generation !== registry.generation) await this.refresh();
      else registry.replace(registry.custom, state);
      this.#run();
    } catch (error) {
      observe({ kind: 'database-lost', error });
    }
  }

  #run(): void {
    if (this.#running || !this.#options.registry.isBehind) return;
    this.#running = this.#work().finally(() => (this.#running = undefined));
  }

  /** One batch; false when there is nothing left to do here. */
  async #step(): Promise<boolean> {
    const { registry, generations, index } = this.#options;
    const { count, oldest, generation } = await generations.advance(batchSize, (resource) =>
      index(resource as Resource),
    );
    if (generation !== registry.generation) await this.refresh();
    else registry.advance({ done: count, ...(oldest !== undefined && { oldest }) });
    if (!registry.isBehind) return false;
    // what is left is in the hands of another process
    if (count === 0) await this.#pause(retryDelayMs);
    return true;
  }

  async #work(): Promise<void> {
    while (!this.#closing.signal.aborted) {
      try {
        if (!(await this.#step())) return;
      } catch (error) {
        if (this.#closing.signal.aborted) return;
        this.#options.observe({ kind: 'unexpected-error', error });
        await this.#pause(retryDelayMs);
      }
    }
  }

  #pause(milliseconds: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, milliseconds);
      this.#closing.signal.addEventListener('abort', () => {
        clearTimeout(timer);
        resolve();
      });
    });
  }

  async close(): Promise<void> {
    clearInterval(this.#watch);
    this.#closing.abort();
    await this.#queue;
    await this.#running;
  }
}

/** Call `refresh` once at the start, and whenever a search parameter may have changed. */
export function createIndexing(options: IndexingOptions): Indexing {
  return new Indexer(options);
}
