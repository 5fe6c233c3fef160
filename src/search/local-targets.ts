/** The resources of this server that a resource refers to, wherever it does: in elements with and without a search parameter, in extensions, in contained resources. https://hl7.org/fhir/R4/references.html#literal */
import type { ElementModel } from '../fhir/element-model.ts';
import { baseOf, type LiteralReference, parseReference } from '../fhir/reference.ts';
import type { Resource, ResourceIdentity } from '../fhir/resource.ts';
import { collectReferences } from '../json/rewrite-references.ts';

export interface LocalTarget extends ResourceIdentity {
  /** FHIRPath of the Reference's `reference`. */
  readonly expression: string;
}

type Json = Readonly<Record<string, unknown>>;

const isObject = (value: unknown): value is Json => typeof value === 'object' && value !== null;

const entryPath = /^Bundle\.entry\[(\d+)\]/;

/** In a Bundle that is stored as such a reference may mean another entry, and a relative one means the server of its entry's fullUrl. https://hl7.org/fhir/R4/bundle.html#references */
function withinBundle(resource: Resource, baseUrl: string): (target: LiteralReference, path: string) => boolean {
  const list: unknown = resource['entry'];
  if (resource.resourceType !== 'Bundle' || !Array.isArray(list)) return () => false;
  const entries = list.map((entry: unknown) => (isObject(entry) ? entry : {}));
  const resources = entries.flatMap((entry) => (isObject(entry['resource']) ? [entry['resource']] : []));
  const names = new Set(resources.map((one) => `${String(one['resourceType'])}/${String(one['id'])}`));
  const bases = entries.map(({ fullUrl }) => (typeof fullUrl === 'string' ? baseOf(fullUrl) : undefined));
  return ({ type, id, base }, path) => {
    if (names.has(`${type}/${id}`)) return true;
    const own = bases[Number(entryPath.exec(path)?.[1])];
    return base === undefined && own !== undefined && own !== baseUrl;
  };
}

/** Every literal reference to this server, in the order of the resource; canonicals, `urn:` and foreign URLs are none. A version that is named does not matter. */
export function localTargets(
  resource: Resource,
  { elements, baseUrl }: { readonly elements: ElementModel; readonly baseUrl: string },
): readonly LocalTarget[] {
  const isMeantElsewhere = withinBundle(resource, baseUrl);
  return collectReferences(resource, elements).flatMap(({ uri, use, path }) => {
    const literal = use === 'reference' ? parseReference(uri) : undefined;
    if (!literal || (literal.base !== undefined && literal.base !== baseUrl)) return [];
    if (isMeantElsewhere(literal, path)) return [];
    const isType = elements.type(literal.type)?.kind === 'resource';
    return isType ? [{ type: literal.type, id: literal.id, expression: path }] : [];
  });
}
