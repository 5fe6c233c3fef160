/** What a value of a reference search parameter points to on this server. https://hl7.org/fhir/R4/references.html#literal */
import { parseReference } from '../fhir/reference.ts';
import { isLogicalId, type ResourceIdentity } from '../fhir/resource.ts';
import { isObject } from '../fhirpath/steps.ts';

/** A resource in the place of a reference to it, as `Bundle.entry[0].resource` is for `Bundle?composition`. */
export function identityOfInline(value: unknown): ResourceIdentity | undefined {
  if (!isObject(value)) return undefined;
  const { resourceType: type, id } = value;
  return typeof type === 'string' && typeof id === 'string' && isLogicalId(id) ? { type, id } : undefined;
}

/** The resource that a Reference or a resource in its place names, if it is one of this server: relative, or absolute on `baseUrl`; of any version. Canonicals name no logical id. */
export function localReference(value: unknown, baseUrl: string | undefined): ResourceIdentity | undefined {
  if (!isObject(value)) return undefined;
  const { reference } = value;
  if (typeof reference !== 'string') return identityOfInline(value);
  const literal = parseReference(reference);
  if (!literal || (literal.base !== undefined && literal.base !== baseUrl)) return undefined;
  return { type: literal.type, id: literal.id };
}

/** The type of a literal reference, and where it leads: without its version, relative when it is to this server. Undefined for what is none. */
export function literalOf(text: string, baseUrl: string | undefined) {
  const literal = parseReference(text);
  if (!literal) return undefined;
  const { base, type, id } = literal;
  return { type, target: base === undefined || base === baseUrl ? `${type}/${id}` : `${base}/${type}/${id}` };
}
