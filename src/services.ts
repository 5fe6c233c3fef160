/** What interactions work with, joined from the rooms that compute. */
import { randomUUID } from 'node:crypto';
import type { Config } from './config.ts';
import type { Definitions } from './fhir/definitions.ts';
import type { Terminology } from './fhir/terminology.ts';
import type { Services } from './interactions/interaction.ts';
import { routes } from './interactions/routes.ts';
import { withSearchParameters } from './interactions/search/validate-search-parameter.ts';
import type { AuditTrail, ConformanceLibrary, Hash, ResourceStore } from './ports.ts';
import { createCanonicalUnits } from './search/canonical-quantity.ts';
import { createPatientsOf } from './search/compartments.ts';
import { createHash } from './search/hash.ts';
import { createIndexer } from './search/index-resource.ts';
import { createReferencesOf } from './search/references-of.ts';
import type { SearchRegistry } from './search/search-registry.ts';
import { createValueShapes } from './search/search-scope.ts';
import { createSubsetter } from './search/subset/create-subsetter.ts';
import { searchTypes } from './search/types/index.ts';
import { createValidator } from './validation/validate.ts';

const softwareVersion = '0.1.0';

export interface ServiceParts {
  readonly config: Config;
  readonly definitions: Definitions;
  readonly database: { readonly store: ResourceStore; readonly audit: AuditTrail; readonly hashSecret: string };
  readonly registry: SearchRegistry;
  readonly restartIndexing: Services['restartIndexing'];
  readonly library: ConformanceLibrary;
  readonly terminology: Terminology;
  readonly guides: Services['guides'];
}

function searchServices(
  { config, definitions, registry }: Pick<ServiceParts, 'config' | 'definitions' | 'registry'>,
  hash: Hash,
) {
  const { baseUrl, fullText } = config;
  const parameters = registry;
  const patientsOf = createPatientsOf(definitions, { baseUrl, parameters });
  const canonicalUnit = createCanonicalUnits();
  const everyReference = config.referencesOnDelete === 'check';
  const types = searchTypes;
  return {
    hash,
    searchParameters: registry,
    index: createIndexer({
      definitions,
      parameters,
      types,
      hash,
      patientsOf,
      canonicalUnit,
      baseUrl,
      everyReference,
      fullText,
    }),
    fullText,
    valueShapes: createValueShapes(definitions.elements, parameters),
    canonicalUnit,
    subsetOf: createSubsetter(definitions.elements),
    referencesOf: createReferencesOf({ definitions, parameters, baseUrl }),
  };
}

/** Joins what every interaction may use. */
export function createServices({
  config,
  definitions,
  database,
  registry,
  restartIndexing,
  library,
  terminology,
  guides,
}: ServiceParts): Services {
  const hash = createHash(database.hashSecret);
  const { baseUrl } = config;
  const { conformance } = library;
  const policy = { unknown: config.unknownProfiles, required: config.requiredProfiles };
  return {
    store: database.store,
    audit: database.audit,
    definitions,
    restartIndexing,
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
      parameters: registry,
      elements: definitions.elements,
    }),
    ...searchServices({ config, definitions, registry }, hash),
    now: () => new Date(),
    newId: randomUUID,
  };
}
