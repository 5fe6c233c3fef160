/** A profile's element with its parts and slices as one check. https://hl7.org/fhir/R4/profiling.html */
import type { ElementFacts, ElementNode } from '../snapshot/element-tree.ts';
import { bareName, type Cursor, childrenOf, pathOf } from './cursor.ts';
import { elementRules } from './element-rules.ts';
import { aggregationRule, targetRule } from './target-rule.ts';
import type { ProfileCheckOptions, Rule, Run } from './run.ts';
import { type Conforms, sliceTest } from './slice-test.ts';
import { checkSlicing, type Slice, type Slicing } from './slicing.ts';

export interface Compiling {
  readonly options: ProfileCheckOptions;
  /** Canonical of the profile. */
  readonly profile: string;
  /** What the type itself says of one of its elements. */
  baseOf(type: string, name: string): ElementFacts | undefined;
  /** Adds the issues of an element with regard to another profile. */
  checkProfile(cursor: Cursor, profile: string, run: Run): void;
  readonly conforms: Conforms;
}

/** The profiles that the element's type must conform to: one of them, where there are several. */
function typeProfileRule({ facts }: ElementNode, { checkProfile, conforms, profile }: Compiling): Rule | undefined {
  const profiles = (facts.type ?? []).flatMap(({ profile: urls = [] }) => urls);
  const [first, ...others] = profiles;
  if (first === undefined) return undefined;
  if (others.length === 0) return (cursor, run) => checkProfile(cursor, first, run);
  return (cursor, run) => {
    if (profiles.some((url) => conforms(cursor, url, run) !== false)) return;
    run.error('structure', `${profile} wants this to conform to one of ${profiles.join(', ')}`, cursor);
  };
}

/** Type narrowing, where children differ by type, is decided for each element that is there. */
function childRule(child: ElementNode, type: string, path: string, compiling: Compiling): Rule | undefined {
  const { options, profile } = compiling;
  const name = bareName(child.name);
  const base = compiling.baseOf(type, child.name);
  const { min = 0, max = '*' } = child.facts;
  const check = compileElement(child, { path: `${path}.${name}`, base }, compiling);
  const slicing = slicingOf(child, { path: `${path}.${name}`, base }, compiling);
  const minimum = min > (base?.min ?? 0) ? min : 0;
  const maximum = max === '*' || max === base?.max ? Number.POSITIVE_INFINITY : Number(max);
  if (!check && !slicing && minimum === 0 && maximum === Number.POSITIVE_INFINITY) return undefined;
  return (cursor, run) => {
    const items = childrenOf(cursor, name, options.properties);
    if (items.length < minimum)
      run.error(
        'required',
        `${profile} requires ${minimum === 1 ? 'this element' : `at least ${minimum} of this element`}`,
        pathOf(cursor, name),
      );
    if (items.length > maximum) {
      run.error(
        'structure',
        maximum === 0 ? `${profile} does not allow this element` : `${profile} allows at most ${maximum}`,
        pathOf(cursor, name),
      );
    }
    if (check) for (const item of items) check(item, run);
    if (slicing) checkSlicing(items, slicing, () => pathOf(cursor, name), run);
  };
}

interface Place {
  readonly path: string;
  readonly base: ElementFacts | undefined;
}

/** R4's name for the slice of whatever is in no other. https://hl7.org/fhir/R4/profiling.html#default-slice */
const isDefault = (name: string): boolean => name === '@default';

function slicesOf(
  entry: ElementNode,
  isPart: (name: string) => boolean,
  place: Place,
  compiling: Compiling,
): readonly Slice[] {
  const { discriminator = [] } = entry.facts.slicing ?? {};
  return [...entry.slices]
    .filter(([name]) => isPart(name))
    .sort(([one], [other]) => Number(isDefault(one)) - Number(isDefault(other)))
    .map(([name, node]): Slice => {
      const check = compileElement(node, place, compiling);
      const nested = resliceOf(entry, node, place, compiling);
      return {
        node,
        name,
        test: isDefault(name) ? () => true : sliceTest(node, discriminator, compiling),
        check: (cursor, run) => check?.(cursor, run),
        ...(nested && { slicing: nested }),
      };
    });
}

/** `a/b` is a slice of the slice `a`; both stand beside each other. */
function resliceOf(entry: ElementNode, slice: ElementNode, place: Place, compiling: Compiling): Slicing | undefined {
  const { slicing } = slice.facts;
  const prefix = `${slice.sliceName}/`;
  const isPart = (name: string): boolean => name.startsWith(prefix) && !name.slice(prefix.length).includes('/');
  const slices = slicing ? slicesOf({ ...entry, facts: slice.facts }, isPart, place, compiling) : [];
  if (!slicing || slices.length === 0) return undefined;
  return { profile: compiling.profile, rules: slicing.rules, isOrdered: slicing.ordered === true, slices };
}

function slicingOf(entry: ElementNode, place: Place, compiling: Compiling): Slicing | undefined {
  const slices = slicesOf(entry, (name) => !name.includes('/'), place, compiling);
  if (slices.length === 0) return undefined;
  const { rules = 'open', ordered = false } = entry.facts.slicing ?? {};
  return { profile: compiling.profile, rules, isOrdered: ordered, slices };
}

/** FHIR types that the parts of an element can have been unfolded from. */
function typesOf(node: ElementNode, path: string, { options }: Compiling): readonly string[] {
  if (options.elements.type(path)) return [path];
  const reference = node.facts.contentReference;
  if (reference !== undefined) return [reference.slice(reference.indexOf('#') + 1)];
  return (node.facts.type ?? []).map(({ code }) => code);
}

function childRules(node: ElementNode, type: string, path: string, compiling: Compiling): readonly Rule[] {
  return [...node.children.values()].flatMap((child) => childRule(child, type, path, compiling) ?? []);
}

/** Everything the profile says of an element that is there; undefined when that is no more than its type says. */
export function compileElement(node: ElementNode, { path, base }: Place, compiling: Compiling): Rule | undefined {
  const { options, profile } = compiling;
  const own = [
    ...elementRules({ facts: node.facts, base, path, profile }, options),
    typeProfileRule(node, compiling),
    targetRule(node.facts, base, compiling),
    aggregationRule(node.facts, compiling),
  ].filter((rule) => rule !== undefined);
  const [type = '', ...otherTypes] = typesOf(node, path, compiling);
  const parts = otherTypes.length === 0 || node.children.size > 0 ? childRules(node, type, path, compiling) : [];
  const rules = [...own, ...parts];
  if (rules.length === 0) return undefined;
  return (cursor, run) => {
    for (const rule of rules) {
      if (run.isFull) return;
      rule(cursor, run);
    }
  };
}
