/** What references mean without leaving the resource or Bundle they stand in. https://hl7.org/fhir/R4/bundle.html#references */
import { isObject, type Json, listOf } from './json-value.ts';

/** `Patient/1` of `http://a.example/fhir/Patient/1`. */
const relative = /[A-Z][A-Za-z]{1,63}\/[A-Za-z0-9\-.]{1,64}$/;

/** Looking through a Bundle of thousands once is enough for all of its entries. */
const knownEntries = new WeakMap<Json, ReadonlyMap<string, Json>>();

/** The resources of a Bundle by their fullUrl, and by `Type/id` as long as that is one only. */
function entriesOf(bundle: Json): ReadonlyMap<string, Json> {
  const known = knownEntries.get(bundle);
  if (known) return known;
  const found = new Map<string, Json>();
  knownEntries.set(bundle, found);
  for (const entry of listOf(bundle['entry'])) {
    if (!isObject(entry) || !isObject(entry['resource'])) continue;
    const { fullUrl, resource } = entry;
    const { resourceType, id } = resource;
    if (typeof fullUrl === 'string') found.set(fullUrl, resource);
    if (typeof id === 'string') found.set(`${String(resourceType)}/${id}`, resource);
  }
  return found;
}

/** Contained resources by their id; the root itself has the id ``. */
function containedOf(root: Json): ReadonlyMap<unknown, Json> {
  const found = new Map<unknown, Json>([['', root]]);
  for (const one of listOf(root['contained'])) if (isObject(one)) found.set(one['id'], one);
  return found;
}

/** A function that finds what references mean: `#id` and `#` in `root`, others among the entries of `bundle`, which are looked through when first asked for. */
export function createResolveWithin(root: Json, bundle: Json | undefined): (reference: string) => object | undefined {
  let contained: ReadonlyMap<unknown, Json> | undefined;
  return (reference) => {
    if (reference.startsWith('#')) {
      contained ??= containedOf(root);
      return contained.get(reference.slice(1));
    }
    if (!bundle) return undefined;
    const entries = entriesOf(bundle);
    return entries.get(reference) ?? entries.get(relative.exec(reference)?.[0] ?? '');
  };
}
