/** Every element of an official example of each resource type, spoilt in each way JSON can be wrong: always refused, and where it is wrong. https://hl7.org/fhir/R4/json.html */
import { describe, expect, test } from '@jest/globals';
import type { PropertyDefinition } from '../../src/fhir/element-model.ts';
import type { Resource } from '../../src/fhir/resource.ts';
import { bundledValidator } from '../support/validator.ts';
import { definitions, exampleNames, readExample } from './official.ts';

type Json = Record<string, unknown>;

interface ObjectSchema {
  readonly required?: readonly string[];
  readonly requiredPrimitives?: readonly string[];
  readonly choices?: readonly { name: string; properties: readonly string[]; required: boolean }[];
  readonly $defs?: Readonly<Record<string, ObjectSchema>>;
}

/** A change to the example that must be refused with an issue at `expression` or below it. */
interface Mutation {
  readonly what: string;
  readonly expression: string;
  readonly target: Json | unknown[];
  readonly key: string | number;
  /** undefined removes. */
  readonly value: unknown;
}

const validate = bundledValidator();

/** The schema of a resource, a data type or, by its path, a backbone element. */
function schemaOf(type: string): ObjectSchema {
  const [root = ''] = type.split('.');
  const folder = definitions.resourceTypes.has(root) ? 'resources' : 'types';
  const document = definitions.schema(`${folder}/${root}`) as ObjectSchema;
  return (type === root ? document : document.$defs?.[type]) ?? {};
}

const isObject = (value: unknown): value is Json => typeof value === 'object' && value !== null;

function* spoiltValue(at: Omit<Mutation, 'what' | 'value'>, value: unknown, many: boolean): Generator<Mutation> {
  yield { ...at, what: 'null', value: null };
  yield { ...at, what: 'empty object', value: {} };
  yield { ...at, what: 'empty array', value: [] };
  yield { ...at, what: 'empty string', value: '' };
  if (many) {
    if (Array.isArray(value)) yield { ...at, what: 'not a list', value: value[0] };
  } else {
    yield { ...at, what: 'a list', value: [value] };
    yield { ...at, what: 'another type', value: typeof value === 'number' ? 'a' : 12_345.5 };
  }
}

/** What a null in a list of primitives means depends on the sibling; that has tests of its own. */
function spoiltItem(property: PropertyDefinition, at: Omit<Mutation, 'what' | 'value'>, item: unknown): Mutation[] {
  const all = [...spoiltValue(at, item, false)];
  if (property.type === 'code') all.push({ ...at, what: 'bad code', value: 'a  b' });
  return isObject(item) ? all : all.filter(({ what }) => what !== 'null');
}

function* spoiltItems(property: PropertyDefinition, list: unknown[], expression: string): Generator<Mutation> {
  for (const [key, item] of list.entries()) {
    const at = { expression: `${expression}[${key}]`, target: list, key };
    if (item !== null) yield* spoiltItem(property, at, item);
    if (isObject(item)) yield* mutations(item, property.type, at.expression);
  }
}

function* withoutRequired(target: Json, type: string, expression: string): Generator<Mutation> {
  const { required = [], requiredPrimitives = [], choices = [] } = schemaOf(type);
  const simple = [...required, ...requiredPrimitives].filter((name) => name !== 'resourceType');
  const chosen = choices.filter((choice) => choice.required);
  const elements = [
    ...simple.map((name) => ({ name, properties: [name] })),
    ...chosen.map(({ name, properties }) => ({ name, properties })),
  ];
  for (const { name, properties } of elements) {
    const key = properties.find((property) => target[property] !== undefined && target[`_${property}`] === undefined);
    if (key) yield { what: 'missing', expression: `${expression}.${name}`, target, key, value: undefined };
  }
}

function* mutations(target: Json, type: string, expression: string): Generator<Mutation> {
  yield { what: 'unknown', expression: `${expression}.notAnElement`, target, key: 'notAnElement', value: 1 };
  yield* withoutRequired(target, type, expression);
  for (const [key, value] of Object.entries(target)) {
    const property = definitions.elements.property(type, key);
    if (!property || property.type === 'Resource') continue;
    const at = `${expression}.${property.element}`;
    yield* spoiltValue({ expression: at, target, key }, value, property.many);
    if (property.type === 'code') yield { what: 'bad code', expression: at, target, key, value: 'a  b' };
    if (Array.isArray(value)) yield* spoiltItems(property, value, at);
    else if (isObject(value)) yield* mutations(value, property.type, at);
  }
}

function set(target: Json | unknown[], key: string | number, value: unknown): void {
  if (value === undefined) Reflect.deleteProperty(target, key);
  else Reflect.set(target, key, value);
}

/** Runs with the change in place, then puts everything back. */
function isLocated(resource: Resource, { target, key, value, expression }: Mutation): boolean {
  const before: unknown = Reflect.get(target, key);
  set(target, key, value);
  const issues = validate(resource);
  set(target, key, before);
  return issues.some(({ expression: [at = ''] = [] }) => at.startsWith(expression));
}

const perExample = 400;

/** The first valid example of each type. */
const examples = new Map<string, Resource>();
for (const name of exampleNames) {
  const type = name.slice(0, name.indexOf('-'));
  if (!definitions.resourceTypes.has(type) || examples.has(type)) continue;
  const resource = readExample(name);
  if (resource.resourceType === type && validate(resource).length === 0) examples.set(type, resource);
}

describe('a spoilt example', () => {
  test('there are examples of nearly all types', () => {
    const without = [...definitions.resourceTypes.keys()].filter((type) => !examples.has(type));
    expect(without).toEqual([
      'DeviceMetric',
      'DeviceUseStatement',
      'EventDefinition',
      'Parameters',
      'SubstanceNucleicAcid',
      'SubstancePolymer',
      'SubstanceProtein',
      'SubstanceReferenceInformation',
      'SubstanceSourceMaterial',
    ]);
  });

  test.each([...examples])('%s is refused where it is spoilt', (type, resource) => {
    const all: Mutation[] = [];
    for (const mutation of mutations(resource, type, type)) {
      all.push(mutation);
      if (all.length >= perExample) break;
    }
    const missed = all.filter((mutation) => !isLocated(resource, mutation));
    expect(missed.map(({ what, expression }) => `${what} ${expression}`)).toEqual([]);
    expect(all.length).toBeGreaterThan(10);
    expect(validate(resource)).toEqual([]);
  });
});
