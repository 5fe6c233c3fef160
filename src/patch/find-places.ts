/** Evaluates the path of a patch operation to the places of the elements it leads to. https://hl7.org/fhir/R4/fhirpatch.html */
import type { ElementDefinition, ElementModel } from '../fhir/element-model.ts';
import { equalsLossless } from '../json/compare-lossless.ts';
import { JsonNumber, type LosslessValue } from '../json/lossless.ts';
import { malformed } from './patch-fault.ts';
import type { Criterion, Literal, PathStep } from './patch-path.ts';
import { type Holder, holderAt, isRoot, type Place, readSlots, slotAt } from './place.ts';

/** What an evaluation needs to know; `spend` is told of every place that is visited. */
export interface Evaluation {
  readonly elements: ElementModel;
  readonly spend: (visits: number) => void;
}

const capitalise = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

/** The definition of an element by its FHIR name (`value`, not `valueQuantity`). */
export function elementOf(type: string, name: string, elements: ElementModel): ElementDefinition | undefined {
  const known = elements.type(type)?.elements;
  return known && Object.hasOwn(known, name) ? known[name] : undefined;
}

/** The JSON properties in which an element may stand. */
export function propertiesOf(name: string, { choice, types }: ElementDefinition): readonly string[] {
  return choice ? types.map((type) => name + capitalise(type)) : [name];
}

function typeOf(value: LosslessValue, type: string): string {
  const own = type === 'Resource' && value instanceof Map ? value.get('resourceType') : undefined;
  return typeof own === 'string' ? own : type;
}

/** The places of all items of one property, as far as it is there. */
function placesOf(holder: Holder, property: string, { elements, spend }: Evaluation): readonly Place[] {
  const definition = elements.property(holder.type, property);
  const slots = readSlots(holder, property);
  spend(slots.length + 1);
  if (!definition) return [];
  return slots.map(({ value }, index) => ({
    holder,
    property,
    type: typeOf(value, definition.type),
    index: definition.many ? index : undefined,
  }));
}

/** Primitives have what every element has: an id and extensions. */
function definitionAt({ type }: Place, name: string, elements: ElementModel): ElementDefinition | undefined {
  const isPrimitive = elements.type(type)?.kind === 'primitive';
  return elementOf(isPrimitive ? 'Element' : type, name, elements);
}

/** None for an element that the type does not have: in a choice or among contained resources others may have it. */
function childrenOf(place: Place, name: string, evaluation: Evaluation): readonly Place[] {
  const definition = definitionAt(place, name, evaluation.elements);
  const holder = definition && holderAt(place);
  if (!holder) return [];
  return propertiesOf(name, definition).flatMap((property) => placesOf(holder, property, evaluation));
}

/** An element that none of the places can have is a mistake in the path, not an empty result. */
function checkName(places: readonly Place[], name: string, { elements }: Evaluation): void {
  const [first] = places;
  if (!first || places.some((place) => definitionAt(place, name, elements))) return;
  throw malformed(`the path names an element that ${first.type} does not have`);
}

function equalsLiteral(value: LosslessValue, { kind, text }: Literal): boolean {
  if (kind === 'number') return value instanceof JsonNumber && equalsLossless(value, new JsonNumber(text));
  return kind === 'boolean' ? typeof value === 'boolean' && String(value) === text : value === text;
}

/** FHIRPath compares collections, so several values are not equal to one literal. */
function fits(place: Place, { elements, literal }: Criterion, evaluation: Evaluation): boolean {
  const found = elements.reduce<readonly Place[]>(
    (places, name) => places.flatMap((one) => childrenOf(one, name, evaluation)),
    [place],
  );
  const [only] = found;
  if (!only || !literal) return only !== undefined;
  return found.length === 1 && equalsLiteral(slotAt(only).value, literal);
}

function takeStep(places: readonly Place[], step: PathStep, evaluation: Evaluation): readonly Place[] {
  evaluation.spend(places.length);
  if (step.kind === 'element') {
    checkName(places, step.name, evaluation);
    return places.flatMap((place) => childrenOf(place, step.name, evaluation));
  }
  if (step.kind === 'index') return places.slice(step.index, step.index + 1);
  if (step.kind === 'first') return places.slice(0, 1);
  if (step.kind === 'last') return places.slice(-1);
  if (step.kind === 'ofType') return places.filter(({ type }) => type === step.type);
  for (const { elements } of step.criteria) checkName(places, elements[0] ?? '', evaluation);
  return places.filter((place) => step.criteria.every((criterion) => fits(place, criterion, evaluation)));
}

/** The steps below the resource: its type (or one that it specialises) may stand first. */
export function belowRoot(steps: readonly PathStep[], type: string): readonly PathStep[] {
  const [first, ...rest] = steps;
  const names = [type, 'Resource', 'DomainResource'];
  return first?.kind === 'element' && names.includes(first.name) ? rest : steps;
}

/** All places that the steps lead to from a place, in the order of the resource. */
export function findPlaces(start: Place, steps: readonly PathStep[], evaluation: Evaluation): readonly Place[] {
  return steps.reduce<readonly Place[]>((places, step) => takeStep(places, step, evaluation), [start]);
}

/** True for what the server alone sets: id, meta.versionId and meta.lastUpdated of the resource. */
export function isServerOwned({ owner }: Holder, property: string): boolean {
  if (!owner) return false;
  if (isRoot(owner)) return property === 'id';
  const isMeta = owner.property === 'meta' && owner.holder.owner !== undefined && isRoot(owner.holder.owner);
  return isMeta && (property === 'versionId' || property === 'lastUpdated');
}
