/** Elements of a snapshot or a differential as a tree; paths and ids are read once here and written once here. https://hl7.org/fhir/R4/elementdefinition.html#id */
import type { ElementDefinition } from 'fhir/r4.js';

/** What an element definition states, without the place where it states it. */
export type ElementFacts = Readonly<Omit<ElementDefinition, 'id' | 'path' | 'sliceName'>>;

/** Trees are never changed: who wants another tree shares what stays the same. */
export interface ElementNode {
  /** The last part of the path, such as `name` or `value[x]`. */
  readonly name: string;
  readonly sliceName?: string | undefined;
  readonly facts: ElementFacts;
  /** By name, in order. Empty where the type is not unfolded. */
  readonly children: ReadonlyMap<string, ElementNode>;
  /** By slice name, in order; a slice of a slice (`a/b`) stands beside it. */
  readonly slices: ReadonlyMap<string, ElementNode>;
}

interface Builder extends ElementNode {
  facts: ElementFacts;
  readonly children: Map<string, Builder>;
  readonly slices: Map<string, Builder>;
}

interface Step {
  readonly name: string;
  readonly sliceName?: string | undefined;
}

/** As deep as the JSON that a path could ever describe. */
const maximumDepth = 64;

const builder = ({ name, sliceName }: Step): Builder => ({
  name,
  sliceName,
  facts: {},
  children: new Map(),
  slices: new Map(),
});

function stepOf(part: string): Step {
  const colon = part.indexOf(':');
  return colon < 0 ? { name: part } : { name: part.slice(0, colon), sliceName: part.slice(colon + 1) };
}

/** Some write the path of a slice of `value[x]` as `valueQuantity`, and its id as it should be. */
const isNamed = (name: string, written: string | undefined): boolean =>
  name === written || (name.endsWith('[x]') && written?.startsWith(name.slice(0, -3)) === true);

/** The steps that the id tells; undefined unless it agrees with path and slice name, for ids in the wild are often made up. */
function stepsOfId({ id, path, sliceName }: ElementDefinition): readonly Step[] | undefined {
  const steps = id?.split('.').map(stepOf);
  const names = path.split('.');
  if (steps?.length !== names.length || steps.at(-1)?.sliceName !== sliceName) return undefined;
  return steps.every(({ name }, index) => isNamed(name, names[index])) ? steps : undefined;
}

/** Without a usable id an element belongs to the slices that were named last before it. */
function stepsOfPath({ path, sliceName }: ElementDefinition, previous: readonly Step[]): readonly Step[] {
  const names = path.split('.');
  let isUnder = true;
  return names.map((name, index) => {
    if (index === names.length - 1) return { name, sliceName: sliceName === name ? undefined : sliceName };
    const before = previous[index];
    isUnder &&= before?.name === name;
    return isUnder && before ? before : { name };
  });
}

function child(parent: Builder, step: Step): Builder {
  let entry = parent.children.get(step.name);
  if (!entry) parent.children.set(step.name, (entry = builder({ name: step.name })));
  if (step.sliceName === undefined) return entry;
  let slice = entry.slices.get(step.sliceName);
  if (!slice) entry.slices.set(step.sliceName, (slice = builder(step)));
  return slice;
}

/** The root of a list of elements; undefined when they do not begin with one root or are deeper than a resource can be. */
export function elementTree(elements: readonly ElementDefinition[]): ElementNode | undefined {
  const rootName = elements[0]?.path.split('.')[0];
  if (!rootName) return undefined;
  const root = builder({ name: rootName });
  let previous: readonly Step[] = [];
  for (const element of elements) {
    previous = stepsOfId(element) ?? stepsOfPath(element, previous);
    if (previous[0]?.name !== rootName || previous.length > maximumDepth) return undefined;
    const target = previous.slice(1).reduce(child, root);
    const { id: _id, path: _path, sliceName: _sliceName, ...facts } = element;
    target.facts = { ...target.facts, ...facts };
  }
  return root;
}

/** Every element under a root in the order of a snapshot, ids and paths written anew; undefined when there are more than `limit`. */
export function elementsOf(root: ElementNode, limit: number): ElementDefinition[] | undefined {
  const elements: ElementDefinition[] = [];
  const visit = (node: ElementNode, path: string, id: string): void => {
    if (elements.length > limit) return;
    const { sliceName } = node;
    elements.push({ id, path, ...(sliceName === undefined ? {} : { sliceName }), ...node.facts });
    for (const one of node.children.values()) visit(one, `${path}.${one.name}`, `${id}.${one.name}`);
    for (const one of node.slices.values()) visit(one, path, `${id}:${one.sliceName}`);
  };
  visit(root, root.name, root.name);
  return elements.length > limit ? undefined : elements;
}
