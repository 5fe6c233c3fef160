/** Checks compiled from the JSON Schemas of R4, each the first time its type is asked for. https://hl7.org/fhir/R4/validation.html */
import { Ajv2020, type ErrorObject } from 'ajv/dist/2020.js';
import type { Definitions } from '../fhir/definitions.ts';
import type { Terminology } from '../fhir/terminology.ts';
import type { CheckContext } from './check-context.ts';
import { binding } from './keywords/binding.ts';
import { boundedItems, unlessNull } from './keywords/bounded.ts';
import { codingUse, identifierUse } from './keywords/coding-use.ts';
import { invariants } from './keywords/invariants.ts';
import { members } from './keywords/members.ts';
import { extensionUse, nestedResource } from './keywords/nested-resource.ts';
import { formats } from './keywords/primitive-test.ts';
import { type CompiledSchema, reference, References, type SchemaSource } from './keywords/reference.ts';
import { referenceUse } from './keywords/reference-use.ts';
import { requiredPrimitives } from './keywords/required-primitives.ts';
import { sibling } from './keywords/sibling.ts';
import { targets } from './keywords/targets.ts';
import { nativeInvariants } from './native-invariants.ts';

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

/** Keywords of JSON Schema that suit FHIR better when they are written for it, and FHIR's own. */
function keywordsFor({ definitions, terminology, limit }: SchemaCheckOptions, source: SchemaSource) {
  const { elements, resourceTypes } = definitions;
  const references = new References(source);
  const standard = [reference(references), unlessNull, boundedItems(limit), members(limit, references)];
  const structure = [requiredPrimitives, sibling, nestedResource, extensionUse, identifierUse, codingUse(terminology)];
  const rules = [
    invariants({ native: nativeInvariants, elements }),
    binding(terminology),
    targets(resourceTypes),
    referenceUse(resourceTypes),
  ];
  return [...standard, ...structure, ...rules];
}

/** What `properties` looks at. */
const readByMembers = ['additionalProperties', 'choices'];

const scheme = 'fhir:';

/** Schemas are given to AJV when they are first needed, and compiled then. */
function createSource({ definitions }: SchemaCheckOptions, ajv: Ajv2020): SchemaSource {
  const added = new Set<string>();
  const schemaOf = (id: string): object | undefined =>
    id.includes('#') ? undefined : definitions.schema(id.slice(scheme.length));
  const compiled = (id: string): CompiledSchema => {
    const [document = ''] = id.split('#');
    const schema = added.has(document) ? undefined : schemaOf(document);
    if (schema) ajv.addSchema(schema);
    added.add(document);
    const check = ajv.getSchema(id);
    if (!check) throw new Error(`There is no schema ${id}`);
    return check as CompiledSchema;
  };
  return { schemaOf, compiled };
}

function createChecks(checkOptions: SchemaCheckOptions): SchemaSource['compiled'] {
  const ajv = new Ajv2020(options);
  for (const [name, format] of Object.entries(formats)) ajv.addFormat(name, format);
  for (const keyword of ['$ref', 'if', 'items', 'properties', ...readByMembers]) ajv.removeKeyword(keyword);
  for (const keyword of readByMembers) ajv.addKeyword(keyword);
  const source = createSource(checkOptions, ajv);
  for (const keyword of keywordsFor(checkOptions, source)) ajv.addKeyword(keyword);
  return source.compiled;
}

/** Returns the check of a resource type, or undefined for an unknown type. */
export function createSchemaChecks(checkOptions: SchemaCheckOptions): (type: string) => SchemaCheck | undefined {
  const { resourceTypes } = checkOptions.definitions;
  const compiled = createChecks(checkOptions);
  const checks = new Map<string, SchemaCheck>();
  return (type) => {
    const known = checks.get(type);
    if (known || !resourceTypes.has(type)) return known;
    const compiledCheck = compiled(`${scheme}resources/${type}`);
    const check: SchemaCheck = (resource, context) =>
      compiledCheck.call(context, resource) ? [] : (compiledCheck.errors ?? []);
    checks.set(type, check);
    return check;
  };
}
