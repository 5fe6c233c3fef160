/** Places of elements in the tree of a resource, and how to change what is there. A primitive lives in two members: `birthDate` and, for its id and extensions, `_birthDate`. https://hl7.org/fhir/R4/json.html#primitive */
import type { LosslessObject, LosslessValue } from '../json/lossless.ts';

/** An object of the tree. `owner` is the element that it is the value of (or, as `sibling`, whose extensions it holds); none for the object around the resource. */
export interface Holder {
  readonly members: LosslessObject;
  readonly type: string;
  readonly owner: Place | undefined;
  readonly isSibling: boolean;
}

/** One element: a member of an object or, with `index`, one item of it. */
export interface Place {
  readonly holder: Holder;
  /** The JSON property, as in `valueQuantity`. */
  readonly property: string;
  readonly type: string;
  readonly index: number | undefined;
}

/** An element without its place. */
export interface Slot {
  readonly value: LosslessValue;
  readonly sibling: LosslessValue;
}

const items = (value: LosslessValue | undefined): readonly LosslessValue[] =>
  value === undefined ? [] : Array.isArray(value) ? value : [value];

/** What is in a property: one slot for a single element, none when it is absent. */
export function readSlots({ members }: Holder, property: string): readonly Slot[] {
  const values = items(members.get(property));
  const siblings = items(members.get(`_${property}`));
  const length = Math.max(values.length, siblings.length);
  return Array.from({ length }, (_none, index) => ({ value: values[index] ?? null, sibling: siblings[index] ?? null }));
}

function setOrDelete(members: LosslessObject, property: string, value: LosslessValue | undefined): void {
  if (value === undefined) members.delete(property);
  else members.set(property, value);
}

/** Writes a list, null where an item lacks one of its two parts; a property without any is removed. */
export function writeList({ members }: Holder, property: string, slots: readonly Slot[]): void {
  const hasValue = slots.some(({ value }) => value !== null);
  const hasSibling = slots.some(({ sibling }) => sibling !== null);
  setOrDelete(members, property, hasValue ? slots.map(({ value }) => value) : undefined);
  setOrDelete(members, `_${property}`, hasSibling ? slots.map(({ sibling }) => sibling) : undefined);
}

/** Writes a single element. */
export function writeSingle({ members }: Holder, property: string, { value, sibling }: Slot): void {
  setOrDelete(members, property, value ?? undefined);
  setOrDelete(members, `_${property}`, sibling ?? undefined);
}

const itemAt = (value: LosslessValue | undefined, index: number | undefined): LosslessValue =>
  (Array.isArray(value) ? value[index ?? 0] : value) ?? null;

/** What is in a place; costs the same for a list of any length. */
export function slotAt({ holder: { members }, property, index }: Place): Slot {
  return { value: itemAt(members.get(property), index), sibling: itemAt(members.get(`_${property}`), index) };
}

/** Puts a slot in a place. */
export function writeSlot({ holder, property, index }: Place, slot: Slot): void {
  if (index === undefined) writeSingle(holder, property, slot);
  else writeList(holder, property, readSlots(holder, property).with(index, slot));
}

/** Removes an element, and what would be left empty by that. */
export function removePlace({ holder, property, index }: Place): void {
  const slots = readSlots(holder, property);
  if (index === undefined) writeSingle(holder, property, { value: null, sibling: null });
  else writeList(holder, property, slots.toSpliced(index, 1));
  removeIfEmpty(holder);
}

function removeIfEmpty({ members, owner, isSibling }: Holder): void {
  if (members.size > 0 || !owner) return;
  const { value } = slotAt(owner);
  if (isSibling && value !== null) writeSlot(owner, { value, sibling: null });
  else if (owner.holder.owner) removePlace(owner);
}

/** The object in which the children of an element are: its value or, for a primitive, its sibling. Undefined when there is none yet. */
export function holderAt(place: Place): Holder | undefined {
  const { value, sibling } = slotAt(place);
  if (value instanceof Map) return { members: value, type: place.type, owner: place, isSibling: false };
  if (!(sibling instanceof Map)) return undefined;
  return { members: sibling, type: 'Element', owner: place, isSibling: true };
}

/** The same, with an empty sibling made for a primitive that has none. */
export function ensureHolder(place: Place): Holder {
  const holder = holderAt(place);
  if (holder) return holder;
  const sibling: LosslessObject = new Map();
  writeSlot(place, { value: slotAt(place).value, sibling });
  return { members: sibling, type: 'Element', owner: place, isSibling: true };
}

/** The place of the resource itself, in an object around it. */
export function rootPlace(resource: LosslessObject, type: string): Place {
  const around: Holder = { members: new Map([['resource', resource]]), type: '', owner: undefined, isSibling: false };
  return { holder: around, property: 'resource', type, index: undefined };
}

export function isRoot({ holder }: Place): boolean {
  return holder.owner === undefined;
}
