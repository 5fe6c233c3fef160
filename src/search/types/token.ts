/** Token search: `code`, `system|code`, `|code` (no system) and `system|`. https://hl7.org/fhir/R4/search.html#token */
import { companionCodes } from '../companions.ts';
import { fold } from '../fold.ts';
import { aspectKey, ofTypeKey, tokenKey } from '../keys.ts';
import { malformed } from '../malformed.ts';
import type { Token, TypedIdentifier } from '../match.ts';
import type { IndexContext, IndexSink, QueriedSearchType } from '../search-type.ts';
import { itemsOf, membersOf, type Shape, textOf, withoutExtension } from '../shapes.ts';
import { splitValue, unescapeValue } from '../split-value.ts';
import { parseContains } from './string.ts';

/** A row for each way to ask for it. */
export function addToken({ system, code }: Token, { hash, key }: Pick<IndexContext, 'hash' | 'key'>, sink: IndexSink) {
  if (code !== undefined) {
    sink.token(tokenKey(hash, key, { system: system ?? '', code }));
    sink.token(tokenKey(hash, key, { code }));
  }
  if (system !== undefined) sink.token(tokenKey(hash, key, { system }));
}

/** The forms that name a code, which the resource is kept under together with its patient and its date. */
function addCodes({ system = '', code }: Token, { hash, key }: IndexContext, sink: IndexSink): void {
  if (code === undefined) return;
  sink.code(tokenKey(hash, key, { system, code }));
  sink.code(tokenKey(hash, key, { code }));
}

export function tokenOf(system: unknown, code: unknown): Token {
  const [known, value] = [textOf(system), textOf(code)];
  return { ...(known !== undefined && { system: known }), ...(value !== undefined && { code: value }) };
}

const isPrimitive = (value: unknown): value is string | boolean =>
  typeof value === 'string' || typeof value === 'boolean';

/** Coding, Identifier and ContactPoint are told apart by their members: only a Coding has a code, only a CodeableConcept codings. */
export function tokensOf(
  found: unknown,
  { elementType, impliedSystem }: Pick<IndexContext, 'elementType' | 'impliedSystem'>,
) {
  const value = withoutExtension(found, elementType);
  if (isPrimitive(value)) return [tokenOf(impliedSystem, String(value))];
  const shape = membersOf(value);
  if (shape['coding'] !== undefined || shape['text'] !== undefined) {
    return itemsOf(shape['coding']).map((coding) => tokenOf(membersOf(coding)['system'], membersOf(coding)['code']));
  }
  return [tokenOf(shape['system'], shape['code'] ?? shape['value'])];
}

/** R4 compares tokens with their case, but not where elements are of type string, such as `version`. */
export const isCaseless = (types: readonly string[] | undefined): boolean =>
  types !== undefined && types.length > 0 && types.every((type) => type === 'string');

const withoutCase = ({ code, ...token }: Token): Token =>
  code === undefined ? token : { ...token, code: code.toLowerCase() };

/** What is written beside the codes; of an Identifier its type. */
function textsOf(shape: Shape): readonly unknown[] {
  const type = membersOf(shape['type']);
  return [shape['text'], shape['display'], type['text']].concat(
    itemsOf(shape['coding']).map((coding) => membersOf(coding)['display']),
  );
}

/** Texts to look in, and to sort by. Where a code has none it stands for itself. */
function addTexts(found: unknown, tokens: readonly Token[], context: IndexContext, sink: IndexSink): void {
  const { hash, key, elementType } = context;
  const textKey = aspectKey(hash, key, 'text');
  const shape = membersOf(withoutExtension(found, elementType));
  const written = textsOf(shape).filter((text) => typeof text === 'string');
  const isCoded = elementType !== 'Identifier' && elementType !== 'ContactPoint';
  const texts = written.length === 0 && isCoded ? tokens.map(({ code = '' }) => code) : written;
  for (const text of texts) {
    const folded = fold(text);
    if (folded !== '') sink.string(textKey, folded);
  }
}

/** Identifiers by their type. */
function addTypes(found: unknown, { hash, key }: IndexContext, sink: IndexSink): void {
  const { type, value } = membersOf(found);
  const identifier = textOf(value);
  if (identifier === undefined) return;
  for (const coding of itemsOf(membersOf(type)['coding'])) {
    const { system, code } = membersOf(coding);
    const known = textOf(code);
    if (known !== undefined) sink.token(ofTypeKey(hash, key, [textOf(system) ?? '', known, identifier]));
  }
}

/** Reads `code`, `system|code`, `|code` or `system|`. Throws a FhirError 400. */
export function parseToken(text: string, name: string): Token {
  const parts = splitValue(text, '|').map(unescapeValue);
  const [first = '', second] = parts;
  if (parts.length > 2) throw malformed(name, 'a code or a system and a code with one | between them');
  if (second === undefined) return { code: first };
  if (first === '' && second === '') throw malformed(name, 'more than a |');
  return second === '' ? { system: first } : { system: first, code: second };
}

function parseTyped(text: string, name: string): TypedIdentifier {
  const [system = '', code = '', value = '', ...others] = splitValue(text, '|').map(unescapeValue);
  if (code === '' || value === '' || others.length > 0) {
    throw malformed(name, 'the system and the code of an identifier type, and a value, with | between');
  }
  return [system, code, value];
}

/** A primitive that is no `code` has no system: it is found as `code` and as `|code`. */
export const token: QueriedSearchType = {
  index(found, context, sink) {
    const tokens = tokensOf(found, context);
    for (const one of tokens) addToken(context.isCaseless ? withoutCase(one) : one, context, sink);
    if (context.isComponent) return;
    if (context.code === companionCodes.code) for (const one of tokens) addCodes(one, context, sink);
    addTexts(found, tokens, context, sink);
    if (context.elementType === 'Identifier') addTypes(found, context, sink);
  },

  parse(alternatives, { parameter, name, isCaseless: isFolded = false }) {
    if (parameter.code === '_id') return { kind: 'id', ids: alternatives.map(unescapeValue) };
    const tokens = alternatives.map((text) => parseToken(text, name));
    return { kind: 'token', tokens: isFolded ? tokens.map(withoutCase) : tokens };
  },

  modifiers: {
    text: (alternatives, { name }) => ({ kind: 'contains', texts: parseContains(alternatives, name), aspect: 'text' }),
    'of-type': (alternatives, { name }) => ({
      kind: 'ofType',
      identifiers: alternatives.map((text) => parseTyped(text, name)),
    }),
  },
};
