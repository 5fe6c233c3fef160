/** Every rule that R4's definitions state, and where in examples they apply. */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type { ElementDefinition, StructureDefinition } from 'fhir/r4.js';
import type { Definitions } from '../../../src/fhir/definitions.ts';

export interface OfficialInvariant {
  readonly key: string;
  /** FHIR type or backbone path of what the rule is about. */
  readonly type: string;
  readonly expression: string;
}

const examples = path.resolve('node_modules/hl7.fhir.r4.examples');

/** The types of what stands at an element, as the element model names them. */
function typesOf({ path: at, type = [], contentReference }: ElementDefinition, root: string): readonly string[] {
  if (!at.includes('.')) return [root];
  if (contentReference !== undefined) return [contentReference.slice(1)];
  return type.map(({ code }) => {
    if (code.startsWith('http://hl7.org/fhirpath/')) return 'string';
    return code === 'BackboneElement' || code === 'Element' ? at : code;
  });
}

function* rulesOf({ type: root, snapshot }: StructureDefinition): Generator<OfficialInvariant> {
  for (const element of snapshot?.element ?? []) {
    for (const { key, expression } of element.constraint ?? []) {
      if (expression === undefined) continue;
      for (const type of typesOf(element, root)) yield { key, type, expression };
    }
  }
}

/** Those of all elements of all resources and data types, each once for a type. */
export function officialInvariants(): readonly OfficialInvariant[] {
  const found = new Map<string, OfficialInvariant>();
  for (const name of readdirSync(examples).filter((file) => file.startsWith('StructureDefinition-'))) {
    const definition = JSON.parse(readFileSync(path.join(examples, name), 'utf8')) as StructureDefinition;
    if (definition.kind === 'logical' || definition.derivation === 'constraint') continue;
    for (const rule of rulesOf(definition)) found.set(`${rule.type}|${rule.expression}`, rule);
  }
  return [...found.values()];
}

/** At most `limit` examples of each resource type, the smallest first. */
export function someExamples(limit: number, { resourceTypes }: Definitions): readonly Record<string, unknown>[] {
  const taken = new Map<string, number>();
  const files = readdirSync(examples).filter((name) => /^[A-Z].*\.json$/.test(name));
  const texts = files.map((name) => readFileSync(path.join(examples, name), 'utf8'));
  return texts
    .sort((one, other) => one.length - other.length)
    .flatMap((text) => {
      const type = /"resourceType"\s*:\s*"([A-Za-z]+)"/.exec(text)?.[1] ?? '';
      const count = taken.get(type) ?? 0;
      if (count >= limit || !resourceTypes.has(type)) return [];
      taken.set(type, count + 1);
      const resource = JSON.parse(text) as Record<string, unknown>;
      return resource['resourceType'] === type ? [resource] : [];
    });
}

export interface Occurrence {
  /** Undefined where a primitive has extensions only. */
  readonly value: unknown;
  /** The `_name` object of a primitive. */
  readonly sibling?: unknown;
  readonly type: string;
  readonly resource: object;
  readonly rootResource: object;
}

type Json = Readonly<Record<string, unknown>>;
type Elements = Definitions['elements'];

const isObject = (value: unknown): value is Json => typeof value === 'object' && value !== null;
const listOf = (value: unknown): readonly unknown[] =>
  Array.isArray(value) ? value : value === undefined ? [] : [value];

/** The values of a property of `holder`, each with its sibling. */
function* partsOf(holder: Json, name: string): Generator<readonly [value: unknown, sibling: unknown]> {
  const [values, siblings] = [listOf(holder[name]), listOf(holder[`_${name}`])];
  for (let index = 0; index < Math.max(values.length, siblings.length); index += 1) {
    yield [values[index] ?? undefined, siblings[index] ?? undefined];
  }
}

function* occurrencesBelow(around: Occurrence, elements: Elements): Generator<Occurrence> {
  const { value, type } = around;
  if (!isObject(value)) return;
  const names = new Set(Object.keys(value).map((name) => name.replace(/^_/, '')));
  for (const name of names) {
    const property = elements.property(type, name);
    if (!property) continue;
    for (const [part, sibling] of partsOf(value, name)) {
      const here = { ...around, value: part, sibling, type: property.type };
      yield* occurrencesIn(
        property.type === 'Resource' && isObject(part) ? within(part, name, around) : here,
        elements,
      );
    }
  }
}

/** A resource in a resource: contained in it, or whole as the entry of a Bundle. */
function within(resource: Json, name: string, { resource: outer }: Occurrence): Occurrence {
  const type = String(resource['resourceType']);
  return { value: resource, type, resource, rootResource: name === 'contained' ? outer : resource };
}

function* occurrencesIn(here: Occurrence, elements: Elements): Generator<Occurrence> {
  yield here;
  yield* occurrencesBelow(here, elements);
}

/** Every value in a resource, primitive or not, with its type. */
export function occurrences(resource: Json, { elements }: Definitions): Iterable<Occurrence> {
  const type = String(resource['resourceType']);
  return occurrencesIn({ value: resource, type, resource, rootResource: resource }, elements);
}
