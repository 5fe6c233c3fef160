/** `valueQuantity` in a differential means the slice of `value[x]` that is a Quantity. https://hl7.org/fhir/R4/profiling.html#slicing */
import type { ElementDefinitionSlicing, ElementDefinitionType } from 'fhir/r4.js';
import type { ElementNode } from './element-tree.ts';

type Children = ReadonlyMap<string, ElementNode>;

interface Shortcut {
  readonly node: ElementNode;
  readonly choice: ElementNode;
  readonly type: ElementDefinitionType;
}

const capitalized = (code: string): string => code.slice(0, 1).toUpperCase() + code.slice(1);

/** Slices by type; `closed` where nothing but the sliced types is allowed. */
const byType = (rules: 'open' | 'closed'): ElementDefinitionSlicing => ({
  discriminator: [{ type: 'type', path: '$this' }],
  ordered: false,
  rules,
});

const byUrl: ElementDefinitionSlicing = {
  discriminator: [{ type: 'value', path: 'url' }],
  ordered: false,
  rules: 'open',
};

/** The type that a name such as `valueQuantity` means for the choice `value[x]`, if that choice has it. */
export function typeNamed({ name, facts }: ElementNode, typedName: string): ElementDefinitionType | undefined {
  if (!name.endsWith('[x]')) return undefined;
  const stem = name.slice(0, -3);
  return facts.type?.find(({ code }) => `${stem}${capitalized(code)}` === typedName);
}

/** Extensions are sliced by url, and choices by type, also where no slicing says so. */
export function impliedSlicing(entry: ElementNode, sliceNames: Iterable<string>): ElementDefinitionSlicing | undefined {
  if (entry.name === 'extension' || entry.name === 'modifierExtension') return byUrl;
  return [...sliceNames].every((name) => typeNamed(entry, name)) ? byType('open') : undefined;
}

function shortcut(base: Children, node: ElementNode): Shortcut | undefined {
  for (const choice of base.values()) {
    const type = typeNamed(choice, node.name);
    if (type) return { node, choice, type };
  }
  return undefined;
}

/** Where neither the base nor the differential slices the choice, its shortcuts leave nothing but their types. */
function withSlices(entry: ElementNode, shortcuts: readonly Shortcut[]): ElementNode {
  const isSliced = entry.facts.slicing !== undefined || entry.slices.size > 0;
  const isSlicedBefore = shortcuts.some(({ choice }) => choice.facts.slicing !== undefined);
  const narrowed = { type: shortcuts.map(({ type }) => type), ...entry.facts, slicing: byType('closed') };
  const slices = shortcuts.map(({ node }) => [node.name, { ...node, name: entry.name, sliceName: node.name }] as const);
  return {
    ...entry,
    facts: isSliced || isSlicedBefore ? entry.facts : narrowed,
    slices: new Map([...entry.slices, ...slices]),
  };
}

const emptyNode = (name: string): ElementNode => ({ name, facts: {}, children: new Map(), slices: new Map() });

/** Children of a differential with every shortcut written out as a slice of its choice. Names that are neither stay as they are. */
export function expandShortcuts(base: Children, own: Children): Children {
  const expanded = new Map<string, ElementNode>();
  const shortcuts = new Map<string, Shortcut[]>();
  for (const [name, node] of own) {
    const found = base.has(name) ? undefined : shortcut(base, node);
    if (!found) expanded.set(name, node);
    else shortcuts.set(found.choice.name, [...(shortcuts.get(found.choice.name) ?? []), found]);
  }
  for (const [name, found] of shortcuts) {
    expanded.set(name, withSlices(expanded.get(name) ?? emptyNode(name), found));
  }
  return expanded;
}
