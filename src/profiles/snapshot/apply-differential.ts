/** The tree of a base constrained by the tree of a differential. https://hl7.org/fhir/R4/profiling.html#snapshot */
import { expandShortcuts, impliedSlicing, typeNamed } from './choice-shortcuts.ts';
import type { ElementFacts, ElementNode } from './element-tree.ts';
import { mergeFacts } from './merge-facts.ts';
import { SnapshotProblem } from './snapshot-problem.ts';

type Nodes = ReadonlyMap<string, ElementNode>;

/** An element whose children are wanted: what it then is, and its children. */
export interface Unfolded {
  readonly facts: ElementFacts;
  readonly children: Nodes;
}

/** Finds the children of an element that has none yet, in its type, profile or content reference. */
export type Unfold = (facts: ElementFacts) => Unfolded;

function constrainedChildren(base: Nodes, own: Nodes, unfold: Unfold): Nodes {
  if (own.size === 0) return base;
  const constraining = expandShortcuts(base, own);
  for (const name of constraining.keys()) {
    if (!base.has(name)) throw new SnapshotProblem(`${name} is no element of what it constrains`);
  }
  const constrained = (node: ElementNode): ElementNode => {
    const ownNode = constraining.get(node.name);
    return ownNode ? applyDifferential(node, ownNode, unfold) : node;
  };
  return new Map([...base].map(([name, node]) => [name, constrained(node)]));
}

/** Slices of slices of slices and so on; more are taken for part of the name. */
const maximumReslices = 8;

/** The slice that `a/b` is a slice of: the longest name before a slash that is a slice. */
function parentName(slices: Nodes, name: string): string | undefined {
  let parent = name;
  for (let level = 0; level < maximumReslices && parent.includes('/'); level++) {
    parent = parent.slice(0, parent.lastIndexOf('/'));
    if (slices.has(parent)) return parent;
  }
  return undefined;
}

/** A slice begins as what it slices, with no minimum of its own. */
function newSlice(entry: ElementNode, slices: Nodes, name: string): ElementNode {
  const sliced = slices.get(parentName(slices, name) ?? '') ?? entry;
  const { slicing: _slicing, ...facts } = sliced.facts;
  const type = typeNamed(entry, name);
  return {
    name: entry.name,
    sliceName: name,
    facts: { ...facts, min: 0, ...(type ? { type: [type] } : {}) },
    children: sliced.children,
    slices: new Map(),
  };
}

/** Slices of a slice follow it, as a snapshot wants it. */
function inOrder(slices: Nodes): Nodes {
  const families = new Map<string | undefined, ElementNode[]>();
  for (const [name, slice] of slices) {
    const parent = parentName(slices, name);
    const family = families.get(parent);
    if (family) family.push(slice);
    else families.set(parent, [slice]);
  }
  if (families.size <= 1) return slices;
  const descendants = (parent: string | undefined): [string, ElementNode][] =>
    (families.get(parent) ?? []).flatMap((slice) => [[slice.sliceName ?? '', slice], ...descendants(slice.sliceName)]);
  return new Map(descendants(undefined));
}

function constrainedSlices(base: ElementNode, own: ElementNode, unfold: Unfold): Nodes {
  if (own.slices.size === 0) return base.slices;
  const slices = new Map(base.slices);
  for (const [name, slice] of own.slices) {
    slices.set(name, applyDifferential(slices.get(name) ?? newSlice(base, slices, name), slice, unfold));
  }
  return inOrder(slices);
}

/** `base` as `own` constrains it. Throws a SnapshotProblem where `own` names what `base` does not have. */
export function applyDifferential(base: ElementNode, own: ElementNode, unfold: Unfold): ElementNode {
  const merged = mergeFacts(base.facts, own.facts);
  const isUnfolded = base.children.size > 0 || own.children.size === 0;
  const { facts, children } = isUnfolded ? { facts: merged, children: base.children } : unfold(merged);
  const implied = own.slices.size > 0 && !facts.slicing ? impliedSlicing(base, own.slices.keys()) : undefined;
  return {
    name: base.name,
    sliceName: base.sliceName,
    facts: implied ? { ...facts, slicing: implied } : facts,
    children: constrainedChildren(children, own.children, unfold),
    slices: constrainedSlices(base, own, unfold),
  };
}
