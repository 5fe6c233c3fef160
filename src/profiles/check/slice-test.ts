/** Which slice an element belongs to, by the discriminators of the slicing. https://hl7.org/fhir/R4/profiling.html#slicing */
import type { ElementDefinitionSlicingDiscriminator } from 'fhir/r4.js';
import { type CodedValue, codingsIn } from '../../fhir/terminology.ts';
import { isOfType } from '../../fhirpath/type-hierarchy.ts';
import type { ElementNode } from '../snapshot/element-tree.ts';
import { type Cursor, childrenOf, isObject } from './cursor.ts';
import { follow, nodesAt, readDiscriminatorPath, type Step } from './discriminator-path.ts';
import { valueTest } from './match-value.ts';
import type { ProfileCheckOptions, Run } from './run.ts';

/** Whether an element has what makes it one of the slice; undefined when that is told by something that is not at hand. */
export type SliceTest = (cursor: Cursor, run: Run) => boolean | undefined;

/** Whether a value conforms to a profile; undefined when the profile cannot be checked. */
export type Conforms = (cursor: Cursor, profile: string, run: Run) => boolean | undefined;

interface Discriminating {
  readonly options: ProfileCheckOptions;
  readonly conforms: Conforms;
}

type Answers = readonly (boolean | undefined)[];

const any = (answers: Answers): boolean | undefined =>
  answers.includes(true) || (answers.includes(undefined) ? undefined : false);
const all = (answers: Answers): boolean | undefined =>
  !answers.includes(false) && (answers.includes(undefined) ? undefined : true);

function isMember(coding: CodedValue, valueSet: string, { terminology }: ProfileCheckOptions): boolean | undefined {
  const membership = terminology.membership(valueSet, coding);
  return membership === 'unknown' ? undefined : membership === 'member';
}

/** Values that the profile gives an element or, where it gives none, its parts. Undefined when it says nothing that tells slices apart. */
function statedTest(node: ElementNode, { options }: Discriminating): SliceTest | undefined {
  const stated = valueTest(node.facts);
  if (stated) return ({ value }) => stated.test(value);
  const parts = [...node.children.values()].flatMap((child) => {
    const test = statedTest(child, { options } as Discriminating);
    return test ? [{ name: child.name, test, isOptional: (child.facts.min ?? 0) === 0 }] : [];
  });
  if (parts.length > 0) {
    return (cursor, run) =>
      all(
        parts.map(({ name, test, isOptional }) => {
          const found = childrenOf(cursor, name, options.properties);
          return found.length === 0 ? isOptional && parts.length > 1 : any(found.map((one) => test(one, run)));
        }),
      );
  }
  const { binding } = node.facts;
  const valueSet = binding?.strength === 'required' ? binding.valueSet : undefined;
  if (valueSet === undefined) return undefined;
  return (cursor) => any(codingsIn(cursor.value).map((coding) => isMember(coding, valueSet, options)));
}

/** An extension is told by the URL of its definition. */
function extensionTest(slice: ElementNode): SliceTest | undefined {
  const urls = (slice.facts.type ?? []).flatMap(({ profile = [] }) => profile.map((url) => url.split('|')[0]));
  if (urls.length === 0) return undefined;
  return ({ value }) => isObject(value) && urls.includes(String(value['url']));
}

function valueDiscriminator(slice: ElementNode, steps: readonly Step[], parts: Discriminating): SliceTest | undefined {
  const isUrl = steps.length === 1 && steps[0]?.kind === 'element' && steps[0].name === 'url';
  const tests = nodesAt(slice, steps).flatMap((node) => statedTest(node, parts) ?? []);
  if (tests.length === 0) return isUrl ? extensionTest(slice) : undefined;
  return ofTargets(steps, parts, (found, run) => any(tests.map((test) => test(found, run))));
}

/** A test of what a path leads to. What is referred to and not at hand may be anything. */
function ofTargets(steps: readonly Step[], { options }: Discriminating, test: SliceTest): SliceTest {
  const end = steps.findIndex(({ kind }) => kind === 'resolve');
  const refers = ({ value }: Cursor): boolean => isObject(value) && typeof value['reference'] === 'string';
  const isAway = (cursor: Cursor, run: Run): boolean =>
    end >= 0 &&
    follow(cursor, steps.slice(0, end), run, options).some(refers) &&
    follow(cursor, steps.slice(0, end + 1), run, options).length === 0;
  return (cursor, run) => {
    const results = follow(cursor, steps, run, options).map((found) => test(found, run));
    return any(isAway(cursor, run) ? [...results, undefined] : results);
  };
}

function existsDiscriminator(
  slice: ElementNode,
  steps: readonly Step[],
  { options }: Discriminating,
): SliceTest | undefined {
  const nodes = nodesAt(slice, steps);
  const isForbidden = nodes.some(({ facts }) => facts.max === '0');
  const isRequired = nodes.some(({ facts }) => (facts.min ?? 0) > 0);
  if (!isForbidden && !isRequired) return undefined;
  return (cursor, run) => follow(cursor, steps, run, options).length > 0 === isRequired;
}

/** Of a reference, also the type that it only tells. */
function typesOf(cursor: Cursor, steps: readonly Step[], run: Run, { options }: Discriminating): readonly string[] {
  const found = follow(cursor, steps, run, options).map(({ type }) => type);
  if (found.length > 0 || steps.at(-1)?.kind !== 'resolve') return found;
  return follow(cursor, steps.slice(0, -1), run, options).flatMap(({ value }) => {
    const reference = isObject(value) ? value['reference'] : undefined;
    return typeof reference === 'string' ? (/([A-Z][A-Za-z]{1,63})\/[^/]{1,64}$/.exec(reference)?.[1] ?? []) : [];
  });
}

function typeDiscriminator(slice: ElementNode, steps: readonly Step[], parts: Discriminating): SliceTest | undefined {
  const isReference = steps.at(-1)?.kind === 'resolve';
  const types = nodesAt(slice, steps).flatMap(({ facts }) => facts.type ?? []);
  const { conformance, elements } = parts.options;
  const typeOfProfile = (url: string): string =>
    conformance.find('StructureDefinition', url)?.type ?? url.slice(url.lastIndexOf('/') + 1);
  const codes = isReference
    ? types.flatMap(({ targetProfile = [] }) => targetProfile.map(typeOfProfile))
    : types.map(({ code }) => code);
  if (codes.length === 0) return undefined;
  // the type is told by the reference, if not by its target
  const isAway = ofTargets(steps, parts, () => false);
  return (cursor, run) => {
    const found = typesOf(cursor, steps, run, parts);
    if (found.length === 0 && isReference) return isAway(cursor, run);
    return found.some((type) => codes.some((code) => isOfType(type, code, elements)));
  };
}

function profileDiscriminator(
  slice: ElementNode,
  steps: readonly Step[],
  parts: Discriminating,
): SliceTest | undefined {
  const isReference = steps.at(-1)?.kind === 'resolve';
  const profiles = nodesAt(slice, steps).flatMap(({ facts }) =>
    (facts.type ?? []).flatMap(({ profile = [], targetProfile = [] }) => (isReference ? targetProfile : profile)),
  );
  if (profiles.length === 0) return undefined;
  return ofTargets(steps, parts, (found, run) => any(profiles.map((profile) => parts.conforms(found, profile, run))));
}

type Discriminator = (slice: ElementNode, steps: readonly Step[], parts: Discriminating) => SliceTest | undefined;

/** Those of R4; a guide may use `position` of R5, which tells nothing here. */
const discriminators: ReadonlyMap<string, Discriminator> = new Map<string, Discriminator>([
  ['value', valueDiscriminator],
  ['pattern', valueDiscriminator],
  ['exists', existsDiscriminator],
  ['type', typeDiscriminator],
  ['profile', profileDiscriminator],
]);

/** An element is in a slice when every discriminator says so; undefined when none of them can tell. */
export function sliceTest(
  slice: ElementNode,
  given: readonly ElementDefinitionSlicingDiscriminator[],
  parts: Discriminating,
): SliceTest | undefined {
  const isExtension = slice.name === 'extension' || slice.name === 'modifierExtension';
  if (given.length === 0) return isExtension ? extensionTest(slice) : statedTest(slice, parts);
  const tests = given.map(({ type, path }) => {
    const steps = readDiscriminatorPath(path);
    return steps && discriminators.get(type)?.(slice, steps, parts);
  });
  const usable = tests.filter((test) => test !== undefined);
  if (usable.length === 0) return undefined;
  const [only] = usable;
  if (usable.length === 1) return only;
  return (cursor, run) => all(usable.map((test) => test(cursor, run)));
}
