/** Which slice an element belongs to, by the discriminators of the slicing. https://hl7.org/fhir/R4/profiling.html#slicing */
import type { ElementDefinitionSlicingDiscriminator } from 'fhir/r4.js';
import { codingsIn } from '../../fhir/terminology.ts';
import { isOfType } from '../../fhirpath/type-hierarchy.ts';
import type { ElementNode } from '../snapshot/element-tree.ts';
import { type Cursor, childrenOf, isObject } from './cursor.ts';
import { follow, nodesAt, readDiscriminatorPath, type Step } from './discriminator-path.ts';
import { valueTest } from './match-value.ts';
import type { ProfileCheckOptions, Run } from './run.ts';

/** True when an element has what makes it one of the slice. */
export type SliceTest = (cursor: Cursor, run: Run) => boolean;

/** Whether a value conforms to a profile; a profile that is not known fits nothing. */
export type Conforms = (cursor: Cursor, profile: string, run: Run) => boolean;

interface Discriminating {
  readonly options: ProfileCheckOptions;
  readonly conforms: Conforms;
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
      parts.every(({ name, test, isOptional }) => {
        const found = childrenOf(cursor, name, options.properties);
        return found.length === 0 ? isOptional && parts.length > 1 : found.some((one) => test(one, run));
      });
  }
  const { binding } = node.facts;
  const valueSet = binding?.strength === 'required' ? binding.valueSet : undefined;
  if (valueSet === undefined) return undefined;
  return (cursor) =>
    codingsIn(cursor.value).some((coding) => options.terminology.membership(valueSet, coding) === 'member');
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
  return (cursor, run) =>
    follow(cursor, steps, run, parts.options).some((found) => tests.some((test) => test(found, run)));
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
  return (cursor, run) =>
    typesOf(cursor, steps, run, parts).some((type) => codes.some((code) => isOfType(type, code, elements)));
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
  return (cursor, run) =>
    follow(cursor, steps, run, parts.options).some((found) =>
      profiles.some((profile) => parts.conforms(found, profile, run)),
    );
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
  return (cursor, run) => usable.every((test) => test(cursor, run));
}
