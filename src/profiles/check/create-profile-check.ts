/** Checks resources against profiles, which are compiled when they are first needed. https://hl7.org/fhir/R4/profiling.html */
import type { StructureDefinition } from 'fhir/r4.js';
import { type Issue, isError } from '../../fhir/issue.ts';
import type { Resource } from '../../fhir/resource.ts';
import { codingsIn } from '../../fhir/terminology.ts';
import type { InvariantContext } from '../../fhirpath/invariant/compile-invariant.ts';
import { isKindOf } from '../../fhirpath/type-hierarchy.ts';
import { isSnapshot, type Snapshot } from '../snapshot/create-snapshots.ts';
import { type ElementNode, elementTree } from '../snapshot/element-tree.ts';
import { compileElement, type Compiling } from './compile-element.ts';
import { type Cursor, cursorAt, expressionOf } from './cursor.ts';
import { ContextRules } from './context-rules.ts';
import { AllowedPlaces, type ExtensionPlace } from './extension-context.ts';
import { maximumDepth, type ProfileCheckOptions, type Rule, Run } from './run.ts';

export type { ProfileCheckOptions } from './run.ts';

/** The issues, or the canonical that is not known, or why the profile cannot be used. */
export type ProfileResult = { readonly issues: readonly Issue[] } | { readonly unknown: string };

/** Where a resource stands. */
export interface ResourcePlace {
  readonly path: string;
  readonly rootResource: object;
  readonly resolve?: (reference: string) => object | undefined;
  readonly wantsWarnings: boolean;
}

export interface ExtensionUse {
  /** The element that has the extension; the same object for the same element lets the answer be remembered. */
  readonly place: ExtensionPlace;
  /** FHIRPath of the extension. */
  readonly expression: string;
  readonly isModifier: boolean;
  /** JSON pointer, in the resource, of the object that has the extension. */
  readonly pointer: string;
  readonly resource: object;
  readonly rootResource: object;
  readonly resolve: ResourcePlace['resolve'];
  readonly wantsWarnings: boolean;
}

export interface ProfileCheck {
  /** Checks a resource that is valid R4; at most 100 issues, warnings among them. */
  check(resource: Resource, profile: string, place: ResourcePlace): ProfileResult;
  /** Whether this profile or extension can be checked. */
  isKnown(canonical: string): boolean;
  /** Checks an extension by the definition that its url names: its value, its parts and where it stands. */
  checkExtension(extension: object, use: ExtensionUse): readonly Issue[] | 'unknown';
}

interface Compiled {
  readonly definition: StructureDefinition;
  readonly root: ElementNode;
  readonly rule: Rule | undefined;
}

/** So many profiles and extensions are found at once. */
const maximumFound = 2_000;

const nothingToSay: Rule = () => {};

class Profiles implements ProfileCheck {
  readonly #options: ProfileCheckOptions;
  readonly #compiled = new WeakMap<Snapshot, Compiled>();
  readonly #places: AllowedPlaces;
  readonly #contexts: ContextRules;
  /** By canonical, as of the generation `#foundIn`: as long as nothing changes that a profile could depend on. */
  readonly #found = new Map<string, Compiled | { readonly unknown: string }>();
  #foundIn: number | undefined;

  constructor(options: ProfileCheckOptions) {
    this.#options = options;
    this.#places = new AllowedPlaces(options.elements);
    this.#contexts = new ContextRules(options);
  }

  isKnown(canonical: string): boolean {
    return !('unknown' in this.#find(canonical));
  }

  check(resource: Resource, profile: string, place: ResourcePlace): ProfileResult {
    const { path, rootResource, resolve, wantsWarnings } = place;
    const compiled = this.#find(profile);
    if ('unknown' in compiled) return compiled;
    const { type } = compiled.definition;
    if (!isKindOf(resource.resourceType, type, this.#options.elements)) {
      const diagnostics = `${profile} is a profile of ${type}`;
      return { issues: [{ severity: 'error', code: 'structure', diagnostics, expression: [path] }] };
    }
    const run = new Run(this.#context(resource, rootResource, resolve), wantsWarnings);
    compiled.rule?.(cursorAt(resource, resource.resourceType, path), run);
    return { issues: run.issues };
  }

  checkExtension(extension: object, use: ExtensionUse): readonly Issue[] | 'unknown' {
    const { url } = extension as { url?: unknown };
    const compiled = typeof url === 'string' ? this.#find(url) : { unknown: '' };
    if ('unknown' in compiled) return 'unknown';
    const { definition, rule, root } = compiled;
    const { place, pointer, expression, isModifier, resource, rootResource, resolve, wantsWarnings } = use;
    const context = this.#context(resource, rootResource, resolve);
    const occurrence = { extension, pointer, type: place.type, context };
    const run = new Run(context, wantsWarnings);
    if (definition.type !== 'Extension') run.error('extension', 'The url is not that of an extension', expression);
    if (!this.#places.allows(definition, place) && !this.#contexts.isSelected(definition, occurrence)) {
      run.error('extension', `${String(url)} may not stand here`, expression);
    }
    for (const broken of this.#contexts.broken(definition, occurrence)) {
      run.error('extension', `${String(url)} may only stand where this holds: ${broken}`, expression);
    }
    if ((root.facts.isModifier === true) !== isModifier) {
      run.error(
        'extension',
        isModifier ? `${String(url)} is no modifier extension` : `${String(url)} is a modifier extension`,
        expression,
      );
    }
    rule?.(cursorAt(extension, 'Extension', expression), run);
    return run.issues;
  }

  #context(resource: object, rootResource: object, resolve: ResourcePlace['resolve']): InvariantContext {
    return { resource, rootResource, resolve, memberOf: this.#memberOf, conformsTo: this.#conformsTo };
  }

  readonly #memberOf = (value: unknown, valueSet: string): boolean | undefined => {
    const [coding] = codingsIn(value);
    if (!coding) return undefined;
    const membership = this.#options.terminology.membership(valueSet, coding);
    return membership === 'unknown' ? undefined : membership === 'member';
  };

  readonly #conformsTo = (value: unknown, profile: string): boolean | undefined => {
    const type = String((value as { resourceType?: unknown }).resourceType);
    if (this.#options.elements.type(type)?.kind !== 'resource') return undefined;
    const result = this.check(value as Resource, profile, {
      path: type,
      rootResource: value as object,
      wantsWarnings: false,
    });
    return 'unknown' in result ? undefined : !result.issues.some(isError);
  };

  #find(canonical: string): Compiled | { readonly unknown: string } {
    const { generation } = this.#options.conformance;
    if (generation !== this.#foundIn || this.#found.size >= maximumFound) this.#found.clear();
    this.#foundIn = generation;
    const known = this.#found.get(canonical);
    if (known) return known;
    const definition = this.#options.conformance.find('StructureDefinition', canonical);
    // what is unknown is asked for each time: that is how it becomes known
    if (!definition) return { unknown: canonical };
    const found = this.#compiledOf(definition);
    this.#found.set(canonical, found);
    return found;
  }

  /** What a profile is made of may become known, or another, later: then it is made anew. */
  #compiledOf(definition: StructureDefinition): Compiled | { readonly unknown: string } {
    const { snapshotOf } = this.#options;
    const snapshot = snapshotOf(definition);
    if (!isSnapshot(snapshot)) return { unknown: snapshot.issue.diagnostics };
    const known = this.#compiled.get(snapshot);
    if (known) return known;
    const root = elementTree(snapshot);
    if (!root) return { unknown: 'its snapshot is malformed' };
    // profiles may lead back to themselves, as extensions of extensions do
    const compiled = {
      definition,
      root,
      rule: definition.derivation === 'constraint' ? this.#compile(definition, root) : undefined,
    };
    this.#compiled.set(snapshot, compiled);
    return compiled;
  }

  #compile(definition: StructureDefinition, root: ElementNode): Rule {
    const checkProfile = (cursor: Cursor, profile: string, run: Run): void => {
      const issues = this.#checkElement(cursor, profile, run);
      if (issues !== 'unknown') run.addAll(issues);
    };
    const compiling: Compiling = {
      options: this.#options,
      profile: definition.url,
      baseOf: (type, name) => this.#baseTree(type)?.children.get(name)?.facts,
      checkProfile,
      conforms: (cursor, profile, run) => {
        const issues = this.#checkElement(cursor, profile, run);
        return issues === 'unknown' ? undefined : !issues.some(isError);
      },
    };
    const base = this.#baseTree(definition.type)?.facts;
    return compileElement(root, { path: definition.type, base }, compiling) ?? nothingToSay;
  }

  /** The issues of one element, or of a resource elsewhere, by another profile. */
  #checkElement(cursor: Cursor, profile: string, run: Run): readonly Issue[] | 'unknown' {
    if (run.depth >= maximumDepth) return 'unknown';
    const compiled = this.#find(profile);
    if ('unknown' in compiled) return 'unknown';
    if (!isKindOf(cursor.type, compiled.definition.type, this.#options.elements)) {
      const diagnostics = `${profile} is a profile of ${compiled.definition.type}`;
      return [{ severity: 'error', code: 'structure', diagnostics, expression: [expressionOf(cursor)] }];
    }
    return run.once(cursor, compiled.definition, () => {
      const inner = run.within();
      compiled.rule?.(cursor, inner);
      return inner.issues;
    });
  }

  /** What R4 says of a type or, at `Patient.contact`, of a backbone element. */
  #baseTree(type: string): ElementNode | undefined {
    const [root = '', ...names] = type.split('.');
    const definition = this.#options.conformance.find(
      'StructureDefinition',
      `http://hl7.org/fhir/StructureDefinition/${root}`,
    );
    const snapshot = definition && this.#options.snapshotOf(definition);
    if (!snapshot || !isSnapshot(snapshot)) return undefined;
    const tree = this.#trees.get(snapshot) ?? elementTree(snapshot);
    if (tree) this.#trees.set(snapshot, tree);
    return names.reduce<ElementNode | undefined>((node, name) => node?.children.get(name), tree);
  }

  readonly #trees = new WeakMap<Snapshot, ElementNode>();
}

/** Profiles are compiled once for a snapshot; what they refer to is looked up each time, because it may become known later. */
export function createProfileCheck(options: ProfileCheckOptions): ProfileCheck {
  return new Profiles(options);
}
