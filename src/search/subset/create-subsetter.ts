/** Parts of resources: `_elements` and `_summary`. https://hl7.org/fhir/R4/search.html#summary */
import type { ElementDefinition, ElementModel } from '../../fhir/element-model.ts';
import { type LosslessObject, type LosslessValue, parseLossless, stringifyLossless } from '../../json/lossless.ts';
import type { Subset } from './subset.ts';

const tagSystem = 'http://terminology.hl7.org/CodeSystem/v3-ObservationValue';
const tagCode = 'SUBSETTED';

/** What says which resource it is, and that it is not whole. */
const identity: ReadonlySet<string> = new Set(['resourceType', 'id', 'meta']);

type Keep = (name: string, element: ElementDefinition | undefined) => boolean;

function keepOf(subset: Subset, type: string): Keep {
  if (subset.kind === 'elements') {
    const wanted = new Set(
      subset.elements.map((name) => (name.startsWith(`${type}.`) ? name.slice(type.length + 1) : name)),
    );
    return (name, element) => wanted.has(name) || element?.required === true;
  }
  switch (subset.mode) {
    case 'data':
      return (name) => name !== 'text';
    case 'text':
      return (name, element) => name === 'text' || element?.required === true;
    default:
      return (_name, element) => element?.summary === true || element?.required === true;
  }
}

const isObject = (value: LosslessValue | undefined): value is LosslessObject => value instanceof Map;

/** Adds the mark that the resource is not whole. */
function mark(resource: LosslessObject): void {
  const meta = resource.get('meta');
  const marked: LosslessObject = isObject(meta) ? meta : new Map();
  const tags = marked.get('tag');
  const known = Array.isArray(tags) ? tags : [];
  const isMarked = known.some((tag) => isObject(tag) && tag.get('code') === tagCode && tag.get('system') === tagSystem);
  if (!isMarked) {
    const tag: LosslessObject = new Map([
      ['system', tagSystem],
      ['code', tagCode],
    ]);
    marked.set('tag', [...known, tag]);
  }
  resource.set('meta', marked);
}

class Subsetter {
  readonly #elements: ElementModel;

  constructor(elements: ElementModel) {
    this.#elements = elements;
  }

  /** The element that a JSON property belongs to: `valueQuantity` and `_value…` to `value`. */
  #find(type: string, property: string) {
    const found = this.#elements.property(type, property.startsWith('_') ? property.slice(1) : property);
    const element = found && this.#elements.type(type)?.elements[found.element];
    return found && element ? { name: found.element, element, type: found.type } : undefined;
  }

  /** Leaves in the resource what is to be kept; within elements that are no data types as well, if `isDeep`. */
  cut(object: LosslessObject, type: string, keep: Keep, isDeep: boolean): void {
    // a Map may lose members while it is gone through
    for (const [property, value] of object) {
      const found = identity.has(property) ? undefined : this.#find(type, property);
      if (!found) continue;
      if (!keep(found.name, found.element)) object.delete(property);
      else if (isDeep && this.#elements.type(found.type)?.kind === 'backbone') this.#cutEach(value, found.type, keep);
    }
  }

  #cutEach(value: LosslessValue, type: string, keep: Keep): void {
    for (const item of Array.isArray(value) ? value : [value]) {
      if (isObject(item)) this.cut(item, type, keep, true);
    }
  }
}

/** Makes the function that cuts resources down. Numbers keep their digits, and members their order. `text` is a resource as it is stored. */
export function createSubsetter(elements: ElementModel): (text: string, type: string, subset: Subset) => string {
  const subsetter = new Subsetter(elements);
  return (text, type, subset) => {
    const resource = parseLossless(text);
    if (!isObject(resource)) return text;
    const isSummary = subset.kind === 'summary' && subset.mode === 'true';
    subsetter.cut(resource, type, keepOf(subset, type), isSummary);
    mark(resource);
    return stringifyLossless(resource);
  };
}
