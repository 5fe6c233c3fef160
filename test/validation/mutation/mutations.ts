/** Ways to break a valid resource that R4's own StructureDefinitions forbid; none of them is read from our schemas. https://hl7.org/fhir/R4/conformance-rules.html */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type { ElementDefinition, StructureDefinition } from 'fhir/r4.js';

export type Json = Record<string, unknown>;

export const kinds = ['type', 'cardinality', 'unknown', 'choice', 'format', 'empty', 'code', 'reference'] as const;
export type Kind = (typeof kinds)[number];

/** A change to one property of one object; `expression` is where the fault is to be found, or below it. */
export interface Mutation {
  readonly kind: Kind;
  readonly what: string;
  readonly target: Json;
  readonly property: string;
  /** undefined removes. */
  readonly value: unknown;
  readonly expression: string;
}

const directory = path.resolve('node_modules/hl7.fhir.r4.examples');
const files = readdirSync(directory).filter((name) => name.startsWith('StructureDefinition-'));
const official = files
  .map((name) => JSON.parse(readFileSync(path.join(directory, name), 'utf8')) as StructureDefinition)
  .filter(({ kind, derivation }) => kind !== 'logical' && derivation !== 'constraint');

/** Elements by their path, such as `Patient.contact` or `HumanName.family`. */
const elements: ReadonlyMap<string, ElementDefinition> = new Map(
  official.flatMap(({ snapshot }) => (snapshot?.element ?? []).map((element) => [element.path, element] as const)),
);
const primitives: ReadonlySet<string> = new Set(
  official.filter(({ kind }) => kind === 'primitive-type').map(({ type }) => type),
);
const resources: ReadonlySet<string> = new Set(
  official.filter(({ kind, abstract }) => kind === 'resource' && !abstract).map(({ type }) => type),
);

interface Property {
  readonly element: ElementDefinition;
  /** `value` of `valueQuantity`. */
  readonly name: string;
  readonly type: string;
}

const capitalise = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

/** R4 writes some types as URLs. */
function typeCode(element: ElementDefinition, code: string): string {
  if (!code.startsWith('http://hl7.org/fhirpath/')) return code;
  return element.path.endsWith('.id') ? 'id' : 'string';
}

function propertyOf(type: string, name: string): Property | undefined {
  const plain = elements.get(`${type}.${name}`);
  if (plain) return { element: plain, name, type: typeOf(plain) };
  for (let length = name.length - 1; length > 0; length -= 1) {
    const choice = elements.get(`${type}.${name.slice(0, length)}[x]`);
    const code = choice?.type?.find((one) => capitalise(one.code) === name.slice(length))?.code;
    if (choice && code !== undefined) return { element: choice, name: name.slice(0, length), type: code };
  }
  return undefined;
}

function typeOf(element: ElementDefinition): string {
  if (element.contentReference) return element.contentReference.slice(1);
  const code = typeCode(element, element.type?.[0]?.code ?? '');
  return code === 'BackboneElement' || (code === 'Element' && elements.has(`${element.path}.id`)) ? element.path : code;
}

/** What the types may not be written as. */
const badFormats: Readonly<Record<string, readonly unknown[]>> = {
  base64Binary: ['a', '====', 'ä'],
  boolean: ['true', 1],
  canonical: ['a b'],
  code: [' a', 'a  b', 'a '],
  date: ['2020-02-30', '2020-13', '20-01-01', '2020-01-01T00:00:00Z'],
  dateTime: ['2020-02-30', '2020-01-01T10:00', '2020-01-01T10:00:00', '2020-01-01T25:00:00Z'],
  decimal: ['1.0'],
  id: ['a b', 'a_b', 'x'.repeat(65)],
  instant: ['2020-01-01', '2020-01-01T10:00:00'],
  integer: [1.5, '1', 2_147_483_648],
  markdown: ['\u0001'],
  oid: ['1.2.3', 'urn:oid:3.1'],
  positiveInt: [0, -1, 1.5],
  string: ['a\u0001', '   '],
  time: ['10:00', '25:00:00'],
  unsignedInt: [-1, 1.5],
  uri: ['a b'],
  url: ['a b'],
  uuid: ['urn:uuid:x'],
};

interface Place {
  readonly target: Json;
  readonly type: string;
  readonly expression: string;
}

const isObject = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function* ofStructure({ target, expression }: Place): Generator<Mutation> {
  yield { kind: 'unknown', what: 'an unknown element', target, property: 'notAnElement', value: 1, expression };
}

function* ofRequired({ target, type, expression }: Place): Generator<Mutation> {
  for (const property of Object.keys(target)) {
    const found = propertyOf(type, property);
    const isAlone = target[`_${property}`] === undefined;
    if (!found || !isAlone || (found.element.min ?? 0) === 0) continue;
    const at = `${expression}.${found.name}`;
    yield { kind: 'cardinality', what: 'missing', target, property, value: undefined, expression: at };
  }
}

function* ofValue({ target, expression }: Place, property: string, found: Property): Generator<Mutation> {
  const value = target[property];
  const { element, name, type } = found;
  const at = { target, property, expression: `${expression}.${name}` };
  const isMany = element.max !== '1';
  if (isMany && Array.isArray(value)) yield { ...at, kind: 'cardinality', what: 'one for a list', value: value[0] };
  if (!isMany) yield { ...at, kind: 'cardinality', what: 'a list for one', value: [value] };
  const wrong = primitives.has(type) ? { id: 'x', extension: [] } : 'text';
  yield { ...at, kind: 'type', what: 'another JSON type', value: isMany ? [wrong] : wrong };
  for (const empty of [null, [], {}, ''])
    yield {
      ...at,
      kind: 'empty',
      what: JSON.stringify(empty),
      value: isMany && !Array.isArray(empty) ? [empty] : empty,
    };
  for (const bad of badFormats[type] ?? []) yield { ...at, kind: 'format', what: type, value: isMany ? [bad] : bad };
}

function* ofChoice({ target, expression }: Place, property: string, { element, name }: Property): Generator<Mutation> {
  if (!element.path.endsWith('[x]')) return;
  const at = { kind: 'choice', target, expression: `${expression}.${name}` } as const;
  const other = element.type?.find(({ code }) => name + capitalise(code) !== property && code === 'string');
  if (other) yield { ...at, what: 'two types at once', property: `${name}String`, value: 'x' };
  const has = (code: string): boolean => element.type?.some((one) => one.code === code) === true;
  if (!has('Narrative'))
    yield { ...at, what: 'a type that it has not', property: `${name}Narrative`, value: {}, expression };
}

const unknownCoding = { system: 'http://a.example/nothing', code: 'not-a-code' };

/** Value sets of which HL7 publishes all codes. */
function* ofCode(
  { target, expression }: Place,
  property: string,
  { element, name, type }: Property,
  isWhole: (url: string) => boolean,
): Generator<Mutation> {
  const { strength, valueSet = '' } = element.binding ?? {};
  if (strength !== 'required' || !isWhole(valueSet.split('|')[0] ?? '')) return;
  const bad = { code: 'not-a-code', Coding: unknownCoding, CodeableConcept: { coding: [unknownCoding] } }[type];
  if (bad === undefined) return;
  const value = element.max === '1' ? bad : [bad];
  yield { kind: 'code', what: type, target, property, value, expression: `${expression}.${name}` };
}

function* ofReference(
  { target, expression }: Place,
  property: string,
  { element, name, type }: Property,
): Generator<Mutation> {
  if (type !== 'Reference') return;
  const targets = (element.type ?? []).flatMap(({ targetProfile = [] }) =>
    targetProfile.map((url) => url.split('/').at(-1) ?? ''),
  );
  if (targets.length === 0 || targets.includes('Resource')) return;
  const other = [...resources].find((one) => !targets.includes(one)) ?? '';
  const bad = { reference: `${other}/1` };
  yield {
    kind: 'reference',
    what: other,
    target,
    property,
    value: element.max === '1' ? bad : [bad],
    expression: `${expression}.${name}`,
  };
}

/** Every mutation of an object and of what is in it; contained resources are left alone. */
export function* mutationsOf(place: Place, isWhole: (url: string) => boolean): Generator<Mutation> {
  const { target, type, expression } = place;
  yield* ofStructure(place);
  yield* ofRequired(place);
  for (const [property, value] of Object.entries(target)) {
    const found = propertyOf(type, property);
    if (!found || property === 'resourceType' || found.type === 'Resource') continue;
    yield* ofValue(place, property, found);
    yield* ofChoice(place, property, found);
    yield* ofCode(place, property, found, isWhole);
    yield* ofReference(place, property, found);
    const at = `${expression}.${found.name}`;
    const items = Array.isArray(value)
      ? value.map((item: unknown, index) => [item, `${at}[${index}]`] as const)
      : [[value, at] as const];
    for (const [item, where] of items) {
      if (isObject(item)) yield* mutationsOf({ target: item, type: found.type, expression: where }, isWhole);
    }
  }
}

/** The definition of an element, for reports. */
export const pathOf = ({ expression, property }: Mutation): string =>
  `${expression.replaceAll(/\[\d+\]/g, '')} ${property}`;
