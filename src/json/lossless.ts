/** JSON as values that lose nothing: numbers keep their writing, members their order and any name. For changing a resource, not for reading one. https://hl7.org/fhir/R4/datatypes.html#decimal */
import { FhirError, tooLarge } from '../fhir/fhir-error.ts';
import { openBrace, openBracket, quote } from './characters.ts';
import { checkJson } from './check-json.ts';
import { decodeString, eachItem, eachMember, skipSpace, skipString, skipValue } from './tokens.ts';

/** A number as it is written. */
export class JsonNumber {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

export type LosslessObject = Map<string, LosslessValue>;
export type LosslessArray = LosslessValue[];
export type LosslessValue = string | boolean | null | JsonNumber | LosslessArray | LosslessObject;

/** Patches may put trees into trees; twice the depth of a text is the most that one of them can make of two texts. */
export const maximumTreeDepth = 128;

class Reader {
  readonly #text: string;

  constructor(text: string) {
    this.#text = text;
  }

  /** The value at `start` goes to `take`; returns its end. */
  read(start: number, take: (value: LosslessValue) => void): number {
    const text = this.#text;
    const code = text.charCodeAt(start);
    if (code === openBrace) return this.#object(start, take);
    if (code === openBracket) return this.#array(start, take);
    const end = code === quote ? skipString(text, start) : skipValue(text, start);
    take(code === quote ? decodeString(text, start, end) : toScalar(text.slice(start, end)));
    return end;
  }

  #object(start: number, take: (value: LosslessValue) => void): number {
    const members: LosslessObject = new Map();
    take(members);
    return eachMember(this.#text, start, (name, at) => this.read(at, (value) => members.set(name, value)));
  }

  #array(start: number, take: (value: LosslessValue) => void): number {
    const items: LosslessArray = [];
    take(items);
    return eachItem(this.#text, start, (_index, at) => this.read(at, (value) => items.push(value)));
  }
}

function toScalar(token: string): LosslessValue {
  if (token === 'true') return true;
  if (token === 'false') return false;
  return token === 'null' ? null : new JsonNumber(token);
}

/** Reads a JSON text of any kind. Throws 400 for what breaks the rules of `readDocument`. */
export function parseLossless(text: string): LosslessValue {
  const issue = checkJson(text);
  if (issue) throw new FhirError(400, [issue]);
  let root: LosslessValue = null;
  new Reader(text).read(skipSpace(text, 0), (value) => {
    root = value;
  });
  return root;
}

function write(value: LosslessValue, depth: number): string {
  if (value instanceof JsonNumber) return value.text;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  if (depth >= maximumTreeDepth) throw tooLarge('The resource would be nested too deeply');
  if (Array.isArray(value)) return `[${value.map((item) => write(item, depth + 1)).join(',')}]`;
  const members = [...value].map(([name, member]) => `${JSON.stringify(name)}:${write(member, depth + 1)}`);
  return `{${members.join(',')}}`;
}

/** The JSON text of a value, without white space; numbers as they were written. Throws 413 for a tree of more than 128 levels. */
export function stringifyLossless(value: LosslessValue): string {
  return write(value, 0);
}
