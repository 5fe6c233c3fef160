/** The resource of a Bundle's entry as a document of its own. https://hl7.org/fhir/R4/bundle.html */
import type { Resource } from '../fhir/resource.ts';
import type { ResourceDocument } from './document.ts';
import { shiftOutline } from './edits.ts';

function resourceOf(bundle: Resource, index: number): Resource | undefined {
  const entries = bundle['entry'];
  const entry: unknown = Array.isArray(entries) ? entries[index] : undefined;
  const resource: unknown =
    typeof entry === 'object' && entry !== null ? (entry as { resource?: unknown }).resource : undefined;
  const isObject = typeof resource === 'object' && resource !== null && !Array.isArray(resource);
  return isObject ? (resource as Resource) : undefined;
}

/** The document of `entry[index].resource`: its own text, and offsets that count from its beginning. A Bundle in a Bundle comes without `entries`. Undefined where the entry has no resource. */
export function entryDocument(bundle: ResourceDocument, index: number): ResourceDocument | undefined {
  const outline = bundle.entries?.[index];
  const resource = resourceOf(bundle.resource, index);
  if (!outline || !resource) return undefined;
  const { start, end } = outline.object;
  return {
    text: bundle.text.slice(start, end),
    resource,
    outline: shiftOutline(outline, (offset) => offset - start),
  };
}
