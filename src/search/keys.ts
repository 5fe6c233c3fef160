/** Keys that the index tables share: of a resource type, of a search parameter, of what a reference points to, and of what else is kept beside a parameter's own values. See docs/adr/0001-storage-design.md. */
import type { Hash } from '../ports.ts';
import type { Token } from './match.ts';

/**
 * Contained resources are indexed as `#Patient` where others are as `Patient`, so that no search meets them unless it
 * asks for them. Wherever keys are made, either is the name of a type. See docs/adr/0014-contained-resources.md.
 */
export const containedName = (type: string): string => `#${type}`;

export const isContainedName = (name: string | undefined): boolean => name?.startsWith('#') === true;

/** The resource type, contained or not. */
export const typeOfName = (name: string): string => (isContainedName(name) ? name.slice(1) : name);

/** The token that every resource of a type has. */
export const typeKey = (hash: Hash, type: string): string => hash(`type|${type}`);

/** A search parameter of a resource type; type names and codes hold no `|`. */
export const parameterKey = (hash: Hash, type: string, code: string): string => hash(`parameter|${type}|${code}`);

/** What a reference points to: `Type/id` on this server, an absolute URL, or a canonical with or without its version. */
export const targetKey = (hash: Hash, reference: string): string => hash(reference);

/** Under which a resource stands by its own URL and version, so that canonicals lead to it; no type is called so. */
export const ownCanonicalKey = (hash: Hash): string => hash('parameter|own canonical');

/** What a canonical and the resource that it leads to have in common. */
export const canonicalKey = (hash: Hash, canonical: string): string => hash(`canonical\u0000${canonical}`);

/**
 * Other values that are kept for a parameter, each under a key of its own: `text` what is written beside its codes,
 * `identifier` those of its references, `long` dates of more than a day, `wide` numbers that are ranges, `present` that
 * there is a value at all, `canonical` where its canonicals lead, `version` what stands above their versions.
 */
export type Aspect = 'text' | 'identifier' | 'long' | 'wide' | 'present' | 'canonical' | 'version';

export const aspectKey = (hash: Hash, parameterKey: string, aspect: Aspect): string =>
  hash(`${aspect}\u0000${parameterKey}`);

/** A string value exactly as it is written. */
export const exactKey = (hash: Hash, parameterKey: string, value: string): string =>
  hash(`exact\u0000${parameterKey}\u0000${value}`);

/** An identifier of a type. */
export const ofTypeKey = (
  hash: Hash,
  parameterKey: string,
  parts: readonly [system: string, code: string, value: string],
) => hash(`of-type\u0000${parameterKey}\u0000${parts.join('\u0000')}`);

/** Dates of the resources that refer to one patient, so that a record is read in the order of time. */
export const patientDateKey = (hash: Hash, dateKey: string, target: string): string =>
  hash(`patient\u0000${dateKey}\u0000${target}`);

/** Patients whom resources with a token refer to: their target keys stand under it in order, each with those resources. */
export const patientsKey = (hash: Hash, token: string): string => hash(`patients\u0000${token}`);

/** Dates of the resources with a token, so that they are read in the order of time. */
export const tokenDateKey = (hash: Hash, dateKey: string, token: string): string =>
  hash(`dated\u0000${dateKey}\u0000${token}`);

/** The last component of a composite, where the components before it have a certain value. */
export const compositeKey = (hash: Hash, parameterKey: string, form: string): string =>
  hash(`composite\u0000${parameterKey}\u0000${form}`);

/** A word of what `_text` or `_content` looks at. */
export const wordKey = (hash: Hash, parameterKey: string, word: string): string =>
  hash(`word\u0000${parameterKey}\u0000${word}`);

/** A token as one text. Parts are kept apart by a character that no code can hold. */
export function tokenForm({ system, code }: Token): string {
  if (system === undefined) return `code\u0000${code ?? ''}`;
  return code === undefined ? `system\u0000${system}` : `both\u0000${system}\u0000${code}`;
}

/** The key under which a token of a parameter stands in the token index. */
export const tokenKey = (hash: Hash, parameterKey: string, token: Token): string =>
  hash(`token\u0000${parameterKey}\u0000${tokenForm(token)}`);
