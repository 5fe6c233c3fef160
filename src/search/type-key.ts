/** Keys that the index tables share: of a resource type, of a search parameter, of what a reference points to. See docs/adr/0001-storage-design.md. */
import type { Hash } from '../ports.ts';

/** The token that every resource of a type has. */
export const typeKey = (hash: Hash, type: string): string => hash(`type|${type}`);

/** A search parameter of a resource type; type names and codes hold no `|`. */
export const parameterKey = (hash: Hash, type: string, code: string): string => hash(`parameter|${type}|${code}`);

/** What a reference points to: `Type/id` on this server, an absolute URL, or a canonical with or without its version. */
export const targetKey = (hash: Hash, reference: string): string => hash(reference);
