/** The rules that definitions state in FHIRPath, as functions. https://hl7.org/fhir/R4/conformance-rules.html#constraints */
import type { ElementModel } from '../../fhir/element-model.ts';
import { type Children, createChildren } from '../evaluate/children.ts';
import { compileTruth } from '../evaluate/compile-truth.ts';
import type { InvariantContext } from '../evaluate/invocation.ts';
import { Unevaluable } from '../evaluate/node.ts';
import { parse } from '../parse.ts';

export type { InvariantContext } from '../evaluate/invocation.ts';

/** True, false, or undefined for empty and for what cannot be evaluated. `sibling` is the `_name` object of a primitive value. */
export type Invariant = (value: unknown, context: InvariantContext, sibling?: unknown) => boolean | undefined;

/** What is worked out of an element model serves all expressions. */
const childrenOf = new WeakMap<ElementModel, Children>();

function childrenFor(elements: ElementModel): Children {
  const known = childrenOf.get(elements) ?? createChildren(elements);
  childrenOf.set(elements, known);
  return known;
}

/** Compiles a rule about values of a FHIR type or backbone path. Throws for what is no FHIRPath (FhirError) and for what is not known here. */
export function compileInvariant(expression: string, type: string, elements: ElementModel): Invariant {
  const truth = compileTruth(parse(expression), { type, elements, children: childrenFor(elements) });
  return (value, context, sibling) => {
    try {
      return truth(value, context, sibling);
    } catch (cause) {
      if (cause instanceof Unevaluable) return undefined;
      throw cause;
    }
  };
}
