/** A memory of bounded size for what takes long to work out from a text. */

/** `compute` with a memory of its latest answers: two generations of `size`, of which the older is dropped. */
export function remembering<Value>(compute: (key: string) => Value, size: number): (key: string) => Value {
  let young = new Map<string, { readonly value: Value }>();
  let old = new Map<string, { readonly value: Value }>();
  return (key) => {
    const known = young.get(key);
    if (known) return known.value;
    const found = old.get(key) ?? { value: compute(key) };
    if (young.size >= size) {
      old = young;
      young = new Map();
    }
    young.set(key, found);
    return found.value;
  };
}
