/** FHIRPath text to tokens. https://hl7.org/fhirpath/N1/grammar.html */
import { type FhirError, invalid } from '../fhir/fhir-error.ts';

export type TokenKind =
  | 'identifier'
  | 'delimited'
  | 'string'
  | 'number'
  | 'date'
  | 'dateTime'
  | 'time'
  | 'variable'
  | 'symbol'
  | 'end';

/** `text` is decoded: strings without quotes and escapes, dates without `@`, variables without `$`. */
export interface Token {
  readonly kind: TokenKind;
  readonly text: string;
  readonly position: number;
}

/** R4 publishes none above 325 tokens; bounds the work and the depth of the tree. */
const maximumTokens = 2000;

/** The expression may come from a client and hold values of a patient, so the message names the place and not the text. */
export function syntaxError(expected: string, position: number): FhirError {
  return invalid(`Not a FHIRPath expression: expected ${expected} at position ${position}`);
}

const escapes: Readonly<Record<string, string>> = { f: '\f', n: '\n', r: '\r', t: '\t' };
const unicodeEscape = /u([0-9A-Fa-f]{4})/y;

/** Reads what stands between two `quote`s, the first at `start`. A backslash before any other character than an escape's is ignored. */
function lexQuoted(source: string, start: number): { text: string; end: number } {
  const quote = source[start];
  let text = '';
  for (let at = start + 1; at < source.length; at++) {
    const character = source[at] ?? '';
    if (character === quote) return { text, end: at + 1 };
    if (character !== '\\') {
      text += character;
      continue;
    }
    at++;
    unicodeEscape.lastIndex = at;
    const code = unicodeEscape.exec(source)?.[1];
    const escaped = source[at] ?? '';
    text += code ? String.fromCharCode(Number.parseInt(code, 16)) : (escapes[escaped] ?? escaped);
    if (code) at += code.length;
  }
  throw syntaxError(`a closing ${quote}`, source.length);
}

interface Pattern {
  readonly kind: TokenKind;
  /** Sticky; group 1 is the text of the token. */
  readonly pattern: RegExp;
}

const clock = String.raw`\d{2}(?::\d{2}(?::\d{2}(?:\.\d+)?)?)?`;
const day = String.raw`\d{4}(?:-\d{2}(?:-\d{2})?)?`;

/** In order: what begins alike, longest first. */
const patterns: readonly Pattern[] = [
  { kind: 'identifier', pattern: /([A-Za-z_][A-Za-z0-9_]*)/y },
  { kind: 'number', pattern: /(\d+(?:\.\d+)?)/y },
  { kind: 'symbol', pattern: /(<=|>=|!=|!~|[.[\](){},+\-*/&|=~<>%])/y },
  { kind: 'variable', pattern: /\$(this|index|total)\b/y },
  { kind: 'time', pattern: new RegExp(`@(T${clock})`, 'y') },
  { kind: 'dateTime', pattern: new RegExp(`@(${day}T(?:${clock}(?:Z|[+-]\\d{2}:\\d{2})?)?)`, 'y') },
  { kind: 'date', pattern: new RegExp(`@(${day})`, 'y') },
];

const quotes: Readonly<Record<string, TokenKind>> = { "'": 'string', '`': 'delimited', '"': 'delimited' };
const blank = /\s+|\/\/[^\n\r]*/y;

/** The first position at or after `at` that is neither whitespace nor comment. */
function skipBlank(source: string, at: number): number {
  let position = at;
  for (;;) {
    if (source.startsWith('/*', position)) {
      const end = source.indexOf('*/', position + 2);
      if (end < 0) throw syntaxError('the end of a comment', source.length);
      position = end + 2;
      continue;
    }
    blank.lastIndex = position;
    const found = blank.exec(source);
    if (!found) return position;
    position += found[0].length;
  }
}

function lexToken(source: string, position: number): { token: Token; end: number } {
  const quoted = quotes[source[position] ?? ''];
  if (quoted) {
    const { text, end } = lexQuoted(source, position);
    return { token: { kind: quoted, text, position }, end };
  }
  for (const { kind, pattern } of patterns) {
    pattern.lastIndex = position;
    const match = pattern.exec(source);
    if (match) return { token: { kind, text: match[1] ?? '', position }, end: position + match[0].length };
  }
  throw syntaxError('a FHIRPath token', position);
}

/** The tokens of an expression, the last of kind `end`. `"name"` of older FHIRPath is read as `` `name` ``. Throws FhirError 400. */
export function lex(source: string): readonly Token[] {
  const tokens: Token[] = [];
  for (let position = skipBlank(source, 0); position < source.length;) {
    if (tokens.length >= maximumTokens)
      throw syntaxError(`the end of the expression (${maximumTokens} tokens)`, position);
    const { token, end } = lexToken(source, position);
    tokens.push(token);
    position = skipBlank(source, end);
  }
  return [...tokens, { kind: 'end', text: '', position: source.length }];
}
