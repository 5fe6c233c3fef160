/** The resources of this server that a resource refers to, wherever it does: in elements with and without a search parameter, in extensions, in contained resources. https://hl7.org/fhir/R4/references.html#literal */
import type { ElementModel } from '../fhir/element-model.ts';
import { parseReference } from '../fhir/reference.ts';
import type { Resource, ResourceIdentity } from '../fhir/resource.ts';
import { collectReferences } from '../json/rewrite-references.ts';

export interface LocalTarget extends ResourceIdentity {
  /** FHIRPath of the Reference's `reference`. */
  readonly expression: string;
}

/** Every literal reference to this server, in the order of the resource; canonicals, `urn:` and foreign URLs are none. A version that is named does not matter. */
export function localTargets(
  resource: Resource,
  { elements, baseUrl }: { readonly elements: ElementModel; readonly baseUrl: string },
): readonly LocalTarget[] {
  return collectReferences(resource, elements).flatMap(({ uri, use, path }) => {
    const literal = use === 'reference' ? parseReference(uri) : undefined;
    if (!literal || (literal.base !== undefined && literal.base !== baseUrl)) return [];
    const isType = elements.type(literal.type)?.kind === 'resource';
    return isType ? [{ type: literal.type, id: literal.id, expression: path }] : [];
  });
}
