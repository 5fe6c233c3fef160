/** One way to break a valid resource. */

export type Json = Record<string, unknown>;

export const kinds = [
  'type',
  'required',
  'cardinality',
  'unknown',
  'choice',
  'format',
  'empty',
  'sibling',
  'code',
  'reference',
  'extension',
  'contained',
  'narrative',
] as const;
export type Kind = (typeof kinds)[number];

export interface Change {
  readonly target: Json;
  readonly property: string;
  /** undefined removes. */
  readonly value: unknown;
}

export interface Mutation {
  readonly kind: Kind;
  /** The same fault of the same element has the same words. */
  readonly what: string;
  /** FHIRPath where the fault is to be told, or below it. */
  readonly expression: string;
  readonly changes: readonly Change[];
}

/** An object in a resource. */
export interface Place {
  readonly target: Json;
  readonly type: string;
  readonly expression: string;
}

export const isObject = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function put({ target, property, value }: Change): void {
  if (value === undefined) Reflect.deleteProperty(target, property);
  else target[property] = value;
}

/** Calls `look` while the changes are in place, and puts everything back. */
export function whileChanged<Result>(changes: readonly Change[], look: () => Result): Result {
  const before = changes.map(({ target, property }) => ({ target, property, value: target[property] }));
  changes.forEach(put);
  try {
    return look();
  } finally {
    before.toReversed().forEach(put);
  }
}

/** Whether an issue at `found` tells of a fault at `wanted`: there, or at a part of it. */
export const isAt = (found: string, wanted: string): boolean =>
  found.startsWith(wanted) && ['', '.', '['].includes(found.charAt(wanted.length));
