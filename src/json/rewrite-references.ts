/** Replaces references and other uris in the text of a resource, as a transaction must when it gives ids. https://hl7.org/fhir/R4/http.html#trules */
import type { ElementModel } from '../fhir/element-model.ts';
import type { Resource } from '../fhir/resource.ts';
import type { ResourceDocument } from './document.ts';
import { applyEdits, type Edit, shiftBy, shiftOutline } from './edits.ts';
import { mapUris, pathText, type UriUse } from './map-uris.ts';
import { eachItem, eachMember, skipString, skipValue } from './tokens.ts';

/** What stands in the place of a uri from now on; undefined leaves it. */
export type ResolveUri = (uri: string, use: UriUse) => string | undefined;

/** One uri of a resource; `path` is a FHIRPath in names of JSON properties (`Observation.extension[0].valueUri`). */
export interface CollectedReference {
  readonly uri: string;
  readonly use: UriUse;
  readonly path: string;
}

/** The string tokens in which two versions of a value differ. Shared parts are stepped over without a look inside. */
function collectEdits(
  text: string,
  start: number,
  [before, after]: readonly [unknown, unknown],
  edits: Edit[],
): number {
  if (before === after) return skipValue(text, start);
  if (typeof after === 'string') {
    const end = skipString(text, start);
    edits.push({ start, end, text: JSON.stringify(after) });
    return end;
  }
  const [old, changed] = [before as Record<string | number, unknown>, after as Record<string | number, unknown>];
  const visit = (step: string | number, at: number): number =>
    collectEdits(text, at, [old[step], changed[step]], edits);
  return Array.isArray(after) ? eachItem(text, start, visit) : eachMember(text, start, visit);
}

/** The document with every uri replaced for which `resolve` returns another, the very same document when there is none. Only their string tokens change in the text; text, resource and outlines agree. */
export function rewriteReferences(
  document: ResourceDocument,
  elements: ElementModel,
  resolve: ResolveUri,
): ResourceDocument {
  const resource = mapUris(document.resource, elements, resolve);
  if (resource === document.resource) return document;
  const { text, outline, entries } = document;
  const edits: Edit[] = [];
  collectEdits(text, outline.object.start, [document.resource, resource], edits);
  const shift = shiftBy(edits);
  return {
    text: applyEdits(text, edits),
    resource,
    outline: shiftOutline(outline, shift),
    ...(entries && { entries: entries.map((entry) => entry && shiftOutline(entry, shift)) }),
  };
}

/** All uris of a resource that `rewriteReferences` would ask about, in the order of the resource. */
export function collectReferences(resource: Resource, elements: ElementModel): readonly CollectedReference[] {
  const collected: CollectedReference[] = [];
  mapUris(resource, elements, (uri, use, path) => {
    collected.push({ uri, use, path: pathText(path) });
    return undefined;
  });
  return collected;
}
