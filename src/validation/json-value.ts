/** What validation meets before it knows of what shape it is. */

export type Json = Readonly<Record<string, unknown>>;

/** Also of lists, whose items have names like members. */
export const isObject = (value: unknown): value is Json => typeof value === 'object' && value !== null;

export const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);
