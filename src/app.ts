/** The composition root: the only file that sees every room. It opens the doors that `ports.ts` names and hands them to the rooms that compute. */
import type { RequestListener } from 'node:http';
import { fileURLToPath } from 'node:url';
import type pg from 'pg';
import { createAccess } from './auth/access.ts';
import { createTokenVerifier } from './auth/verify-token.ts';
import type { Config } from './config.ts';
import { createConformanceLibrary } from './conformance/library.ts';
import { createBundledConformance } from './definitions/bundled-conformance.ts';
import { loadDefinitions } from './definitions/load-definitions.ts';
import { createHttpApp } from './http/http-app.ts';
import { createIndexing, type Indexing } from './indexing/indexing.ts';
import type { IndexGenerations } from './index-ports.ts';
import type { ConformanceLibrary, ConformanceStore } from './ports.ts';
import { createRemoteTerminology } from './remote-terminology/remote-terminology.ts';
import { checkSearchParameter } from './search/check-search-parameter.ts';
import { createHash } from './search/hash.ts';
import { parameterKey } from './search/keys.ts';
import { createSearchRegistry } from './search/search-registry.ts';
import { createServices, type ServiceParts } from './services.ts';
import { openConformanceStore } from './store/conformance.ts';
import { openDatabase } from './store/open-database.ts';
import type { Observe } from './telemetry/observation.ts';
import { createTerminology } from './terminology/terminology.ts';

const schemas = fileURLToPath(new URL('../schemas/r4', import.meta.url));

export interface AppOptions {
  readonly config: Config;
  /** A migrated database, as the API's role. */
  readonly database: pg.ClientConfig;
  readonly adminToken: string;
  readonly observe: Observe;
}

export interface App {
  readonly handler: RequestListener;
  /** Finishes what is under way and closes the database. */
  close(): Promise<void>;
}

/** Terminology as it is known here, and by another server if there is one. */
function openTerminology(config: Config, library: ConformanceLibrary, observe: Observe) {
  const local = createTerminology(library.conformance);
  const { terminologyUrl: url, terminologyToken: token, terminologyTimeoutMs: timeoutMs } = config;
  if (url === undefined) return { terminology: local, library, close: () => undefined };
  const remote = createRemoteTerminology(local, { url, token, timeoutMs, observe, now: Date.now });
  const { conformance } = library;
  const both: ConformanceLibrary = {
    conformance,
    invalidate: () => library.invalidate(),
    get hasMisses() {
      return library.hasMisses || remote.hasMisses;
    },
    async settle() {
      // what is here answers first
      return library.hasMisses ? (await library.settle()) || remote.settle() : remote.settle();
    },
  };
  return { terminology: remote.terminology, library: both, close: () => remote.close() };
}

/** The search parameters of this server, and the index that keeps step with them. */
interface SearchDoors {
  readonly store: ConformanceStore;
  readonly generations: IndexGenerations;
  readonly observe: Observe;
}

function openSearch(
  parts: Omit<ServiceParts, 'registry' | 'restartIndexing'>,
  { store, generations, observe }: SearchDoors,
) {
  const { definitions } = parts;
  const registry = createSearchRegistry(definitions);
  const services = createServices({ ...parts, registry, restartIndexing: () => indexing.restart() });
  const check = { parameters: registry, elements: definitions.elements };
  const indexing: Indexing = createIndexing({
    registry,
    generations,
    customParameters: () => store.searchParameters(),
    isUsable: (parameter) => checkSearchParameter(parameter, check).length === 0,
    index: services.index,
    fullText: parts.config.fullText,
    observe,
  });
  store.changed(() => {
    indexing.refresh().catch((error: unknown) => observe({ kind: 'database-lost', error }));
  });
  return { services, indexing };
}

/** Builds the whole API on a database. */
export async function createApp({ config, database: connection, adminToken, observe }: AppOptions): Promise<App> {
  const definitions = loadDefinitions(schemas);
  const database = await openDatabase({
    database: connection,
    resourceTypes: definitions.resourceTypes,
    poolSize: config.poolSize,
    searchTimeoutMs: config.searchTimeoutMs,
    now: Date.now,
    observe,
  });
  const hash = createHash(database.hashSecret);
  const conformanceStore = openConformanceStore({
    database: connection,
    urlKeyOf: (type) => parameterKey(hash, type, 'url'),
    searchParameterType: definitions.resourceTypes.get('SearchParameter') ?? 0,
    observe,
  });
  const library = createConformanceLibrary({ bundled: createBundledConformance(schemas), store: conformanceStore });
  const knowledge = openTerminology(config, library, observe);
  const parts = { config, definitions, database, guides: conformanceStore, ...knowledge };
  const { services, indexing } = openSearch(parts, {
    store: conformanceStore,
    generations: database.generations,
    observe,
  });
  await indexing.refresh();
  const verifier = createTokenVerifier({ adminToken, findToken: database.findToken, now: Date.now });
  const handler = createHttpApp({
    services,
    audit: database.audit,
    verifier,
    observe,
    accessOf: createAccess(new Set(definitions.resourceTypes.keys())),
    limits: { resource: config.bodyLimit, bundle: config.bundleLimit, search: 1_048_576 },
    rateLimits: { address: config.rateLimitPerAddress, client: config.rateLimitPerClient },
    trustProxy: config.trustProxy,
    basePath: new URL(config.baseUrl).pathname,
    isReady: database.store.ping,
  });
  return {
    handler,
    async close() {
      await indexing.close();
      knowledge.close();
      library.close();
      await Promise.all([database.close(), conformanceStore.close()]);
    },
  };
}
