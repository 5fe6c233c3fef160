/** Finds keys that an object has twice, which parsers would silently resolve, each in its own way. https://www.rfc-editor.org/rfc/rfc7493#section-2.3 */

/** Up to this many keys a linear search is cheaper than a Set. */
const smallObject = 16;
/** Start, end and fingerprint of a key. */
const width = 3;

/** The keys of all objects that are open during a scan, as one stack of spans: an object's keys begin at its `base`, the `top` of when it was opened. */
export class KeyLedger {
  readonly #text: string;
  readonly #units: Uint16Array;
  readonly #stack: number[] = [];
  /** Decoded keys of the objects that are large or have an escaped key, by base. */
  readonly #sets = new Map<number, Set<string>>();
  #top = 0;

  constructor(text: string, units: Uint16Array) {
    this.#text = text;
    this.#units = units;
  }

  get top(): number {
    return this.#top;
  }

  /** Notes the key between `start` and `end` (without its quotes); false when the object at `base` has it already. */
  add(base: number, start: number, end: number): boolean {
    const set = this.#sets.size > 0 ? this.#sets.get(base) : undefined;
    if (set) return this.#addTo(set, this.#text.slice(start, end));
    const fingerprint = this.#fingerprint(start, end);
    const stack = this.#stack;
    for (let at = base; at < this.#top; at += width) {
      if (stack[at + 2] === fingerprint && this.#isSame(at, start, end)) return false;
    }
    if (this.#top - base >= smallObject * width) return this.#addTo(this.#grow(base), this.#text.slice(start, end));
    stack[this.#top] = start;
    stack[this.#top + 1] = end;
    stack[this.#top + 2] = fingerprint;
    this.#top += width;
    return true;
  }

  /** The same for a key that is written with escapes: `key` is what it stands for. */
  addDecoded(base: number, key: string): boolean {
    return this.#addTo(this.#sets.get(base) ?? this.#grow(base), key);
  }

  /** Forgets the keys of the object at `base`, which ends. */
  release(base: number): void {
    this.#top = base;
    if (this.#sets.size > 0) this.#sets.delete(base);
  }

  #addTo(set: Set<string>, key: string): boolean {
    const size = set.size;
    return set.add(key).size > size;
  }

  #grow(base: number): Set<string> {
    const set = new Set<string>();
    for (let at = base; at < this.#top; at += width) {
      set.add(this.#text.slice(this.#stack[at], this.#stack[at + 1]));
    }
    // a place of its own, so that an object inside cannot have the same base
    if (this.#top === base) this.#top += width;
    this.#sets.set(base, set);
    return set;
  }

  /** Equal keys have equal fingerprints; different ones seldom. */
  #fingerprint(start: number, end: number): number {
    const units = this.#units;
    if (end === start) return 0;
    const [first, middle, last] = [
      units[start] as number,
      units[(start + end) >> 1] as number,
      units[end - 1] as number,
    ];
    return ((end - start) << 20) ^ (first << 14) ^ (middle << 7) ^ last;
  }

  #isSame(at: number, start: number, end: number): boolean {
    return this.#text.slice(this.#stack[at], this.#stack[at + 1]) === this.#text.slice(start, end);
  }
}
