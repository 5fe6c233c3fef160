/** Reads a received text as a resource: JSON hygiene and an outline, no FHIR rules yet. https://hl7.org/fhir/R4/json.html */
import type { Issue } from '../fhir/issue.ts';
import type { Resource } from '../fhir/resource.ts';
import { checkJson } from './check-json.ts';
import type { ResourceDocument } from './document.ts';
import { DocumentWatch } from './outline.ts';
import { defaultLimits, type ScanLimits } from './scan.ts';

const refusal = (diagnostics: string, expression?: string): readonly Issue[] => [
  { severity: 'fatal', code: 'structure', diagnostics, ...(expression && { expression: [expression] }) },
];

function isResource(value: unknown): value is Resource {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The document of a text, or why it is none: broken JSON (with line and column), nesting beyond the limit, a key twice in one object, lone surrogates, U+0000, numbers beyond all measure, or a root that is no object with a `resourceType`. */
export function readDocument(text: string, limits: ScanLimits = defaultLimits): ResourceDocument | readonly Issue[] {
  const watch = new DocumentWatch();
  const issue = checkJson(text, limits, watch);
  if (issue) return [issue];
  const resource: unknown = JSON.parse(text);
  if (!isResource(resource)) return refusal('A resource is a JSON object');
  if (typeof resource.resourceType !== 'string') {
    return refusal('A resource names its type in the element resourceType', 'resourceType');
  }
  const document = { text, resource, outline: watch.outline() };
  const hasEntries = resource.resourceType === 'Bundle' && Array.isArray(resource['entry']);
  return hasEntries ? { ...document, entries: watch.entries() } : document;
}
