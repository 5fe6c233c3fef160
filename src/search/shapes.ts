/** Values of unknown shape, read with care: indexing never throws. */

export type Shape = Readonly<Record<string, unknown>>;

const isShape = (value: unknown): value is Shape => typeof value === 'object' && value !== null;

/** The members of an object, none of anything else. */
export const membersOf = (value: unknown): Shape => (isShape(value) ? value : {});

/** The items of a list; of anything else but undefined, itself. */
export function itemsOf(value: unknown): readonly unknown[] {
  if (Array.isArray(value)) return value;
  return value === undefined ? [] : [value];
}

export const textOf = (value: unknown): string | undefined =>
  typeof value === 'string' && value !== '' ? value : undefined;

export const numberOf = (value: unknown): number | undefined =>
  typeof value === 'number' && Number.isFinite(value) ? value : undefined;

/** A value, or what an Extension holds: some parameters of R4 lead to the Extension itself. */
export function withoutExtension(value: unknown, elementType: string): unknown {
  if (elementType !== 'Extension') return value;
  const property = Object.keys(membersOf(value)).find((name) => /^value[A-Z]/.test(name));
  return property === undefined ? undefined : membersOf(value)[property];
}
