/** Keys of contained resources in the index tables: worked out of the key of the resource around them and their place in it, so that nothing has to be looked up either way. See docs/adr/0014-contained-resources.md. */
import { containedKeys } from './tables.ts';

const { first, placeBits } = containedKeys;

/** Negative, and in the order of the containers. */
export function containedKey(resourceKey: string, place: number): string {
  return String(first + (BigInt(resourceKey) << placeBits) + BigInt(place));
}

/** The place in `contained`; undefined for the key of a resource that is not contained. */
export function placeOf(key: string): number | undefined {
  return key.startsWith('-') ? Number((BigInt(key) - first) & ((1n << placeBits) - 1n)) : undefined;
}
