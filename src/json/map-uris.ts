/** Walks a parsed resource by the types of its elements and finds what may point to another resource. https://hl7.org/fhir/R4/bundle.html#references */
import type { ElementModel } from '../fhir/element-model.ts';
import type { Resource } from '../fhir/resource.ts';
import { mapNarrativeLinks } from './narrative-links.ts';

/** `reference`: Reference.reference; `uri`: an element of type uri, url, oid or uuid (canonicals are never rewritten); `narrative`: href or src in a narrative. */
export type UriUse = 'reference' | 'uri' | 'narrative';

/** A step towards an element; linked upwards, so that it costs nothing until somebody writes it out. */
export interface Path {
  readonly parent: Path | undefined;
  readonly step: string;
  readonly index: number | undefined;
}

/** Sees every uri; what it returns takes its place. */
export type VisitUri = (uri: string, use: UriUse, path: Path) => string | undefined;

type Value = unknown;
type Members = Readonly<Record<string, Value>>;

const underscore = 0x5f;
const uriTypes: ReadonlySet<string> = new Set(['uri', 'url', 'oid', 'uuid']);

class UriMapping {
  readonly #elements: ElementModel;
  readonly #visit: VisitUri;

  constructor(elements: ElementModel, visit: VisitUri) {
    this.#elements = elements;
    this.#visit = visit;
  }

  /** The object itself when nothing in it changes, or a copy that shares what does not change. */
  members(object: Members, type: string, path: Path): Members {
    let changed: Record<string, Value> | undefined;
    for (const name of Object.keys(object)) {
      const before = object[name];
      if (typeof before !== 'string' && typeof before !== 'object') continue;
      const after = this.#member(before, type, name, path);
      if (after === before) continue;
      changed ??= { ...object };
      changed[name] = after;
    }
    return changed ?? object;
  }

  #member(value: Value, type: string, name: string, path: Path): Value {
    // extensions of a primitive stand in a sibling of its name, whatever the type of the primitive
    if (name.charCodeAt(0) === underscore)
      return this.#value(value, 'Element', { parent: path, step: name, index: undefined });
    if (type === 'Element' && name === 'extension') {
      return this.#value(value, 'Extension', { parent: path, step: name, index: undefined });
    }
    if (typeof value === 'string') {
      const use = this.#useOf(type, name);
      return use ? this.#string(value, use, { parent: path, step: name, index: undefined }) : value;
    }
    const property = this.#elements.property(type, name);
    return property ? this.#value(value, property.type, { parent: path, step: name, index: undefined }) : value;
  }

  #value(value: Value, type: string, path: Path): Value {
    if (Array.isArray(value)) return this.#items(value, type, path);
    if (typeof value === 'string') return uriTypes.has(type) ? this.#string(value, 'uri', path) : value;
    if (typeof value !== 'object' || value === null) return value;
    const members = value as Members;
    const { resourceType } = members;
    return this.members(members, type === 'Resource' && typeof resourceType === 'string' ? resourceType : type, path);
  }

  #items(items: readonly Value[], type: string, path: Path): readonly Value[] {
    let changed: Value[] | undefined;
    for (let index = 0; index < items.length; index += 1) {
      const before = items[index];
      const after = this.#value(before, type, { parent: path.parent, step: path.step, index });
      if (after === before) continue;
      changed ??= [...items];
      changed[index] = after;
    }
    return changed ?? items;
  }

  #useOf(type: string, name: string): UriUse | undefined {
    if (type === 'Reference' && name === 'reference') return 'reference';
    const elementType = this.#elements.property(type, name)?.type;
    if (elementType === undefined) return undefined;
    if (uriTypes.has(elementType)) return 'uri';
    return elementType === 'xhtml' ? 'narrative' : undefined;
  }

  #string(value: string, use: UriUse, path: Path): string {
    if (use === 'narrative') return mapNarrativeLinks(value, (uri) => this.#visit(uri, 'narrative', path));
    return this.#visit(value, use, path) ?? value;
  }
}

/** The resource with its uris replaced as `visit` tells; the same object when none is. Contained and nested resources are walked by their own types. */
export function mapUris(resource: Resource, elements: ElementModel, visit: VisitUri): Resource {
  const root = { parent: undefined, step: resource.resourceType, index: undefined };
  return new UriMapping(elements, visit).members(resource, resource.resourceType, root) as Resource;
}

/** `Patient.link[0].other.reference`: the path as a FHIRPath expression in names of JSON properties. */
export function pathText({ parent, step, index }: Path): string {
  const own = index === undefined ? step : `${step}[${index}]`;
  return parent ? `${pathText(parent)}.${own}` : own;
}
