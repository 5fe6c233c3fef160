/** One JSON Schema document for each type and each enumerable value set. https://json-schema.org/draft/2020-12 */
import type { StructureDefinition } from 'fhir/r4.js';
import { objectSchemaFactory, type ValueSetReference } from './object-schema.ts';
import type { OfficialDefinitions } from './official-definitions.ts';
import { primitiveSchemas } from './primitive-schemas.ts';
import { isBackbone } from './structure.ts';
import { valueSetCodes } from './value-set-codes.ts';

const dialect = 'https://json-schema.org/draft/2020-12/schema';

/** Any resource; `nestedResource` tells the validator to check it by its own type. */
const anyResource = { type: 'object', nestedResource: true };

function objectDocument(definition: StructureDefinition, valueSet: ValueSetReference): object {
  const schemaOf = objectSchemaFactory(definition, valueSet);
  const [root, ...rest] = definition.snapshot?.element ?? [];
  const backbones = rest.filter((element) => isBackbone(definition, element));
  const definitions = backbones.map(({ path, constraint }) => [path, schemaOf(path, constraint)] as const);
  return {
    ...schemaOf(definition.type, root?.constraint),
    ...(definitions.length > 0 && { $defs: Object.fromEntries(definitions) }),
  };
}

/** Element itself stands in JSON only as the `_sibling` of a primitive, whose value is content enough for ele-1. */
function elementDocument(definition: StructureDefinition, valueSet: ValueSetReference): object {
  return { ...objectDocument(definition, valueSet), minProperties: 1, invariants: [] };
}

/** Types of which the validator wants to know every use: to look an extension's definition up, a code or unit in its system; to read a reference. */
const annotations: Readonly<Record<string, string>> = {
  Extension: 'extensionUse',
  Reference: 'referenceUse',
  Identifier: 'identifierUse',
  Coding: 'codingUse',
  Quantity: 'codingUse',
  Age: 'codingUse',
  Count: 'codingUse',
  Distance: 'codingUse',
  Duration: 'codingUse',
};

function typeDocument(definition: StructureDefinition, valueSet: ValueSetReference): object | undefined {
  if (definition.kind === 'primitive-type') return primitiveSchemas[definition.type];
  if (definition.type === 'Resource') return anyResource;
  if (definition.type === 'Element') return elementDocument(definition, valueSet);
  if (definition.abstract) return undefined;
  const document = objectDocument(definition, valueSet);
  return definition.type in annotations ? { ...document, [annotations[definition.type] ?? '']: true } : document;
}

const folderOf = ({ kind, abstract }: StructureDefinition): string =>
  kind === 'resource' && !abstract ? 'resources' : 'types';

/** Schema documents by their id without `fhir:`, which is also their file name without `.schema.json`. */
export function typeSchemas(official: OfficialDefinitions): ReadonlyMap<string, object> {
  const documents = new Map<string, object>();
  const add = (id: string, schema: object): void => {
    documents.set(id, { $schema: dialect, $id: `fhir:${id}`, ...schema });
  };
  const valueSet: ValueSetReference = (canonical) => {
    const id = `value-sets/${canonical.split('|')[0]?.split('/').at(-1)}`;
    const codes = documents.has(id) ? undefined : valueSetCodes(canonical, official);
    if (codes && codes.length > 0) add(id, { enum: codes });
    return documents.has(id) ? `fhir:${id}` : undefined;
  };
  for (const definition of official.types.values()) {
    const schema = typeDocument(definition, valueSet);
    if (schema) add(`${folderOf(definition)}/${definition.type}`, schema);
  }
  return documents;
}
