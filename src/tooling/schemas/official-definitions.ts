/** HL7's own machine-readable definitions of R4, as their npm packages hold them: one resource per file. https://hl7.org/fhir/R4/downloads.html */
import { readFileSync, readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import type {
  CodeSystem,
  CompartmentDefinition,
  ConceptMap,
  OperationDefinition,
  SearchParameter,
  StructureDefinition,
  ValueSet,
} from 'fhir/r4.js';

export interface OfficialDefinitions {
  /** Resource types, data types and primitive types by name; no profiles, no logical models. */
  readonly types: ReadonlyMap<string, StructureDefinition>;
  /** The same and every profile and extension. */
  readonly structures: readonly StructureDefinition[];
  readonly searchParameters: readonly SearchParameter[];
  readonly compartments: readonly CompartmentDefinition[];
  readonly operations: readonly OperationDefinition[];
  /** By canonical URL. */
  readonly codeSystems: ReadonlyMap<string, CodeSystem>;
  /** By canonical URL. */
  readonly conceptMaps: ReadonlyMap<string, ConceptMap>;
  /** By canonical URL; expanded where HL7 publishes an expansion. */
  readonly valueSets: ReadonlyMap<string, ValueSet>;
}

const { resolve } = createRequire(import.meta.url);
const directoryOf = (packageName: string): string => dirname(resolve(`${packageName}/package.json`));

function readAll(directory: string, resourceType: string): readonly unknown[] {
  const names = readdirSync(directory).filter((name) => name.startsWith(`${resourceType}-`) && name.endsWith('.json'));
  return names.sort().map((name) => JSON.parse(readFileSync(join(directory, name), 'utf8')) as unknown);
}

const byUrl = <Kind extends { url?: string | undefined }>(resources: readonly Kind[]): Map<string, Kind> =>
  new Map(resources.map((resource) => [resource.url ?? '', resource]));

const byName = <Kind extends { id?: string | undefined }>(left: Kind, right: Kind): number =>
  (left.id ?? '') < (right.id ?? '') ? -1 : 1;

function typeDefinitions(definitions: readonly StructureDefinition[]): Map<string, StructureDefinition> {
  const types = definitions.filter(({ derivation }) => derivation !== 'constraint');
  return new Map(types.sort(byName).map((definition) => [definition.type, definition]));
}

/** The package also holds the specification's teaching examples, which define nothing. */
const isOfficial = ({ id = '' }: { id?: string | undefined }): boolean => !id.startsWith('example');

function structureDefinitions(directory: string): readonly StructureDefinition[] {
  const definitions = readAll(directory, 'StructureDefinition') as readonly StructureDefinition[];
  return definitions.filter((definition) => isOfficial(definition) && definition.kind !== 'logical');
}

/** Reads the packages `hl7.fhir.r4.examples` (which holds every definition too) and `hl7.fhir.r4.expansions`. */
export function readOfficialDefinitions(): OfficialDefinitions {
  const directory = directoryOf('hl7.fhir.r4.examples');
  const valueSets = byUrl(readAll(directory, 'ValueSet') as readonly ValueSet[]);
  for (const expanded of readAll(directoryOf('hl7.fhir.r4.expansions'), 'ValueSet') as readonly ValueSet[]) {
    if (expanded.url && expanded.expansion?.contains) valueSets.set(expanded.url, expanded);
  }
  const searchParameters = readAll(directory, 'SearchParameter') as readonly SearchParameter[];
  const compartments = readAll(directory, 'CompartmentDefinition') as readonly CompartmentDefinition[];
  const operations = readAll(directory, 'OperationDefinition') as readonly OperationDefinition[];
  const structures = structureDefinitions(directory);
  return {
    types: typeDefinitions(structures),
    structures,
    searchParameters: searchParameters.filter(isOfficial),
    compartments: compartments.filter(isOfficial),
    operations: operations.filter(isOfficial),
    codeSystems: byUrl(readAll(directory, 'CodeSystem') as readonly CodeSystem[]),
    conceptMaps: byUrl(readAll(directory, 'ConceptMap') as readonly ConceptMap[]),
    valueSets,
  };
}
