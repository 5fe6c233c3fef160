/** Checks compiled from the JSON Schemas of R4, each the first time its type is asked for. https://hl7.org/fhir/R4/validation.html */
import { Ajv2020, type ErrorObject } from 'ajv/dist/2020.js';
import type { Definitions } from '../fhir/definitions.ts';
import type { Terminology } from '../fhir/terminology.ts';
import { isBase64 } from './base64.ts';
import { isCalendarDate } from './calendar.ts';
import type { CheckContext } from './check-context.ts';
import { binding } from './keywords/binding.ts';
import { boundedAdditionalProperties, boundedItems } from './keywords/bounded.ts';
import { choices } from './keywords/choices.ts';
import { codingUse } from './keywords/coding-use.ts';
import { invariants } from './keywords/invariants.ts';
import { extensionUse, nestedResource } from './keywords/nested-resource.ts';
import { requiredPrimitives } from './keywords/required-primitives.ts';
import { sibling } from './keywords/sibling.ts';
import { targets } from './keywords/targets.ts';
import { isNarrative } from './narrative.ts';
import { nativeInvariants } from './native-invariants.ts';
import { referencesIn } from './schema-document.ts';

/** Returns AJV's errors; the context gets the rest: warnings, and what is still to be checked. */
export type SchemaCheck = (resource: object, context: CheckContext) => readonly ErrorObject[];

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

export interface SchemaCheckOptions {
  readonly definitions: Definitions;
  readonly terminology: Terminology;
  /** An object or array with this many errors is not looked at further. */
  readonly limit: number;
}

function createAjv({ definitions, terminology, limit }: SchemaCheckOptions): Ajv2020 {
  const ajv = new Ajv2020(options);
  ajv.addFormat('calendar', isCalendarDate);
  ajv.addFormat('base64', isBase64);
  ajv.addFormat('xhtml', isNarrative);
  ajv.removeKeyword('items').addKeyword(boundedItems(limit));
  ajv.removeKeyword('additionalProperties').addKeyword(boundedAdditionalProperties(limit));
  const { elements, resourceTypes } = definitions;
  const rules = [invariants({ native: nativeInvariants, elements }), binding(terminology), targets(resourceTypes)];
  const keywords = [requiredPrimitives, choices, sibling, nestedResource, extensionUse, codingUse(terminology)];
  for (const keyword of [...keywords, ...rules]) ajv.addKeyword(keyword);
  return ajv;
}

const scheme = 'fhir:';

/** Gives AJV a schema and all it refers to. */
function addWithReferences(ajv: Ajv2020, schemaOf: Definitions['schema'], added: Set<string>, id: string): void {
  if (added.has(id)) return;
  added.add(id);
  const schema = schemaOf(id);
  if (!schema) throw new Error(`There is no schema ${id}`);
  ajv.addSchema(schema);
  for (const reference of referencesIn(schema)) addWithReferences(ajv, schemaOf, added, reference);
}

/** Returns the check of a resource type, or undefined for an unknown type. */
export function createSchemaChecks(checkOptions: SchemaCheckOptions): (type: string) => SchemaCheck | undefined {
  const { resourceTypes, schema } = checkOptions.definitions;
  const ajv = createAjv(checkOptions);
  const added = new Set<string>();
  const checks = new Map<string, SchemaCheck>();
  const compile = (type: string): SchemaCheck => {
    addWithReferences(ajv, schema, added, `resources/${type}`);
    const validate = ajv.getSchema(`${scheme}resources/${type}`);
    if (!validate) throw new Error(`The schema of ${type} does not compile`);
    return (resource, context) => (validate.call(context, resource) ? [] : (validate.errors ?? []));
  };
  return (type) => {
    const known = checks.get(type);
    if (known || !resourceTypes.has(type)) return known;
    const check = compile(type);
    checks.set(type, check);
    return check;
  };
}
