/** Token search: `code`, `system|code`, `|code` (no system) and `system|`. https://hl7.org/fhir/R4/search.html#token */
import type { Hash } from '../../ports.ts';
import { malformed } from '../malformed.ts';
import type { Token } from '../match.ts';
import type { IndexContext, IndexSink, QueriedSearchType } from '../search-type.ts';
import { itemsOf, membersOf, type Shape, textOf, withoutExtension } from '../shapes.ts';
import { splitValue, unescapeValue } from '../split-value.ts';

/** The key under which a token of a parameter stands in the token index. Parts are kept apart by a character that no code can hold. */
export function tokenKey(hash: Hash, parameterKey: string, { system, code }: Token): string {
  if (system === undefined) return hash(`token\u0000${parameterKey}\u0000code\u0000${code ?? ''}`);
  if (code === undefined) return hash(`token\u0000${parameterKey}\u0000system\u0000${system}`);
  return hash(`token\u0000${parameterKey}\u0000both\u0000${system}\u0000${code}`);
}

/** A row for each way to ask for it. */
function add({ system, code }: Token, { hash, key }: IndexContext, sink: IndexSink): void {
  if (code !== undefined) {
    sink.token(tokenKey(hash, key, { system: system ?? '', code }));
    sink.token(tokenKey(hash, key, { code }));
  }
  if (system !== undefined) sink.token(tokenKey(hash, key, { system }));
}

function tokenOf(system: unknown, code: unknown): Token {
  const [known, value] = [textOf(system), textOf(code)];
  return { ...(known !== undefined && { system: known }), ...(value !== undefined && { code: value }) };
}

/** Coding, Identifier and ContactPoint are told apart by their members: only a Coding has a code, only a CodeableConcept codings. */
function tokensOf(value: Shape): readonly Token[] {
  if (value['coding'] !== undefined || value['text'] !== undefined) {
    return itemsOf(value['coding']).map((coding) => tokenOf(membersOf(coding)['system'], membersOf(coding)['code']));
  }
  return [tokenOf(value['system'], value['code'] ?? value['value'])];
}

function parseToken(text: string, name: string): Token {
  const parts = splitValue(text, '|').map(unescapeValue);
  const [first = '', second] = parts;
  if (parts.length > 2) throw malformed(name, 'a code or a system and a code with one | between them');
  if (second === undefined) return { code: first };
  if (first === '' && second === '') throw malformed(name, 'more than a |');
  return second === '' ? { system: first } : { system: first, code: second };
}

/**
 * A `code` and other primitives have no system of their own here: they are found as `code` and as `|code`. The system that
 * R4 implies for a `code` by its binding is not known to the index, so `system|code` does not find them.
 */
export const token: QueriedSearchType = {
  index(found, context, sink) {
    const value = withoutExtension(found, context.elementType);
    if (typeof value === 'string' || typeof value === 'boolean') add(tokenOf(undefined, String(value)), context, sink);
    else for (const one of tokensOf(membersOf(value))) add(one, context, sink);
  },

  parse(alternatives, { parameter, name }) {
    if (parameter.code === '_id') return { kind: 'id', ids: alternatives.map(unescapeValue) };
    return { kind: 'token', tokens: alternatives.map((text) => parseToken(text, name)) };
  },
};
