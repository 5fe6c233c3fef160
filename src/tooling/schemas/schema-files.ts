/** Every file of `schemas/r4/` by name, made in memory. https://hl7.org/fhir/R4/ */
import { elementTable } from './element-table.ts';
import { linesText, membersText, prettyText } from './json-text.ts';
import { type OfficialDefinitions, readOfficialDefinitions } from './official-definitions.ts';
import { compartments, operations, searchParameters } from './registries.ts';
import { structurePack } from './structure-pack.ts';
import { terminologyPacks } from './terminology-packs.ts';
import { typeSchemas } from './type-schemas.ts';

/** The number of a type is stored in keys: its place in the alphabet of R4's concrete types, which are a closed set. */
function resourceTypes({ types }: OfficialDefinitions): Record<string, number> {
  const concrete = [...types.values()].filter(({ kind, abstract }) => kind === 'resource' && !abstract);
  const names = concrete.map(({ type }) => type).sort();
  return Object.fromEntries(names.map((name, index) => [name, index + 1]));
}

/** File names relative to `schemas/r4` and their texts. */
export function schemaFiles(): ReadonlyMap<string, string> {
  const official = readOfficialDefinitions();
  const schemas = [...typeSchemas(official)].map(([id, schema]) => [`${id}.schema.json`, prettyText(schema)] as const);
  return new Map([
    ['resource-types.json', prettyText(resourceTypes(official))],
    ['elements.json', membersText(elementTable(official))],
    ['search-parameters.json', linesText(searchParameters(official.searchParameters))],
    ['compartments.json', prettyText(compartments(official.compartments))],
    ['operations.json', linesText(operations(official.operations))],
    ...structurePack(official),
    ...terminologyPacks(official),
    ...schemas,
  ]);
}
