/** Reference search: `id`, `Type/id`, an absolute URL or a canonical; versions of literal references are disregarded. https://hl7.org/fhir/R4/search.html#reference */
import { parseReference } from '../../fhir/reference.ts';
import { isLogicalId } from '../../fhir/resource.ts';
import type { SearchParameter } from '../../fhir/search-parameter.ts';
import { malformed } from '../malformed.ts';
import type { ParseContext, QueriedSearchType } from '../search-type.ts';
import { membersOf, textOf, withoutExtension } from '../shapes.ts';
import { unescapeValue } from '../split-value.ts';
import { targetKey } from '../type-key.ts';

/** A literal reference without its version, relative when it is to this server; undefined for what is none. */
function literalTarget(text: string, baseUrl: string | undefined): string | undefined {
  const literal = parseReference(text);
  if (!literal) return undefined;
  const { base, type, id } = literal;
  return base === undefined || base === baseUrl ? `${type}/${id}` : `${base}/${type}/${id}`;
}

/** The targets that a value is found by: a canonical with its version and without. */
function targetsOf(text: string, baseUrl: string | undefined): readonly string[] {
  const literal = literalTarget(text, baseUrl);
  if (literal !== undefined) return [literal];
  const version = text.indexOf('|');
  return version > 0 ? [text, text.slice(0, version)] : [text];
}

function parseTyped(text: string, type: string, name: string): readonly string[] {
  const id = text.startsWith(`${type}/`) ? text.slice(type.length + 1) : text;
  if (!isLogicalId(id)) throw malformed(name, 'the id of a resource');
  return [`${type}/${id}`];
}

/** `patient` is a Patient, whatever else R4 lists: one of its elements could also name a Group. */
const typesOf = ({ code, target = [] }: SearchParameter): readonly string[] =>
  code === 'patient' ? ['Patient'] : target;

/** An id stands for resources of every type that the parameter may lead to. */
function parseTarget(text: string, { parameter, name, modifier, baseUrl }: ParseContext): readonly string[] {
  if (modifier !== undefined) return parseTyped(text, modifier, name);
  const literal = literalTarget(text, baseUrl);
  if (literal !== undefined) return [literal];
  if (isLogicalId(text)) {
    const types = typesOf(parameter);
    if (types.length === 0) throw malformed(name, 'a resource type, a slash and an id, or a URL');
    return types.map((type) => `${type}/${text}`);
  }
  if (!text.includes(':')) throw malformed(name, 'an id, a resource type, a slash and an id, or a URL');
  return [text];
}

/** References by identifier only, and to contained resources, point to nothing that can be searched for. */
export const reference: QueriedSearchType = {
  index(found, { key, hash, baseUrl, elementType }, sink) {
    const value = withoutExtension(found, elementType);
    const text = textOf(value) ?? textOf(membersOf(value)['reference']);
    if (text === undefined || text.startsWith('#')) return;
    for (const target of targetsOf(text, baseUrl)) sink.reference(targetKey(hash, target), key);
  },

  parse(alternatives, context) {
    return { kind: 'reference', targets: alternatives.flatMap((text) => parseTarget(unescapeValue(text), context)) };
  },

  takesModifier: (modifier, { target = [] }) => target.includes(modifier),
};
