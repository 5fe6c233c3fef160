/** FHIRPath Patch: operations on elements, sent as Parameters. https://hl7.org/fhir/R4/fhirpatch.html */
import type { ElementModel } from '../fhir/element-model.ts';
import { invalid } from '../fhir/fhir-error.ts';
import type { ResourceDocument } from '../json/document.ts';
import {
  JsonNumber,
  type LosslessObject,
  type LosslessValue,
  parseLossless,
  stringifyLossless,
} from '../json/lossless.ts';
import { belowRoot, elementOf, type Evaluation, findPlaces, isServerOwned } from './find-places.ts';
import { atOperation, inapplicable, malformed } from './patch-fault.ts';
import { checkOperationCount, WorkBudget } from './patch-limits.ts';
import { parsePatchPath, type PathStep } from './patch-path.ts';
import { addElement, partsOf, propertyFor, readValue, type ValuePart } from './patch-value.ts';
import {
  ensureHolder,
  type Holder,
  isRoot,
  type Place,
  readSlots,
  removePlace,
  rootPlace,
  type Slot,
  writeList,
  writeSingle,
  writeSlot,
} from './place.ts';

/** One operation, its parts by name. */
type Parts = ReadonlyMap<string, LosslessObject>;

interface Target extends Evaluation {
  readonly root: Place;
}

function textPart(parts: Parts, name: string, member: string): string {
  const value = parts.get(name)?.get(member);
  if (typeof value !== 'string') throw malformed(`the operation needs a part ${name} with a ${member}`);
  return value;
}

function indexPart(parts: Parts, name: string): number {
  const value = parts.get(name)?.get('valueInteger');
  const isIndex = value instanceof JsonNumber && /^\d{1,9}$/.test(value.text);
  if (!isIndex) throw malformed(`the operation needs a part ${name} with a valueInteger that is not negative`);
  return Number(value.text);
}

function valuePart(parts: Parts): ValuePart {
  const part = parts.get('value');
  if (!part) throw malformed('the operation needs a part value');
  return part;
}

function stepsOf(parts: Parts, { root }: Target): readonly PathStep[] {
  return belowRoot(parsePatchPath(textPart(parts, 'path', 'valueString')), root.type);
}

function onlyOne(places: readonly Place[]): Place {
  const [only, ...others] = places;
  if (!only) throw inapplicable('no element matches the path', 'not-found');
  if (others.length > 0) throw inapplicable('several elements match the path', 'multiple-matches');
  return only;
}

function refuseServerOwned(holder: Holder, property: string): void {
  if (isServerOwned(holder, property)) {
    throw inapplicable('id, meta.versionId and meta.lastUpdated cannot be patched', 'business-rule');
  }
}

/** The list that an insertion or a move works on; it need not be there yet. */
function listOf(parts: Parts, target: Target): { readonly holder: Holder; readonly property: string } {
  const steps = stepsOf(parts, target);
  const last = steps.at(-1);
  if (last?.kind !== 'element')
    throw malformed('the path must lead to a list, without an index or a function at its end');
  const holder = ensureHolder(onlyOne(findPlaces(target.root, steps.slice(0, -1), target)));
  const definition = elementOf(holder.type, last.name, target.elements);
  if (!definition) throw malformed(`the path names an element that ${holder.type} does not have`);
  if (!definition.many) throw inapplicable('the element does not repeat');
  return { holder, property: last.name };
}

/** The slots of a list, which an operation on it takes apart and puts together again. */
function slotsOf(holder: Holder, property: string, { spend }: Target): readonly Slot[] {
  const slots = readSlots(holder, property);
  spend(slots.length);
  return slots;
}

function checkIndex(index: number, bound: number, name: string): void {
  if (index >= bound) throw inapplicable(`${name} is beyond the end of the list`);
}

function add(parts: Parts, target: Target): void {
  const name = textPart(parts, 'name', 'valueString');
  const holder = ensureHolder(onlyOne(findPlaces(target.root, stepsOf(parts, target), target)));
  refuseServerOwned(holder, name);
  slotsOf(holder, name, target);
  addElement(holder, name, valuePart(parts), target.elements);
}

function insert(parts: Parts, target: Target): void {
  const { holder, property } = listOf(parts, target);
  const slots = slotsOf(holder, property, target);
  const index = indexPart(parts, 'index');
  checkIndex(index, slots.length + 1, 'index');
  const type = target.elements.property(holder.type, property)?.type ?? '';
  writeList(holder, property, slots.toSpliced(index, 0, readValue(valuePart(parts), type, target.elements)));
}

function remove(parts: Parts, target: Target): void {
  const places = findPlaces(target.root, stepsOf(parts, target), target);
  if (places.length === 0) return;
  const place = onlyOne(places);
  if (isRoot(place)) throw inapplicable('the resource itself cannot be deleted by a patch');
  refuseServerOwned(place.holder, place.property);
  removePlace(place);
}

/** The value of a choice may bring another type, which is another property. */
function replaceChoice({ holder, property }: Place, renamed: string, slot: Slot): void {
  if (renamed !== property) writeSingle(holder, property, { value: null, sibling: null });
  writeSingle(holder, renamed, slot);
}

function replace(parts: Parts, target: Target): void {
  const { elements } = target;
  const place = onlyOne(findPlaces(target.root, stepsOf(parts, target), target));
  if (isRoot(place)) throw inapplicable('the resource itself cannot be replaced by a patch');
  const { holder, property } = place;
  refuseServerOwned(holder, property);
  const part = valuePart(parts);
  const known = elements.property(holder.type, property);
  if (!known) throw inapplicable(`${holder.type} has no element of that name`);
  const renamed = propertyFor(holder.type, known.element, part, elements);
  const slot = readValue(part, elements.property(holder.type, renamed)?.type ?? known.type, elements);
  if (known.many) writeSlot(place, slot);
  else replaceChoice(place, renamed, slot);
}

function move(parts: Parts, target: Target): void {
  const { holder, property } = listOf(parts, target);
  const slots = slotsOf(holder, property, target);
  const source = indexPart(parts, 'source');
  const destination = indexPart(parts, 'destination');
  checkIndex(source, slots.length, 'source');
  checkIndex(destination, slots.length, 'destination');
  const moved = slots[source] as Slot;
  writeList(holder, property, slots.toSpliced(source, 1).toSpliced(destination, 0, moved));
}

const operations: ReadonlyMap<string, (parts: Parts, target: Target) => void> = new Map([
  ['add', add],
  ['insert', insert],
  ['delete', remove],
  ['replace', replace],
  ['move', move],
]);

function runOperation(parameter: LosslessValue, target: Target): void {
  if (!(parameter instanceof Map) || parameter.get('name') !== 'operation') {
    throw malformed('every parameter must be named operation');
  }
  const parts = new Map(partsOf(parameter));
  const run = operations.get(textPart(parts, 'type', 'valueCode'));
  if (!run) throw malformed('type must be add, insert, delete, replace or move');
  run(parts, target);
}

function listOfOperations({ text }: ResourceDocument): readonly LosslessValue[] {
  const parameters = parseLossless(text);
  const list = parameters instanceof Map ? (parameters.get('parameter') ?? []) : undefined;
  if (!Array.isArray(list)) throw invalid('A FHIRPath Patch is a Parameters resource', 'Parameters.parameter');
  checkOperationCount(list.length);
  return list;
}

/** The text of a resource with a FHIRPath Patch applied: all operations in their order, or none. Throws 400 for a malformed operation or a path beyond the supported FHIRPath, 422 for one that cannot be applied and 413 for one that costs too much; the error names the operation (`Parameters.parameter[2]`) and no values. The result is not validated. */
export function applyFhirPathPatch(text: string, parameters: ResourceDocument, elements: ElementModel): string {
  const resource = parseLossless(text);
  const type = resource instanceof Map ? resource.get('resourceType') : undefined;
  if (!(resource instanceof Map) || typeof type !== 'string') throw invalid('Only a resource can be patched');
  const target = { root: rootPlace(resource, type), elements, spend: new WorkBudget().spend };
  for (const [index, parameter] of listOfOperations(parameters).entries()) {
    atOperation(`Parameters.parameter[${index}]`, () => runOperation(parameter, target));
  }
  return stringifyLossless(resource);
}
