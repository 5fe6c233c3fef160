/** From a value to its parts, by the element model: choices by their element name, primitives with their extensions, resources by their own type. https://hl7.org/fhirpath/N1/#path-selection */
import type { ElementModel } from '../../fhir/element-model.ts';
import { isObject, type Node } from './node.ts';

export interface Property {
  readonly name: string;
  readonly sibling: string;
  readonly type: string;
}

const capitalise = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

/** The JSON properties that an element of a type may stand in; none for an unknown element. */
export function propertiesOf(elements: ElementModel, type: string, element: string): readonly Property[] {
  const known = elements.type(type)?.elements;
  if (!known || !Object.hasOwn(known, element)) return [];
  const { types = [], choice = false } = known[element] ?? {};
  return types.map((of) => {
    const name = choice ? element + capitalise(of) : element;
    return { name, sibling: `_${name}`, type: of };
  });
}

/** Up to so many properties it is quicker to ask for each than to look at what there is: an extension may have one of fifty. */
const fewProperties = 4;

type Json = Readonly<Record<string, unknown>>;

/** Finds which of an element's properties an object has. What is worked out for an element is kept. */
export class PropertyFinder {
  readonly #elements: ElementModel;
  readonly #known = new Map<string, Map<string, readonly Property[]>>();
  readonly #byName = new WeakMap<readonly Property[], ReadonlyMap<string, Property>>();

  constructor(elements: ElementModel) {
    this.#elements = elements;
  }

  /** Those of the element's properties that are in the object, as a value or as its sibling. */
  in(holder: Json, type: string, element: string): readonly Property[] {
    const all = this.#all(type, element);
    if (all.length <= fewProperties) return all;
    const names = this.#names(all);
    const found: Property[] = [];
    for (const key in holder) {
      const property =
        names.get(key) ??
        (key.startsWith('_') && holder[key.slice(1)] === undefined ? names.get(key.slice(1)) : undefined);
      if (property) found.push(property);
    }
    return found;
  }

  #all(type: string, element: string): readonly Property[] {
    let ofType = this.#known.get(type);
    if (!ofType) {
      ofType = new Map();
      this.#known.set(type, ofType);
    }
    let found = ofType.get(element);
    if (!found) {
      found = propertiesOf(this.#elements, type, element);
      ofType.set(element, found);
    }
    return found;
  }

  #names(all: readonly Property[]): ReadonlyMap<string, Property> {
    let names = this.#byName.get(all);
    if (!names) {
      names = new Map(all.map((property) => [property.name, property]));
      this.#byName.set(all, names);
    }
    return names;
  }
}

/** A resource within a resource is of its own type. */
function typeOf(value: unknown, type: string): string {
  if (type !== 'Resource' || !isObject(value)) return type;
  const { resourceType } = value;
  return typeof resourceType === 'string' ? resourceType : type;
}

function add(found: Node[], value: unknown, sibling: unknown, type: string): void {
  if (Array.isArray(value) || Array.isArray(sibling)) {
    const values: readonly unknown[] = Array.isArray(value) ? value : [];
    const siblings: readonly unknown[] = Array.isArray(sibling) ? sibling : [];
    const length = Math.max(values.length, siblings.length);
    for (let index = 0; index < length; index += 1)
      add(found, values[index] ?? undefined, siblings[index] ?? undefined, type);
    return;
  }
  // null is nothing, wherever it may wrongly stand
  if ((value ?? undefined) === undefined && (sibling ?? undefined) === undefined) return;
  const node = { value: value ?? undefined, type: typeOf(value, type) };
  found.push(sibling === undefined || sibling === null ? node : { ...node, sibling });
}

/** What parts of a value are asked in: the value itself, or the extensions of a primitive. */
const holderOf = ({ value, sibling }: Node): Readonly<Record<string, unknown>> | undefined => {
  if (isObject(value)) return value;
  return isObject(sibling) ? sibling : undefined;
};

export interface Children {
  /** Adds the values of one element of a node. */
  named(node: Node, element: string, found: Node[]): void;
  /** Adds the values of all elements of a node, in the order of the JSON. */
  all(node: Node, found: Node[]): void;
}

/** Which properties an element has is worked out once for a type. */
export function createChildren(elements: ElementModel): Children {
  const properties = new PropertyFinder(elements);

  return {
    named(node, element, found) {
      const holder = holderOf(node);
      if (!holder) return;
      const type = isObject(node.value) ? node.type : 'Element';
      for (const { name, sibling, type: of } of properties.in(holder, type, element)) {
        add(found, holder[name], holder[sibling], of);
      }
    },
    all(node, found) {
      const holder = holderOf(node);
      if (!holder) return;
      const type = isObject(node.value) ? node.type : 'Element';
      for (const name in holder) {
        const bare = name.startsWith('_') ? name.slice(1) : name;
        // a value and its extensions are one part, found under the name of the value
        if (bare !== name && holder[bare] !== undefined) continue;
        const property = elements.property(type, bare);
        if (property) add(found, holder[bare], holder[`_${bare}`], property.type);
      }
    },
  };
}
