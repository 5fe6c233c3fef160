/** What fullUrls of a Bundle should be: absolute, and of the resource beside them. HL7's own examples break this, so that it is a warning. https://hl7.org/fhir/R4/bundle-definitions.html#Bundle.entry.fullUrl */
import type { Issue } from '../fhir/issue.ts';
import { isAbsoluteUri, parseReference } from '../fhir/reference.ts';
import { isObject, type Json } from './json-value.ts';

const warning = (diagnostics: string, expression: string): Issue => ({
  severity: 'warning',
  code: 'invalid',
  diagnostics,
  expression: [expression],
});

/** What is to be created has no URL yet. */
function faultOf({ fullUrl, resource, request }: Json): string | undefined {
  if (typeof fullUrl !== 'string') return undefined;
  if (!isAbsoluteUri(fullUrl)) return 'A fullUrl is an absolute URL';
  const named = parseReference(fullUrl);
  if (!named || !isObject(resource) || (isObject(request) && request['method'] === 'POST')) return undefined;
  const { resourceType, id } = resource;
  const isSame = named.type === resourceType && (id === undefined || named.id === id);
  return isSame ? undefined : 'The fullUrl is of another resource than the one beside it';
}

/** Warnings about the entries of a Bundle, at most about `limit`; `path` is its FHIRPath. */
export function fullUrlIssues(resource: Json, path: string, limit: number): readonly Issue[] {
  const entries: unknown = resource['resourceType'] === 'Bundle' ? resource['entry'] : undefined;
  if (!Array.isArray(entries)) return [];
  const issues: Issue[] = [];
  for (const [index, entry] of entries.entries()) {
    const fault = isObject(entry) ? faultOf(entry) : undefined;
    if (fault !== undefined) issues.push(warning(fault, `${path}.entry[${index}].fullUrl`));
    if (issues.length >= limit) break;
  }
  return issues;
}
