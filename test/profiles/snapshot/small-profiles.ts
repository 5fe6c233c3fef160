/** Small profiles and what is asked of their snapshots. https://hl7.org/fhir/R4/profiling.html */
import type { ElementDefinition, StructureDefinition } from 'fhir/r4.js';
import {
  createSnapshots,
  type Snapshot,
  type SnapshotFailure,
} from '../../../src/profiles/snapshot/create-snapshots.ts';
import { conformanceOf, snapshotIn, withoutSnapshots } from './definitions.ts';

export type Stated = Partial<ElementDefinition> & { readonly path: string };

export const r4 = 'http://hl7.org/fhir/StructureDefinition/';

/** A profile by the elements of its differential; the base is one of R4's by name or any canonical. */
export function profile(base: string, element: readonly Stated[], name = 'profile'): StructureDefinition {
  const [root = ''] = (element[0]?.path ?? base).split('.');
  return {
    resourceType: 'StructureDefinition',
    url: `http://example.org/${name}`,
    name,
    status: 'active',
    kind: 'resource',
    abstract: false,
    type: root,
    baseDefinition: base.includes(':') ? base : `${r4}${base}`,
    derivation: 'constraint',
    differential: { element: element as ElementDefinition[] },
  };
}

/** The snapshot of a profile among R4's and others. */
export const snapshotOf = (definition: StructureDefinition, ...others: readonly StructureDefinition[]): Snapshot =>
  snapshotIn([...withoutSnapshots, ...others], definition);

/** What comes of a profile where only `known` is known. */
export const resultOf = (
  definition: StructureDefinition,
  known: readonly StructureDefinition[] = withoutSnapshots,
): Snapshot | SnapshotFailure => createSnapshots(conformanceOf(known))(definition);

/** The ids of an element and of everything under it, in order. */
export const idsUnder = (snapshot: Snapshot, start: string): readonly string[] =>
  snapshot
    .map(({ id = '' }) => id)
    .filter((id) => id === start || id.startsWith(`${start}.`) || id.startsWith(`${start}:`));

/** The one element with an id. */
export function elementOf(snapshot: Snapshot, id: string): ElementDefinition {
  const found = snapshot.filter((element) => element.id === id);
  if (found.length !== 1 || !found[0]) throw new Error(`${found.length} elements have the id ${id}`);
  return found[0];
}

export const typesOf = (element: ElementDefinition): readonly string[] => element.type?.map(({ code }) => code) ?? [];
