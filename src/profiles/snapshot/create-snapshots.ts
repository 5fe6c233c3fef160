/** The snapshot of any StructureDefinition: its own, or one made from its differential and kept. https://hl7.org/fhir/R4/structuredefinition.html#snapshot */
import type { StructureDefinition } from 'fhir/r4.js';
import type { Conformance } from '../../fhir/conformance.ts';
import type { Issue } from '../../fhir/issue.ts';
import type { ElementNode } from './element-tree.ts';
import { generateSnapshot, heirTree, type Snapshot } from './generate-snapshot.ts';
import { SnapshotProblem } from './snapshot-problem.ts';

export type { Snapshot } from './generate-snapshot.ts';

export interface SnapshotFailure {
  readonly issue: Issue;
  /** The canonical of a definition that was needed and is not known here. */
  readonly missing?: string;
}

export type SnapshotOf = (definition: StructureDefinition) => Snapshot | SnapshotFailure;

export const isSnapshot = (result: Snapshot | SnapshotFailure): result is Snapshot => Array.isArray(result);

interface Made {
  readonly snapshot: Snapshot;
  /** What was looked up on the way and what was found: the snapshot is good as long as the same is found. */
  readonly uses: ReadonlyMap<string, StructureDefinition | undefined>;
}

interface Shop {
  readonly find: (canonical: string) => StructureDefinition | undefined;
  readonly made: WeakMap<StructureDefinition, Made>;
  readonly trees: WeakMap<Snapshot, ElementNode>;
}

type Heirs = readonly StructureDefinition[];

const maximumChain = 32;

const isCurrent = ({ uses }: Made, { find }: Shop): boolean =>
  [...uses].every(([canonical, found]) => find(canonical) === found);

function treeOf(definition: StructureDefinition, snapshot: Snapshot, { trees }: Shop): ElementNode {
  const known = trees.get(snapshot);
  if (known) return known;
  const tree = heirTree(definition, snapshot);
  trees.set(snapshot, tree);
  return tree;
}

function generate(definition: StructureDefinition, heirs: Heirs, shop: Shop): Made {
  const uses = new Map<string, StructureDefinition | undefined>();
  const findTree = (canonical: string): ElementNode | undefined => {
    const found = shop.find(canonical);
    uses.set(canonical, found);
    if (!found) return undefined;
    const made = make(found, heirs, shop);
    for (const [used, foundThen] of made.uses) uses.set(used, foundThen);
    return treeOf(found, made.snapshot, shop);
  };
  return { snapshot: generateSnapshot(definition, findTree), uses };
}

/** `heirs` are the definitions that are being made and wait for this one. */
function make(definition: StructureDefinition, heirs: Heirs, shop: Shop): Made {
  const stated = definition.snapshot?.element;
  if (stated && stated.length > 0) return { snapshot: stated, uses: new Map() };
  const kept = shop.made.get(definition);
  if (kept && isCurrent(kept, shop)) return kept;
  if (heirs.includes(definition)) throw new SnapshotProblem('it is built upon itself');
  if (heirs.length >= maximumChain) throw new SnapshotProblem(`it is built upon ${maximumChain} others or more`);
  const made = generate(definition, [...heirs, definition], shop);
  shop.made.set(definition, made);
  return made;
}

function failure({ url }: StructureDefinition, { message, missing }: SnapshotProblem): SnapshotFailure {
  const begin = `No snapshot can be made of ${url}: ${message}`;
  if (missing === undefined) return { issue: { severity: 'error', code: 'processing', diagnostics: begin } };
  return { issue: { severity: 'error', code: 'not-found', diagnostics: `${begin}: ${missing}` }, missing };
}

/**
 * Makes the function that gives the snapshot of a definition: the same array as long as what it was made of stays the same,
 * so that more can be kept by it in a WeakMap. Where none can be made it returns why, and what was missing; it never throws.
 */
export function createSnapshots(conformance: Conformance): SnapshotOf {
  const shop: Shop = {
    find: (canonical) => conformance.find('StructureDefinition', canonical),
    made: new WeakMap(),
    trees: new WeakMap(),
  };
  return (definition) => {
    try {
      return make(definition, [], shop).snapshot;
    } catch (problem) {
      if (problem instanceof SnapshotProblem) return failure(definition, problem);
      throw problem;
    }
  };
}
