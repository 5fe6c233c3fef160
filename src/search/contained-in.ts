/** The resources that a resource contains, in their places. https://hl7.org/fhir/R4/references.html#contained */
import type { Resource } from '../fhir/resource.ts';
import { membersOf } from './shapes.ts';

const isResource = (value: unknown): value is Resource => typeof membersOf(value)['resourceType'] === 'string';

/** Where each contained resource stands, by its id. */
export function placesOf(contained: readonly (Resource | undefined)[]): ReadonlyMap<string, number> {
  return new Map(contained.flatMap((one, place) => (one?.id === undefined ? [] : [[one.id, place] as const])));
}

/** One for each item of `contained`; undefined where it is none. */
export function containedIn({ contained }: Resource): readonly (Resource | undefined)[] {
  if (!Array.isArray(contained)) return [];
  return contained.map((value: unknown) => (isResource(value) ? value : undefined));
}
