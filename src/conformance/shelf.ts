/** What was loaded, and what is known not to be there, in bounded memory. */
import type { ConformanceResources, ConformanceType } from '../fhir/conformance.ts';
import type { CanonicalIdentity, StoredCanonical } from '../ports.ts';

export interface ShelfLimits {
  /** UTF-16 units of text. */
  readonly sizeLimit: number;
  readonly absentLimit: number;
}

export interface Shelf {
  /** Every stored resource of this URL, none when it is known not to be stored, undefined when nothing is known. */
  get<Type extends ConformanceType>(type: Type, url: string): readonly ConformanceResources[Type][] | undefined;
  /** Puts what was found of what was wanted; makes room by dropping what was not used for longest, but nothing of now. */
  put(wanted: readonly CanonicalIdentity[], found: readonly StoredCanonical[]): void;
  clear(): void;
}

/** All resources of one canonical URL. */
interface Entry {
  readonly resources: object[];
  size: number;
  /** The tick of the last use. */
  used: number;
}

const keyOf = ({ type, url }: CanonicalIdentity): string => `${type} ${url}`;

export function createShelf({ sizeLimit, absentLimit }: ShelfLimits): Shelf {
  const entries = new Map<string, Entry>();
  const absent = new Set<string>();
  let size = 0;
  let tick = 0;

  function add({ type, url, resource, size: added }: StoredCanonical): void {
    const key = keyOf({ type, url });
    const entry = entries.get(key) ?? { resources: [], size: 0, used: tick };
    entry.resources.push(resource);
    entry.size += added;
    size += added;
    entries.set(key, entry);
  }

  function makeRoom(): void {
    if (size <= sizeLimit) return;
    const old = [...entries].filter(([, { used }]) => used < tick).toSorted(([, a], [, b]) => a.used - b.used);
    for (const [key, entry] of old) {
      if (size <= sizeLimit) return;
      entries.delete(key);
      size -= entry.size;
    }
  }

  return {
    get<Type extends ConformanceType>(type: Type, url: string) {
      const key = keyOf({ type, url });
      const entry = entries.get(key);
      if (!entry) return absent.has(key) ? [] : undefined;
      tick += 1;
      entry.used = tick;
      return entry.resources as ConformanceResources[Type][];
    },
    put(wanted, found) {
      tick += 1;
      for (const identity of wanted) {
        const known = entries.get(keyOf(identity));
        entries.delete(keyOf(identity));
        size -= known?.size ?? 0;
      }
      for (const one of found) add(one);
      if (absent.size + wanted.length > absentLimit) absent.clear();
      for (const identity of wanted) if (!entries.has(keyOf(identity))) absent.add(keyOf(identity));
      makeRoom();
    },
    clear() {
      entries.clear();
      absent.clear();
      size = 0;
    },
  };
}
