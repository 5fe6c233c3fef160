/** Every way in which R4's definitions forbid to change a valid resource. https://hl7.org/fhir/R4/conformance-rules.html */
import { wrongCodes, wrongExtensions, wrongReferences } from './meaning-mutations.ts';
import type { Resource } from '../../../src/fhir/resource.ts';
import type { Json, Mutation, Place } from './mutation.ts';
import { propertyOf } from './official-elements.ts';
import { wrongContained, wrongNarrative } from './resource-mutations.ts';
import * as shape from './shape-mutations.ts';

const isDomainResource = (type: string): boolean => propertyOf(type, 'contained') !== undefined;

const ofElements = [
  shape.missing,
  shape.wrongCount,
  shape.wrongTypes,
  shape.empties,
  shape.badFormats,
  shape.wrongSiblings,
  shape.wrongChoices,
  wrongCodes,
  wrongReferences,
];

/** Of an object and of all that is in it; resources within it are left alone. */
function* ofObject(place: Place): Generator<Mutation> {
  yield* shape.unknownElements(place);
  yield* wrongExtensions(place);
  for (const occurrence of shape.occurrencesIn(place)) {
    for (const mutate of ofElements) yield* mutate(occurrence);
    for (const inner of shape.placesIn(occurrence)) yield* ofObject(inner);
  }
}

/** Of a resource. */
export function* mutationsOf(resource: Resource): Generator<Mutation> {
  const type = resource.resourceType;
  const place = { target: resource as unknown as Json, type, expression: type };
  yield* ofObject(place);
  if (!isDomainResource(type)) return;
  yield* wrongContained(place);
  yield* wrongNarrative(place);
}
