/** The composition root: the only file that sees every room. It opens the doors that `ports.ts` names and hands them to the rooms that compute. */
import { randomUUID } from 'node:crypto';
import type { RequestListener } from 'node:http';
import { fileURLToPath } from 'node:url';
import type pg from 'pg';
import { createAccess } from './auth/access.ts';
import { createTokenVerifier } from './auth/verify-token.ts';
import type { Config } from './config.ts';
import { createConformanceLibrary } from './conformance/library.ts';
import { createBundledConformance } from './definitions/bundled-conformance.ts';
import { loadDefinitions } from './definitions/load-definitions.ts';
import type { Definitions } from './fhir/definitions.ts';
import type { Terminology } from './fhir/terminology.ts';
import { createHttpApp } from './http/http-app.ts';
import { createIndexing, type Indexing } from './indexing/indexing.ts';
import type { Services } from './interactions/interaction.ts';
import { withSearchParameters } from './interactions/search/validate-search-parameter.ts';
import { routes } from './interactions/routes.ts';
import type { ConformanceLibrary } from './ports.ts';
import { createRemoteTerminology } from './remote-terminology/remote-terminology.ts';
import { createCanonicalUnits } from './search/canonical-quantity.ts';
import { checkSearchParameter } from './search/check-search-parameter.ts';
import { createPatientsOf } from './search/compartments.ts';
import { createHash } from './search/hash.ts';
import { createIndexer } from './search/index-resource.ts';
import { createReferencesOf } from './search/references-of.ts';
import { parameterKey } from './search/keys.ts';
import { createSearchRegistry, type SearchRegistry } from './search/search-registry.ts';
import { createValueShapes } from './search/search-scope.ts';
import { createSubsetter } from './search/subset/create-subsetter.ts';
import { searchTypes } from './search/types/index.ts';
import { openConformanceStore } from './store/conformance.ts';
import { type Database, openDatabase } from './store/open-database.ts';
import type { Observe } from './telemetry/observation.ts';
import { createTerminology } from './terminology/terminology.ts';
import { createValidator } from './validation/validate.ts';

const softwareVersion = '0.1.0';
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

interface Parts {
  readonly config: Config;
  readonly definitions: Definitions;
  readonly database: Database;
  readonly registry: SearchRegistry;
  readonly restartIndexing: Services['restartIndexing'];
  readonly library: ConformanceLibrary;
  readonly terminology: Terminology;
  readonly guides: Services['guides'];
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

function createServices({
  config,
  definitions,
  database,
  registry,
  restartIndexing,
  library,
  terminology,
  guides,
}: Parts): Services {
  const hash = createHash(database.hashSecret);
  const { baseUrl } = config;
  const parameters = registry;
  const patientsOf = createPatientsOf(definitions, { baseUrl, parameters });
  const canonicalUnit = createCanonicalUnits();
  const { conformance } = library;
  const policy = { unknown: config.unknownProfiles, required: config.requiredProfiles };
  return {
    store: database.store,
    audit: database.audit,
    definitions,
    searchParameters: registry,
    restartIndexing,
    hash,
    routes,
    settings: {
      baseUrl,
      bodyLimit: config.bodyLimit,
      cursorSecret: database.hashSecret,
      softwareVersion,
      started: new Date().toISOString(),
    },
    library,
    terminology,
    guides,
    references: { targets: config.references, onDelete: config.referencesOnDelete },
    validate: withSearchParameters(createValidator({ definitions, conformance, terminology, policy }), {
      parameters,
      elements: definitions.elements,
    }),
    index: createIndexer({
      definitions,
      parameters,
      types: searchTypes,
      hash,
      patientsOf,
      canonicalUnit,
      baseUrl,
      everyReference: config.referencesOnDelete === 'check',
    }),
    valueShapes: createValueShapes(definitions.elements, parameters),
    canonicalUnit,
    subsetOf: createSubsetter(definitions.elements),
    referencesOf: createReferencesOf({ definitions, parameters, baseUrl }),
    now: () => new Date(),
    newId: randomUUID,
  };
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
  const registry = createSearchRegistry(definitions);
  const services = createServices({
    config,
    definitions,
    database,
    registry,
    restartIndexing: () => indexing.restart(),
    guides: conformanceStore,
    ...knowledge,
  });
  const indexing: Indexing = createIndexing({
    registry,
    generations: database.generations,
    customParameters: () => conformanceStore.searchParameters(),
    isUsable: (parameter) =>
      checkSearchParameter(parameter, { parameters: registry, elements: definitions.elements }).length === 0,
    index: services.index,
    observe,
  });
  await indexing.refresh();
  conformanceStore.changed(() => {
    indexing.refresh().catch((error: unknown) => observe({ kind: 'database-lost', error }));
  });
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
