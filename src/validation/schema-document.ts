/** The JSON Schema of a resource type as one document that needs no other: every schema it refers to stands in its `$defs`, under its own `$id`. https://json-schema.org/blog/posts/bundling-json-schema-compound-documents */
import type { Definitions } from '../fhir/definitions.ts';

/** The ids of the schemas that a schema refers to, itself not included, without `fhir:`. */
export function referencesIn(schema: object): readonly string[] {
  const references = JSON.stringify(schema).matchAll(/"\$ref":"fhir:([^"#]+)"/g);
  return [...new Set([...references].map(([, id = '']) => id))];
}

function collect(id: string, schema: Definitions['schema'], found: Map<string, object>): void {
  if (found.has(id)) return;
  const document = schema(id);
  if (!document) throw new Error(`There is no schema ${id}`);
  found.set(id, document);
  for (const reference of referencesIn(document)) collect(reference, schema, found);
}

/** The document for a type of `resourceTypes`, or undefined for another name. Keywords that JSON Schema does not define (`invariants`, `binding`, `targets`, `choices`, …) say in data what JSON Schema cannot. */
export function schemaDocument(type: string, definitions: Definitions): object | undefined {
  if (!definitions.resourceTypes.has(type)) return undefined;
  const found = new Map<string, object>();
  collect(`resources/${type}`, definitions.schema, found);
  const [[, root = {}] = [], ...others] = found;
  const { $defs: own, ...rest } = root as { $defs?: object };
  const title = `FHIR R4 ${type}`;
  return { title, ...rest, $defs: { ...own, ...Object.fromEntries(others) } };
}
