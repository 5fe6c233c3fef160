/** What definitions of extensions say in FHIRPath about where these may stand. https://hl7.org/fhir/R4/structuredefinition-definitions.html#StructureDefinition.contextInvariant */
import type { StructureDefinition } from 'fhir/r4.js';
import type { InvariantContext } from '../../fhirpath/invariant/compile-invariant.ts';
import type { ProfileCheckOptions } from './run.ts';

/** An extension where it stands. */
export interface Occurrence {
  readonly extension: object;
  /** JSON pointer, in the resource, of the object that has the extension: of a primitive its `_name`. */
  readonly pointer: string;
  /** FHIR type of the element that has it. */
  readonly type: string;
  readonly context: InvariantContext;
}

type Json = Readonly<Record<string, unknown>>;

/** What stands where the names lead; undefined where they lead nowhere. */
export const valueAt = (resource: object, names: readonly string[]): unknown =>
  names.reduce<unknown>((value, name) => (value as Json | undefined)?.[name], resource);

/** The element that has the extension: its value and, of a primitive, the `_name` object. */
function bearerOf({ pointer, context: { resource } }: Occurrence) {
  const names = pointer === '' ? [] : pointer.slice(1).split('/');
  const found = valueAt(resource, names);
  const isPrimitive = names.slice(-2).some((name) => name.startsWith('_'));
  if (!isPrimitive) return { value: found, sibling: undefined };
  return {
    value: valueAt(
      resource,
      names.map((name) => name.replace(/^_/, '')),
    ),
    sibling: found,
  };
}

type Compile<Compiled> = (expression: string, type: string) => Compiled | undefined;

/** Compiles each expression for each type once; what cannot be compiled is undefined. */
function remembered<Compiled>(compile: (expression: string, type: string) => Compiled): Compile<Compiled> {
  const known = new Map<string, Compiled | undefined>();
  return (expression, type) => {
    const key = `${type} ${expression}`;
    if (known.has(key)) return known.get(key);
    let compiled: Compiled | undefined;
    try {
      compiled = compile(expression, type);
    } catch {
      compiled = undefined;
    }
    if (known.size >= maximumExpressions) known.clear();
    known.set(key, compiled);
    return compiled;
  };
}

const maximumExpressions = 1_000;

export class ContextRules {
  readonly #selected = new WeakMap<object, Map<string, ReadonlySet<unknown> | undefined>>();
  readonly #selection: Compile<ReturnType<ProfileCheckOptions['compileSelection']>>;
  readonly #invariant: Compile<ReturnType<ProfileCheckOptions['compileInvariant']>>;

  constructor({ elements, compileSelection, compileInvariant }: ProfileCheckOptions) {
    this.#selection = remembered((expression, type) => compileSelection(expression, type, elements));
    this.#invariant = remembered((expression, type) => compileInvariant(expression, type, elements));
  }

  /** True when an expression among the contexts selects the element that has the extension, or is not understood here. */
  isSelected({ context: contexts = [] }: StructureDefinition, occurrence: Occurrence): boolean {
    return contexts.some(({ type, expression }) => {
      if (type !== 'fhirpath') return false;
      const selected = this.#selectedBy(expression, occurrence.context);
      if (!selected) return true;
      const { value, sibling } = bearerOf(occurrence);
      return selected.has(sibling ?? value);
    });
  }

  /** Worked out once for a resource: it may have thousands of extensions. */
  #selectedBy(expression: string, context: InvariantContext): ReadonlySet<unknown> | undefined {
    const { resource } = context;
    const known = this.#selected.get(resource) ?? new Map<string, ReadonlySet<unknown> | undefined>();
    this.#selected.set(resource, known);
    if (known.has(expression)) return known.get(expression);
    const { resourceType } = resource as { resourceType?: unknown };
    const found = this.#selection(expression, String(resourceType))?.(resource, context);
    const selected = found && new Set(found);
    known.set(expression, selected);
    return selected;
  }

  /** The rules that are broken where the extension stands; those that are not understood here hold. */
  broken({ contextInvariant }: StructureDefinition, occurrence: Occurrence): readonly string[] {
    if (!contextInvariant) return [];
    const { value, sibling } = bearerOf(occurrence);
    const context = { ...occurrence.context, extension: occurrence.extension };
    return contextInvariant.filter(
      (rule) => this.#invariant(rule, occurrence.type)?.(value, context, sibling) === false,
    );
  }
}
