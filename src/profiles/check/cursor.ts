/** One element of a resource that is checked, with its type and the way to it. https://hl7.org/fhir/R4/fhirpath.html */
import type { PropertyFinder } from '../../fhirpath/evaluate/children.ts';

export interface Cursor {
  /** Undefined for a primitive that has extensions only. */
  readonly value: unknown;
  /** The `_name` object of a primitive. */
  readonly sibling?: unknown;
  /** FHIR type, or the path of a backbone element. */
  readonly type: string;
  /** FHIRPath, such as `Patient.name[0].given[1]`. */
  readonly expression: string;
}

type Json = Readonly<Record<string, unknown>>;

export const isObject = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** `value` of `value[x]`. */
export const bareName = (name: string): string => (name.endsWith('[x]') ? name.slice(0, -3) : name);

function cursor(value: unknown, sibling: unknown, type: string, expression: string): Cursor {
  const own = type === 'Resource' && isObject(value) ? String(value['resourceType']) : type;
  const found = { value: value ?? undefined, type: own, expression };
  return sibling === undefined || sibling === null ? found : { ...found, sibling };
}

function add(found: Cursor[], value: unknown, sibling: unknown, at: { type: string; expression: string }): void {
  if (value === undefined && sibling === undefined) return;
  const { type, expression } = at;
  if (!Array.isArray(value) && !Array.isArray(sibling)) {
    found.push(cursor(value, sibling, type, expression));
    return;
  }
  const values: readonly unknown[] = Array.isArray(value) ? value : [];
  const siblings: readonly unknown[] = Array.isArray(sibling) ? sibling : [];
  for (let index = 0; index < Math.max(values.length, siblings.length); index += 1) {
    found.push(cursor(values[index], siblings[index], type, `${expression}[${index}]`));
  }
}

/** The elements of this name in an element; of a choice whatever its type. */
export function childrenOf(parent: Cursor, name: string, properties: PropertyFinder): readonly Cursor[] {
  const element = bareName(name);
  const holder = isObject(parent.value) ? parent.value : parent.sibling;
  if (!isObject(holder)) return [];
  const type = isObject(parent.value) ? parent.type : 'Element';
  const found: Cursor[] = [];
  const expression = `${parent.expression}.${element}`;
  for (const property of properties.in(holder, type, element)) {
    add(found, holder[property.name], holder[property.sibling], { type: property.type, expression });
  }
  return found;
}
