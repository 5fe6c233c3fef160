/** Reference strings taken apart. https://hl7.org/fhir/R4/references.html#literal */
import { isLogicalId, type ResourceIdentity } from './resource.ts';

/** A reference to a resource by type and id, wherever it lives. `base` is set for absolute URLs, without a slash at the end. */
export interface LiteralReference extends ResourceIdentity {
  readonly base?: string;
  readonly version?: string;
}

/** `Type/id`, `Type/id/_history/v` or either after an absolute base; undefined for anything else (urn:, #fragment, search). */
export function parseReference(text: string): LiteralReference | undefined {
  const parts = text.split('/');
  const history = parts.length >= 4 && parts.at(-2) === '_history' ? parts.at(-1) : undefined;
  const end = history === undefined ? parts.length : parts.length - 2;
  const type = parts[end - 2];
  const id = parts[end - 1];
  if (type === undefined || id === undefined || !/^[A-Z][A-Za-z]+$/.test(type) || !isLogicalId(id)) return undefined;
  const base = parts.slice(0, end - 2).join('/');
  if (base !== '' && !/^https?:\/\//.test(base)) return undefined;
  return { type, id, ...(base !== '' && { base }), ...(history !== undefined && { version: history }) };
}

/** True for what begins with a scheme: it means the same wherever it is written. https://www.rfc-editor.org/rfc/rfc3986#section-4.3 */
export const isAbsoluteUri = (text: string): boolean => /^[A-Za-z][A-Za-z0-9+.-]*:/.test(text);

/** The base of a RESTful URL `base/Type/id`, or undefined for urn: and other URLs. */
export function baseOf(fullUrl: string): string | undefined {
  return parseReference(fullUrl)?.base;
}
