/** The few FHIRPath forms that lead to a discriminator: `$this`, elements, `extension('url')`, `resolve()`, `ofType(T)`. https://hl7.org/fhir/R4/profiling.html#discriminator */
import { isKindOf } from '../../fhirpath/type-hierarchy.ts';
import type { ElementNode } from '../snapshot/element-tree.ts';
import { type Cursor, childrenOf, cursorAt, expressionOf, isObject } from './cursor.ts';
import type { ProfileCheckOptions, Run } from './run.ts';

type Step =
  | { readonly kind: 'element'; readonly name: string }
  | { readonly kind: 'extension'; readonly url: string }
  | { readonly kind: 'resolve' }
  | { readonly kind: 'type'; readonly type: string };

const stepPattern = /^(?:([A-Za-z]\w*)|extension\('([^']+)'\)|(resolve)\(\)|ofType\(([A-Za-z]+)\))(?:\.|$)/;

/** The steps of a path; undefined for a form that is not known. */
export function readDiscriminatorPath(path: string): readonly Step[] | undefined {
  const steps: Step[] = [];
  let rest = path.replace(/^\$this(?:\.|$)/, '');
  while (rest !== '') {
    const [whole, name, url, resolve, type] = stepPattern.exec(rest) ?? [];
    if (whole === undefined) return undefined;
    if (name !== undefined) steps.push({ kind: 'element', name });
    else if (url !== undefined) steps.push({ kind: 'extension', url });
    else if (resolve !== undefined) steps.push({ kind: 'resolve' });
    else steps.push({ kind: 'type', type: type ?? '' });
    rest = rest.slice(whole.length);
  }
  return steps;
}

function referenced(cursor: Cursor, { context }: Run): readonly Cursor[] {
  const { value } = cursor;
  const reference = isObject(value) ? value['reference'] : value;
  const target = typeof reference === 'string' ? context.resolve?.(reference) : undefined;
  if (!target) return [];
  const { resourceType } = target as { resourceType?: unknown };
  return [cursorAt(target, String(resourceType), expressionOf(cursor))];
}

function take(
  cursor: Cursor,
  step: Step,
  { run, options }: { run: Run; options: ProfileCheckOptions },
): readonly Cursor[] {
  switch (step.kind) {
    case 'element':
      return childrenOf(cursor, step.name, options.properties);
    case 'extension':
      return childrenOf(cursor, 'extension', options.properties).filter(
        ({ value }) => isObject(value) && value['url'] === step.url,
      );
    case 'resolve':
      return referenced(cursor, run);
    default:
      return isKindOf(cursor.type, step.type, options.elements) ? [cursor] : [];
  }
}

/** The elements that the path leads to. */
export function follow(
  start: Cursor,
  steps: readonly Step[],
  run: Run,
  options: ProfileCheckOptions,
): readonly Cursor[] {
  let cursors: readonly Cursor[] = [start];
  for (const step of steps) {
    const [only, ...others] = cursors;
    if (!only) return cursors;
    cursors =
      others.length === 0
        ? take(only, step, { run, options })
        : cursors.flatMap((cursor) => take(cursor, step, { run, options }));
  }
  return cursors;
}

const nextNodes = (node: ElementNode, step: Step): readonly ElementNode[] => {
  if (step.kind === 'resolve' || step.kind === 'type') return [node];
  if (step.kind === 'element') {
    const child = node.children.get(step.name) ?? node.children.get(`${step.name}[x]`);
    return child ? [child, ...child.slices.values()] : [];
  }
  const extension = node.children.get('extension');
  const slices = [...(extension?.slices.values() ?? [])];
  return slices.filter(({ facts }) =>
    facts.type?.some(({ profile = [] }) => profile.some((url) => url.split('|')[0] === step.url)),
  );
};

/** What the profile says of the elements that the path leads to, in a slice. */
export function nodesAt(slice: ElementNode, steps: readonly Step[]): readonly ElementNode[] {
  return steps.reduce<readonly ElementNode[]>((nodes, step) => nodes.flatMap((node) => nextNodes(node, step)), [slice]);
}

export type { Step };
