/** The children of an element whose definition has none: those of its type, its profile or the element it refers to. https://hl7.org/fhir/R4/elementdefinition.html#ElementDefinition.contentReference */
import type { Unfold, Unfolded } from './apply-differential.ts';
import type { ElementFacts, ElementNode } from './element-tree.ts';
import { SnapshotProblem } from './snapshot-problem.ts';

/** Looks a definition's tree up by canonical; undefined when it is not known here. */
export type FindTree = (canonical: string) => ElementNode | undefined;

/** Types of R4 go by their names, others by whole URLs. */
const typeUrl = (type: string): string =>
  type.includes(':') ? type : `http://hl7.org/fhir/StructureDefinition/${type}`;

/** R4 gives `id` and `url` types of FHIRPath, whole URLs that define nothing but a value. */
const isDefined = (code: string): boolean => !code.startsWith('http://hl7.org/fhirpath/');

/** What a content reference refers to: `#Observation.referenceRange`, later with a whole URL before it. Slices in it are passed over, they have the same children. */
function referred(contentReference: string, find: FindTree): ElementNode {
  const [url = '', path = ''] = contentReference.split('#');
  const [root = '', ...names] = path.split('.').map((part) => part.split(':', 1)[0] ?? '');
  const canonical = url === '' ? typeUrl(root) : url;
  const tree = find(canonical);
  if (!tree) throw new SnapshotProblem('the type of a content reference is not known', canonical);
  const target = names.reduce<ElementNode | undefined>((node, name) => node?.children.get(name), tree);
  if (!target) throw new SnapshotProblem(`nothing is at the content reference ${contentReference}`);
  return target;
}

/** Several types share what every element has. */
function typeTree({ type = [] }: ElementFacts, find: FindTree): ElementNode | undefined {
  const [only, ...others] = type;
  const profiles = others.length === 0 ? (only?.profile ?? []) : [];
  const profile = profiles.length === 1 ? find(profiles[0] ?? '') : undefined;
  if (profile) return profile;
  const canonical = typeUrl(only && others.length === 0 && isDefined(only.code) ? only.code : 'Element');
  const tree = find(canonical);
  if (!tree) throw new SnapshotProblem('the type of an element is not known', canonical);
  return tree;
}

/** Unfolds one level. A profile of the type that is not known leaves the type itself. */
export const createUnfold =
  (find: FindTree): Unfold =>
  (facts): Unfolded => {
    if (facts.contentReference === undefined) {
      return { facts, children: typeTree(facts, find)?.children ?? new Map() };
    }
    const { contentReference, ...others } = facts;
    const { facts: target, children } = referred(contentReference, find);
    return { facts: { ...others, ...(target.type ? { type: target.type } : {}) }, children };
  };
