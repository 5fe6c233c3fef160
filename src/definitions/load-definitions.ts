/** Reads the definitions of `schemas/r4/` from disk: the small tables at once, the schema of a type when it is first asked for. https://hl7.org/fhir/R4/conformance-module.html */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Compartments, Definitions } from '../fhir/definitions.ts';
import { createElementModel, type ElementTable } from '../fhir/element-model.ts';
import type { SearchParameter } from '../fhir/search-parameter.ts';

/** Schema ids are part of a file name, so nothing else may pass: no dots, no other directory. */
const schemaId = /^(?:resources|types|value-sets)\/[A-Za-z0-9-]+$/;

const isMissing = (error: unknown): boolean =>
  typeof error === 'object' && error !== null && 'code' in error && error.code === 'ENOENT';

function schemaReader(directory: string): Definitions['schema'] {
  const schemas = new Map<string, object>();
  return (id) => {
    const known = schemas.get(id);
    if (known || !schemaId.test(id)) return known;
    try {
      const schema = JSON.parse(readFileSync(join(directory, `${id}.schema.json`), 'utf8')) as object;
      schemas.set(id, schema);
      return schema;
    } catch (error) {
      if (isMissing(error)) return undefined;
      throw error;
    }
  };
}

/** Loads the definitions in `directory` (`schemas/r4`). Throws when a table is missing or is not JSON. */
export function loadDefinitions(directory: string): Definitions {
  const table = (name: string): unknown => JSON.parse(readFileSync(join(directory, `${name}.json`), 'utf8'));
  return {
    resourceTypes: new Map(Object.entries(table('resource-types') as Record<string, number>)),
    elements: createElementModel(table('elements') as ElementTable),
    searchParameters: table('search-parameters') as readonly SearchParameter[],
    compartments: table('compartments') as Compartments,
    schema: schemaReader(directory),
  };
}
