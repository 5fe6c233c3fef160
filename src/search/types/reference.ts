/** Reference search: `id`, `Type/id`, an absolute URL or a canonical; versions of literal references are disregarded. https://hl7.org/fhir/R4/search.html#reference */
import { isLogicalId } from '../../fhir/resource.ts';
import type { SearchParameter } from '../../fhir/search-parameter.ts';
import { canonicalForm, versionsAbove } from '../canonicals.ts';
import { literalOf } from '../local-reference.ts';
import { malformed } from '../malformed.ts';
import type { IndexContext, IndexSink, ParseContext, QueriedSearchType } from '../search-type.ts';
import { membersOf, textOf, withoutExtension } from '../shapes.ts';
import { unescapeValue } from '../split-value.ts';
import { aspectKey, canonicalKey, targetKey } from '../keys.ts';
import { addToken, parseToken, tokenOf } from './token.ts';

const literalTarget = (text: string, baseUrl: string | undefined): string | undefined =>
  literalOf(text, baseUrl)?.target;

/** The targets that a value is found by: a canonical with its version and without. */
function targetsOf(text: string, baseUrl: string | undefined): readonly string[] {
  const literal = literalTarget(text, baseUrl);
  if (literal !== undefined) return [literal];
  const version = text.indexOf('|');
  if (version <= 0) return [text];
  const url = text.slice(0, version);
  return [text, literalTarget(url, baseUrl) ?? url];
}

/** The targets of ids that stand for resources of one type, or are written with it. Throws a FhirError 400. */
export function parseTyped(alternatives: readonly string[], type: string, name: string): readonly string[] {
  return alternatives.map((alternative) => {
    const text = unescapeValue(alternative);
    const id = text.startsWith(`${type}/`) ? text.slice(type.length + 1) : text;
    if (!isLogicalId(id)) throw malformed(name, 'the id of a resource');
    return `${type}/${id}`;
  });
}

/** `patient` is a Patient, whatever else R4 lists: one of its elements could also name a Group. */
export const targetTypesOf = ({ code, target = [] }: Pick<SearchParameter, 'code' | 'target'>): readonly string[] =>
  code === 'patient' ? ['Patient'] : target;

/** An id stands for resources of every type that the parameter may lead to. */
function parseTarget(text: string, { parameter, name, baseUrl }: ParseContext): readonly string[] {
  const literal = literalTarget(text, baseUrl);
  if (literal !== undefined) return [literal];
  if (isLogicalId(text)) {
    const types = targetTypesOf(parameter);
    if (types.length === 0) throw malformed(name, 'a resource type, a slash and an id, or a URL');
    return types.map((type) => `${type}/${text}`);
  }
  if (!text.includes(':')) throw malformed(name, 'an id, a resource type, a slash and an id, or a URL');
  return [text];
}

function referenceIn(found: unknown, elementType: string): string | undefined {
  const value = withoutExtension(found, elementType);
  return textOf(value) ?? textOf(membersOf(value)['reference']);
}

/** The targets that a value is found by; references to contained resources point to nothing that can be searched for. */
export function targetsIn(found: unknown, { elementType, baseUrl }: Pick<IndexContext, 'elementType' | 'baseUrl'>) {
  const text = referenceIn(found, elementType);
  return text === undefined || text.startsWith('#') ? [] : targetsOf(text, baseUrl);
}

/** The id of the contained resource that a value refers to. */
function fragmentIn(found: unknown, elementType: string): string | undefined {
  const text = referenceIn(found, elementType);
  return text?.startsWith('#') === true ? text.slice(1) : undefined;
}

/** Where a canonical leads, and the versions that it is below. */
function addCanonical(text: string, { hash, key, baseUrl }: IndexContext, sink: IndexSink): void {
  const canonical = canonicalForm(text, baseUrl);
  if (canonical === undefined) return;
  sink.reference(canonicalKey(hash, canonical), aspectKey(hash, key, 'canonical'));
  for (const above of versionsAbove(text)) sink.reference(targetKey(hash, above), aspectKey(hash, key, 'version'));
}

export const reference: QueriedSearchType = {
  index(found, context, sink) {
    const { key, hash, elementType, isComponent } = context;
    for (const target of targetsIn(found, context)) sink.reference(targetKey(hash, target), key);
    if (isComponent) return;
    const plain = withoutExtension(found, elementType);
    const text = textOf(plain);
    if (text !== undefined) addCanonical(text, context, sink);
    const fragment = fragmentIn(found, elementType);
    if (fragment !== undefined) sink.fragment(fragment, key);
    if (fragment !== undefined && text !== undefined) sink.fragment(fragment, aspectKey(hash, key, 'canonical'));
    const { identifier } = membersOf(plain);
    if (identifier === undefined) return;
    const { system, value } = membersOf(identifier);
    addToken(tokenOf(system, value), { hash, key: aspectKey(hash, key, 'identifier') }, sink);
  },

  parse(alternatives, context) {
    return { kind: 'reference', targets: alternatives.flatMap((text) => parseTarget(unescapeValue(text), context)) };
  },

  modifiers: {
    identifier: (alternatives, { name }) => ({
      kind: 'token',
      tokens: alternatives.map((text) => parseToken(text, name)),
      aspect: 'identifier',
    }),
  },
};
