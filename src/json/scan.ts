/** One strict pass over a JSON text: RFC 8259 with the hygiene of I-JSON, told apart before anything else sees the text. https://www.rfc-editor.org/rfc/rfc7493 */
import { Buffer } from 'node:buffer';
import {
  backslash,
  closeBrace,
  closeBracket,
  colon,
  comma,
  isSpace,
  minus,
  nine,
  openBrace,
  openBracket,
  quote,
  zero,
} from './characters.ts';
import { JsonFault } from './json-fault.ts';
import { KeyLedger } from './key-ledger.ts';
import { scanNumber } from './scan-number.ts';
import { scanString } from './scan-string.ts';

export interface ScanLimits {
  /** Levels of objects and arrays; the root is the first. */
  readonly maximumDepth: number;
}

/** R4 resources seldom have more than 20 levels; whatever recurses over a checked text may rely on this bound. */
export const defaultLimits: ScanLimits = { maximumDepth: 64 };

/** Somebody who wants to know where things stand in an object (steps are names) or an array (steps are indexes). */
export interface Watch {
  /** The watch for what is inside of this value, if anybody cares. Called before it is scanned. */
  inside(step: string | number): Watch | undefined;
  /** The value of this step stands at `[start, end)`. */
  found(step: string | number, start: number, end: number): void;
}

/** The UTF-16 units of a text and a zero, which is no character of JSON, so that no loop has to look for the end. Reading a typed array is twice as fast as asking a string for its characters. */
function toUnits(text: string): Uint16Array {
  const bytes = Buffer.allocUnsafe((text.length + 1) * 2);
  bytes.write(text, 'utf16le');
  const units = new Uint16Array(bytes.buffer, bytes.byteOffset, text.length + 1);
  units[text.length] = 0;
  return units;
}

class Scan {
  readonly #text: string;
  readonly #units: Uint16Array;
  readonly #maximumDepth: number;
  readonly #keys: KeyLedger;

  constructor(text: string, { maximumDepth }: ScanLimits) {
    this.#text = text;
    this.#units = toUnits(text);
    this.#maximumDepth = maximumDepth;
    this.#keys = new KeyLedger(text, this.#units);
  }

  /** The offset of the next token. */
  space(start: number): number {
    const units = this.#units;
    let at = start;
    while (isSpace(units[at] as number)) at += 1;
    return at;
  }

  /** The end of the value that starts at `start`. */
  value(start: number, depth: number, watch: Watch | undefined): number {
    if (start >= this.#text.length) throw new JsonFault(start, 'ends where a value should be');
    const code = this.#units[start] as number;
    if (code === quote) return scanString(this.#units, start);
    if (code === openBrace) return this.#object(start, depth + 1, watch);
    if (code === openBracket) return this.#array(start, depth + 1, watch);
    if (code === minus || (code >= zero && code <= nine)) return scanNumber(this.#units, start);
    return this.#literal(start);
  }

  #object(start: number, depth: number, watch: Watch | undefined): number {
    if (depth > this.#maximumDepth) throw this.#tooDeep(start);
    const units = this.#units;
    let at = this.space(start + 1);
    if (units[at] === closeBrace) return at + 1;
    const base = this.#keys.top;
    for (;;) {
      at = this.#member(at, base, depth, watch);
      const code = units[at];
      if (code === closeBrace) break;
      if (code !== comma) throw new JsonFault(at, 'needs a comma or a closing brace here');
      at = this.space(at + 1);
    }
    this.#keys.release(base);
    return at + 1;
  }

  /** Key, colon and value; returns the offset of the token after them. */
  #member(start: number, base: number, depth: number, watch: Watch | undefined): number {
    const end = this.#key(start, base);
    let at = this.space(end);
    if (this.#units[at] !== colon) throw new JsonFault(at, 'needs a colon after a key here');
    at = this.space(at + 1);
    if (!watch) return this.space(this.value(at, depth, undefined));
    const name = this.#text.slice(start + 1, end - 1);
    return this.#watched(at, depth, watch, name.includes('\\') ? (JSON.parse(`"${name}"`) as string) : name);
  }

  #key(start: number, base: number): number {
    const units = this.#units;
    if (units[start] !== quote) throw new JsonFault(start, 'needs a key in double quotes here');
    let at = start + 1;
    let code = units[at] as number;
    while (code !== quote && code !== backslash && code >= 0x20 && code < 0x7f) {
      at += 1;
      code = units[at] as number;
    }
    const isPlain = code === quote;
    const end = isPlain ? at + 1 : scanString(units, start);
    const isNew = isPlain
      ? this.#keys.add(base, start + 1, at)
      : this.#keys.addDecoded(base, JSON.parse(this.#text.slice(start, end)) as string);
    if (!isNew) throw new JsonFault(start, 'has the same key twice in one object');
    return end;
  }

  #watched(start: number, depth: number, watch: Watch, step: string | number): number {
    const end = this.value(start, depth, watch.inside(step));
    watch.found(step, start, end);
    return this.space(end);
  }

  #array(start: number, depth: number, watch: Watch | undefined): number {
    if (depth > this.#maximumDepth) throw this.#tooDeep(start);
    const units = this.#units;
    let at = this.space(start + 1);
    if (units[at] === closeBracket) return at + 1;
    for (let index = 0; ; index += 1) {
      at = watch ? this.#watched(at, depth, watch, index) : this.space(this.value(at, depth, undefined));
      const code = units[at];
      if (code === closeBracket) return at + 1;
      if (code !== comma) throw new JsonFault(at, 'needs a comma or a closing bracket here');
      at = this.space(at + 1);
    }
  }

  #literal(start: number): number {
    for (const literal of ['true', 'false', 'null']) {
      if (this.#text.startsWith(literal, start)) return start + literal.length;
    }
    throw new JsonFault(start, 'needs a value here');
  }

  #tooDeep(offset: number): JsonFault {
    return new JsonFault(offset, `is nested more than ${this.#maximumDepth} levels deep`);
  }
}

/** Checks a whole text and reports the spans of the root (as step 0 of `watch`) and of what is watched in it. Throws a JsonFault at the first offence. */
export function scan(text: string, limits: ScanLimits, watch?: Watch): void {
  const pass = new Scan(text, limits);
  const start = pass.space(0);
  const end = pass.value(start, 0, watch?.inside(0));
  watch?.found(0, start, end);
  const rest = pass.space(end);
  if (rest < text.length) throw new JsonFault(rest, 'goes on after its end');
}
