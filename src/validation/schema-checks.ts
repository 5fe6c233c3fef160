/** Checks compiled from the JSON Schemas of R4, each the first time its type is asked for. https://hl7.org/fhir/R4/validation.html */
import { Ajv2020, type ErrorObject } from 'ajv/dist/2020.js';
import type { Definitions } from '../fhir/definitions.ts';
import { isBase64 } from './base64.ts';
import { isCalendarDate } from './calendar.ts';
import { boundedAdditionalProperties, boundedItems } from './keywords/bounded.ts';
import { choices } from './keywords/choices.ts';
import { invariants } from './keywords/invariants.ts';
import { nestedResource, type NestedResource } from './keywords/nested-resource.ts';
import { requiredPrimitives } from './keywords/required-primitives.ts';
import { sibling } from './keywords/sibling.ts';
import { isNarrative } from './narrative.ts';
import { nativeInvariants } from './native-invariants.ts';

/** What a check found: AJV's errors, and the resources within that are still to be checked by their own type. */
export interface Checked {
  readonly errors: readonly ErrorObject[];
  readonly nested: readonly NestedResource[];
}

export type SchemaCheck = (resource: object) => Checked;

const options = {
  strict: true,
  allErrors: true,
  /** Lengths in UTF-16 units: counting code points costs more than all else. */
  unicode: false,
  /** It would only announce that `unicode` may go one day; what `strict` finds is thrown. */
  logger: false,
  unicodeRegExp: false,
  messages: false,
  passContext: true,
  validateSchema: false,
  /** Halves the time to compile a type; what comes out is as fast. */
  code: { optimize: false },
} as const;

function createAjv(limit: number): Ajv2020 {
  const ajv = new Ajv2020(options);
  ajv.addFormat('calendar', isCalendarDate);
  ajv.addFormat('base64', isBase64);
  ajv.addFormat('xhtml', isNarrative);
  ajv.removeKeyword('items').addKeyword(boundedItems(limit));
  ajv.removeKeyword('additionalProperties').addKeyword(boundedAdditionalProperties(limit));
  const keywords = [requiredPrimitives, choices, sibling, nestedResource, invariants(nativeInvariants)];
  for (const keyword of keywords) ajv.addKeyword(keyword);
  return ajv;
}

const scheme = 'fhir:';

/** The schemas that a schema refers to, itself not included. */
function referencesIn(schema: object): readonly string[] {
  const references = JSON.stringify(schema).matchAll(/"\$ref":"fhir:([^"#]+)"/g);
  return [...new Set([...references].map(([, id = '']) => id))];
}

/** Gives AJV a schema and all it refers to. */
function addWithReferences(ajv: Ajv2020, schemaOf: Definitions['schema'], added: Set<string>, id: string): void {
  if (added.has(id)) return;
  added.add(id);
  const schema = schemaOf(id);
  if (!schema) throw new Error(`There is no schema ${id}`);
  ajv.addSchema(schema);
  for (const reference of referencesIn(schema)) addWithReferences(ajv, schemaOf, added, reference);
}

/** Returns the check of a resource type, or undefined for an unknown type. An object or array with `limit` errors is not looked at further. */
export function createSchemaChecks(
  { resourceTypes, schema }: Definitions,
  limit: number,
): (type: string) => SchemaCheck | undefined {
  const ajv = createAjv(limit);
  const added = new Set<string>();
  const checks = new Map<string, SchemaCheck>();
  const compile = (type: string): SchemaCheck => {
    addWithReferences(ajv, schema, added, `resources/${type}`);
    const validate = ajv.getSchema(`${scheme}resources/${type}`);
    if (!validate) throw new Error(`The schema of ${type} does not compile`);
    return (resource) => {
      const nested: NestedResource[] = [];
      const isValid = validate.call({ nested }, resource);
      return { errors: isValid ? [] : (validate.errors ?? []), nested };
    };
  };
  return (type) => {
    const known = checks.get(type);
    if (known || !resourceTypes.has(type)) return known;
    const check = compile(type);
    checks.set(type, check);
    return check;
  };
}
