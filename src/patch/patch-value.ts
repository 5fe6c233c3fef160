/** The value that an operation of a FHIRPath Patch brings, in any of its three shapes. https://hl7.org/fhir/R4/fhirpatch.html */
import type { ElementModel } from '../fhir/element-model.ts';
import type { LosslessObject, LosslessValue } from '../json/lossless.ts';
import { elementOf, propertiesOf } from './find-places.ts';
import { inapplicable, malformed } from './patch-fault.ts';
import { type Holder, readSlots, type Slot, writeList, writeSingle } from './place.ts';

/** A part of the Parameters that carries a value. */
export type ValuePart = LosslessObject;

interface TypedSlot extends Slot {
  readonly type: string;
}

const members = (value: LosslessValue | undefined): LosslessObject => (value instanceof Map ? value : new Map());

/** The parts inside of a part, by name in their order. */
export function partsOf(part: LosslessObject): readonly (readonly [name: string, part: LosslessObject])[] {
  const parts = part.get('part');
  if (!Array.isArray(parts)) return [];
  return parts.map((one) => {
    const name = members(one).get('name');
    if (!(one instanceof Map) || typeof name !== 'string') throw malformed('every part needs a name');
    return [name, one];
  });
}

/** `value[x]` with its type, or the resource of the part; undefined for a part made of parts. */
function typedSlot(part: ValuePart, elements: ElementModel): TypedSlot | undefined {
  const resource = part.get('resource');
  if (resource instanceof Map) return { value: resource, sibling: null, type: 'Resource' };
  for (const key of part.keys()) {
    const property = key.startsWith('_') ? key.slice(1) : key;
    const definition = elements.property('Parameters.parameter', property);
    if (definition?.element !== 'value') continue;
    return { value: part.get(property) ?? null, sibling: part.get(`_${property}`) ?? null, type: definition.type };
  }
  return undefined;
}

const quantities: ReadonlySet<string> = new Set(['Quantity', 'Age', 'Count', 'Distance', 'Duration', 'SimpleQuantity']);

/** Primitives stand for each other (`valueString` for a markdown or the xhtml of a narrative), as do the kinds of Quantity; the validator has the last word on the result. */
function isCompatible(given: string, wanted: string, elements: ElementModel): boolean {
  if (given === wanted || (quantities.has(given) && quantities.has(wanted))) return true;
  return elements.type(given)?.kind === 'primitive' && elements.type(wanted)?.kind === 'primitive';
}

/** The value of a part as the element type `type`. Parts in it are the elements of an object that has no data type of its own. */
export function readValue(part: ValuePart, type: string, elements: ElementModel): Slot {
  const slot = typedSlot(part, elements);
  if (slot) {
    if (!isCompatible(slot.type, type, elements)) throw inapplicable(`the value must be a ${type}`);
    return { value: slot.value, sibling: slot.sibling };
  }
  const parts = partsOf(part);
  if (parts.length === 0) throw malformed('the operation needs a value');
  const isObject = elements.type(type)?.kind === 'backbone' || elements.type(type)?.kind === 'complex';
  if (!isObject) throw inapplicable(`the value must be a ${type}`);
  const holder: Holder = { members: new Map(), type, owner: undefined, isSibling: false };
  for (const [name, one] of parts) addElement(holder, name, one, elements);
  return { value: holder.members, sibling: null };
}

/** The JSON property that an element gets from the type of its value: `deceased` and `valueBoolean` make `deceasedBoolean`. */
export function propertyFor(type: string, name: string, part: ValuePart, elements: ElementModel): string {
  const definition = elementOf(type, name, elements);
  // some clients name the choice by its JSON property
  if (!definition && elements.property(type, name)) return name;
  if (!definition) throw inapplicable(`${type} has no element of that name`);
  if (!definition.choice) return name;
  const given = typedSlot(part, elements)?.type ?? '';
  const property = propertiesOf(name, definition).find((one) => elements.property(type, one)?.type === given);
  if (property === undefined) throw inapplicable('the element cannot have a value of that type');
  return property;
}

/** Adds an element to an object: at the end of a list, or as a single element that is not there yet. */
export function addElement(holder: Holder, name: string, part: ValuePart, elements: ElementModel): void {
  const property = propertyFor(holder.type, name, part, elements);
  const known = elements.property(holder.type, property);
  if (!known) throw inapplicable(`${holder.type} has no element of that name`);
  const slot = readValue(part, known.type, elements);
  if (known.many) {
    writeList(holder, property, [...readSlots(holder, property), slot]);
    return;
  }
  const definition = elementOf(holder.type, known.element, elements);
  const properties = definition ? propertiesOf(known.element, definition) : [property];
  const exists = properties.some((one) => readSlots(holder, one).length > 0);
  if (exists) throw inapplicable('the element exists already and does not repeat; replace it');
  writeSingle(holder, property, slot);
}
