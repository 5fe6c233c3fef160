/** One element of a resource that is checked, with its type and the way to it. https://hl7.org/fhir/R4/fhirpath.html */
import type { Property, PropertyFinder } from '../../fhirpath/evaluate/children.ts';

/** Nearly all elements are as they should be, so the way to one is put into words only when somebody asks (`expressionOf`). */
export interface Cursor {
  /** Undefined for a primitive that has extensions only. */
  readonly value: unknown;
  /** The `_name` object of a primitive. */
  readonly sibling: unknown;
  /** FHIR type, or the path of a backbone element. */
  readonly type: string;
  /** What has the element under `name`, or the FHIRPath of what the check began with. */
  readonly from: Cursor | string;
  readonly name: string;
  /** Undefined for what does not stand in a list. */
  readonly index: number | undefined;
}

type Json = Readonly<Record<string, unknown>>;

export const isObject = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** `value` of `value[x]`. */
export const bareName = (name: string): string => (name.endsWith('[x]') ? name.slice(0, -3) : name);

/** The cursor that a check begins with; `from` is its FHIRPath. */
export function cursorAt(value: unknown, type: string, from: string): Cursor {
  return { value, sibling: undefined, type, from, name: '', index: undefined };
}

/** FHIRPath of an element of this name. */
export const pathOf = (parent: Cursor, name: string): string => `${expressionOf(parent)}.${name}`;

/** FHIRPath, such as `Patient.name[0].given[1]`. */
export function expressionOf({ from, name, index }: Cursor): string {
  if (typeof from === 'string') return from;
  const path = pathOf(from, name);
  return index === undefined ? path : `${path}[${index}]`;
}

/** A resource within a resource is of its own type. */
const typeOf = (value: unknown, type: string): string =>
  type === 'Resource' && isObject(value) ? String(value['resourceType']) : type;

function addItems(found: Cursor[], values: unknown, siblings: unknown, at: Cursor): void {
  const all: readonly unknown[] = Array.isArray(values) ? values : nothing;
  const others: readonly unknown[] = Array.isArray(siblings) ? siblings : nothing;
  const { type, from, name } = at;
  for (let index = 0; index < Math.max(all.length, others.length); index += 1) {
    const value = all[index] ?? undefined;
    found.push({ value, sibling: others[index] ?? undefined, type: typeOf(value, type), from, name, index });
  }
}

function addProperty(found: Cursor[], holder: Json, property: Property, at: { from: Cursor; name: string }): void {
  const value = holder[property.name];
  const sibling = holder[property.sibling];
  if (value === undefined && sibling === undefined) return;
  const { from, name } = at;
  const { type } = property;
  const child = { value: value ?? undefined, sibling, type: typeOf(value, type), from, name, index: undefined };
  if (Array.isArray(value) || Array.isArray(sibling)) addItems(found, value, sibling, { ...child, type });
  else found.push(child);
}

const nothing: readonly never[] = [];

/** The elements of this name in an element; of a choice whatever its type. */
export function childrenOf(parent: Cursor, name: string, properties: PropertyFinder): readonly Cursor[] {
  const isComplex = isObject(parent.value);
  const holder = isComplex ? parent.value : parent.sibling;
  if (!isObject(holder)) return nothing;
  const found: Cursor[] = [];
  const at = { from: parent, name: bareName(name) };
  for (const property of properties.in(holder, isComplex ? parent.type : 'Element', at.name)) {
    addProperty(found, holder, property, at);
  }
  return found;
}
