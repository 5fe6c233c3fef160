/** From a value to its parts, by the element model: choices by their element name, primitives with their extensions, resources by their own type. https://hl7.org/fhirpath/N1/#path-selection */
import type { ElementModel } from '../../fhir/element-model.ts';
import { isObject, type Node } from './node.ts';

interface Property {
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
  const known = new Map<string, Map<string, readonly Property[]>>();

  function properties(type: string, element: string): readonly Property[] {
    let ofType = known.get(type);
    if (!ofType) {
      ofType = new Map();
      known.set(type, ofType);
    }
    let found = ofType.get(element);
    if (!found) {
      found = propertiesOf(elements, type, element);
      ofType.set(element, found);
    }
    return found;
  }

  return {
    named(node, element, found) {
      const holder = holderOf(node);
      if (!holder) return;
      const type = isObject(node.value) ? node.type : 'Element';
      for (const { name, sibling, type: of } of properties(type, element)) {
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
