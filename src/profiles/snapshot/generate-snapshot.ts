/** A snapshot made from a differential and the tree of its base. https://hl7.org/fhir/R4/profiling.html#snapshot */
import type { ElementDefinition, StructureDefinition } from 'fhir/r4.js';
import { applyDifferential } from './apply-differential.ts';
import { type ElementNode, elementTree, elementsOf } from './element-tree.ts';
import { inheritedFacts } from './merge-facts.ts';
import { SnapshotProblem } from './snapshot-problem.ts';
import { createUnfold, type FindTree } from './unfold.ts';

/**
 * Every element in the order of the specification. Not to be changed.
 * What an element states holds for its slices too, and is not repeated in them. Rules that are inherited name their source.
 */
export type Snapshot = readonly ElementDefinition[];

/** Ten times what the largest guides need; slices of slices could ask for any number. */
const maximumElements = 20_000;

/** The snapshot of a definition as those see it that build upon it. Throws a SnapshotProblem when the elements are no tree. */
export function heirTree({ url }: StructureDefinition, snapshot: Snapshot): ElementNode {
  const tree = elementTree(snapshot.map((element) => ({ ...element, ...inheritedFacts(element, url) })));
  if (!tree) throw new SnapshotProblem(`the snapshot of ${url} is no tree of elements`);
  return tree;
}

function constraining({ differential }: StructureDefinition, base: ElementNode): ElementNode | undefined {
  const elements = differential?.element ?? [];
  const tree = elementTree(elements);
  if (elements.length > 0 && tree?.name !== base.name) {
    throw new SnapshotProblem(`its differential is no tree of elements under ${base.name}`);
  }
  return tree;
}

/** Makes a snapshot, whatever is stated already. Throws a SnapshotProblem where the differential does not fit or something needed is not known. */
export function generateSnapshot(definition: StructureDefinition, find: FindTree): Snapshot {
  const { baseDefinition, derivation } = definition;
  if (!baseDefinition || derivation === 'specialization') {
    throw new SnapshotProblem('it defines a type of its own and has no snapshot');
  }
  const base = find(baseDefinition);
  if (!base) throw new SnapshotProblem('its base is not known', baseDefinition);
  const own = constraining(definition, base);
  const root = own ? applyDifferential(base, own, createUnfold(find)) : base;
  const snapshot = elementsOf(root, maximumElements);
  if (!snapshot) throw new SnapshotProblem(`it has more than ${maximumElements} elements`);
  return snapshot;
}
