/** What FHIRPath computes with: collections of values that know their FHIR type and, being primitive, their extensions. https://hl7.org/fhirpath/N1/#path-selection */

/** A value; `sibling` is the `_name` object of a primitive, so `value` may be absent where only extensions are. */
export interface Node {
  readonly value: unknown;
  /** FHIR type, backbone path, or what System types are called in FHIR (`boolean`, `string`, `integer`, `decimal`). */
  readonly type: string;
  readonly sibling?: unknown;
}

export type Nodes = readonly Node[];

export const nothing: Nodes = [];

export const booleanNode = (value: boolean): Nodes => [{ value, type: 'boolean' }];
export const integerNode = (value: number): Nodes => [{ value, type: 'integer' }];
export const stringNode = (value: string): Nodes => [{ value, type: 'string' }];

/** True, false, or undefined for empty, as a collection. */
export const truthNodes = (truth: boolean | undefined): Nodes => (truth === undefined ? nothing : booleanNode(truth));

export const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Thrown when a collection is not of the kind an operator needs; the whole evaluation is then empty. */
export class Unevaluable extends Error {}

/** The one node of a collection, undefined of an empty one. Several cannot be evaluated. */
export function single(nodes: Nodes): Node | undefined {
  if (nodes.length > 1) throw new Unevaluable();
  return nodes[0];
}

/** A collection where a Boolean is wanted: a single Boolean is itself, any other single value is true. https://hl7.org/fhirpath/N1/#singleton-evaluation-of-collections */
export function truthOf(nodes: Nodes): boolean | undefined {
  const node = single(nodes);
  if (node === undefined) return undefined;
  if (typeof node.value === 'boolean') return node.value;
  return node.type === 'boolean' ? undefined : true;
}

/** The text of a single string-like value; undefined for nothing. */
export function textOf(nodes: Nodes): string | undefined {
  const value = single(nodes)?.value;
  if (value === undefined || value === null) return undefined;
  if (typeof value !== 'string') throw new Unevaluable();
  return value;
}

/** The number of a single value; undefined for nothing. */
export function numberOf(nodes: Nodes): number | undefined {
  const value = single(nodes)?.value;
  if (value === undefined || value === null) return undefined;
  if (typeof value !== 'number') throw new Unevaluable();
  return value;
}
