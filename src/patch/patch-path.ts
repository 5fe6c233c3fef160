/** The FHIRPath of a patch operation, restricted to what leads to elements of the resource itself. https://hl7.org/fhir/R4/fhirpatch.html */
import { malformed } from './patch-fault.ts';

/** Text as in `'official'`, a number as in `3`, true or false, or a date as in `@2020-01-01` (its text without the sign). */
export type Literal = { readonly kind: 'text' | 'number' | 'boolean'; readonly text: string };

/** One condition of `where()`: an element that is equal to a literal or, without one, exists. */
export interface Criterion {
  readonly elements: readonly string[];
  readonly literal: Literal | undefined;
}

export type PathStep =
  | { readonly kind: 'element'; readonly name: string }
  | { readonly kind: 'index'; readonly index: number }
  | { readonly kind: 'where'; readonly criteria: readonly Criterion[] }
  | { readonly kind: 'first' }
  | { readonly kind: 'last' }
  | { readonly kind: 'ofType'; readonly type: string };

const maximumLength = 2000;
const supported =
  "the path may have elements, [n], first(), last(), ofType(Type), extension('url') and where(element = 'literal' and …), and nothing else";

interface Token {
  readonly kind: 'name' | 'text' | 'date' | 'number' | 'sign';
  readonly text: string;
}

const tokenPattern =
  /\s*(?:([A-Za-z_][A-Za-z0-9_]*)|`([A-Za-z0-9_]+)`|'((?:[^'\\]|\\.)*)'|@([0-9TZ:.+-]+)|(-?\d+(?:\.\d+)?)|([.()[\]=]))/y;
const escapes: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t', f: '\f' };

function unescape(text: string): string {
  return text.replaceAll(/\\(?:u([0-9A-Fa-f]{4})|(.))/g, (_whole, hex: string | undefined, character: string = '') =>
    hex === undefined ? (escapes[character] ?? character) : String.fromCharCode(Number.parseInt(hex, 16)),
  );
}

function toToken([, name, quotedName, text, date, number, sign]: RegExpExecArray): Token {
  if (name !== undefined || quotedName !== undefined) return { kind: 'name', text: name ?? quotedName ?? '' };
  if (text !== undefined) return { kind: 'text', text: unescape(text) };
  if (date !== undefined) return { kind: 'date', text: date };
  return number === undefined ? { kind: 'sign', text: sign ?? '' } : { kind: 'number', text: number };
}

function readTokens(path: string): readonly Token[] {
  const tokens: Token[] = [];
  const pattern = new RegExp(tokenPattern);
  const trimmed = path.trimEnd();
  while (pattern.lastIndex < trimmed.length) {
    const match = pattern.exec(trimmed);
    if (!match) throw malformed(supported);
    tokens.push(toToken(match));
  }
  return tokens;
}

class PathParser {
  readonly #tokens: readonly Token[];
  #at = 0;

  constructor(tokens: readonly Token[]) {
    this.#tokens = tokens;
  }

  path(): readonly PathStep[] {
    const steps: PathStep[] = [{ kind: 'element', name: this.#name() }];
    while (this.#at < this.#tokens.length) {
      if (this.#accept('[')) steps.push(this.#index());
      else {
        this.#expect('.');
        steps.push(...this.#step());
      }
    }
    return steps;
  }

  #step(): readonly PathStep[] {
    const name = this.#name();
    if (!this.#accept('(')) return [{ kind: 'element', name }];
    const steps = this.#call(name);
    this.#expect(')');
    return steps;
  }

  #call(name: string): readonly PathStep[] {
    if (name === 'first' || name === 'last') return [{ kind: name }];
    if (name === 'where') return [{ kind: 'where', criteria: this.#criteria() }];
    if (name === 'ofType') return [{ kind: 'ofType', type: this.#type() }];
    if (name !== 'extension') throw malformed(supported);
    const literal = this.#literal();
    return [
      { kind: 'element', name },
      { kind: 'where', criteria: [{ elements: ['url'], literal }] },
    ];
  }

  #index(): PathStep {
    const { kind, text } = this.#next();
    if (kind !== 'number' || !/^\d{1,9}$/.test(text)) throw malformed(supported);
    this.#expect(']');
    return { kind: 'index', index: Number(text) };
  }

  /** `Quantity` or `FHIR.Quantity`. */
  #type(): string {
    const name = this.#name();
    return this.#accept('.') ? this.#name() : name;
  }

  #criteria(): readonly Criterion[] {
    const criteria = [this.#criterion()];
    while (this.#peek()?.kind === 'name' && this.#peek()?.text === 'and') {
      this.#at += 1;
      criteria.push(this.#criterion());
    }
    return criteria;
  }

  #criterion(): Criterion {
    const elements = [this.#name()];
    while (this.#accept('.')) {
      const name = this.#name();
      if (name !== 'exists' || !this.#accept('(')) {
        elements.push(name);
        continue;
      }
      this.#expect(')');
      return { elements, literal: undefined };
    }
    this.#expect('=');
    return { elements, literal: this.#literal() };
  }

  #literal(): Literal {
    const { kind, text } = this.#next();
    if (kind === 'text' || kind === 'date') return { kind: 'text', text };
    if (kind === 'number') return { kind, text };
    if (kind === 'name' && (text === 'true' || text === 'false')) return { kind: 'boolean', text };
    throw malformed(supported);
  }

  #name(): string {
    const { kind, text } = this.#next();
    if (kind !== 'name') throw malformed(supported);
    return text;
  }

  #next(): Token {
    const token = this.#peek();
    if (!token) throw malformed(supported);
    this.#at += 1;
    return token;
  }

  #peek(): Token | undefined {
    return this.#tokens[this.#at];
  }

  #accept(sign: string): boolean {
    const token = this.#peek();
    const isIt = token?.kind === 'sign' && token.text === sign;
    if (isIt) this.#at += 1;
    return isIt;
  }

  #expect(sign: string): void {
    if (!this.#accept(sign)) throw malformed(supported);
  }
}

/** Reads a path; the first step is the name of the resource type or of an element. Anything that is not supported is malformed, and the message says what is. */
export function parsePatchPath(path: string): readonly PathStep[] {
  if (path.length > maximumLength) throw malformed(`the path is longer than ${maximumLength} characters`);
  return new PathParser(readTokens(path)).path();
}
