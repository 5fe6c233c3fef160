/** The rules that definitions state in FHIRPath, as functions. https://hl7.org/fhir/R4/conformance-rules.html#constraints */
import type { ElementModel } from '../../fhir/element-model.ts';
import type { Expression } from '../ast.ts';
import { type Children, createChildren } from '../evaluate/children.ts';
import { compileExpression, Uncompilable } from '../evaluate/compile-expression.ts';
import { compileTruth, type Truth } from '../evaluate/compile-truth.ts';
import type { InvariantContext } from '../evaluate/invocation.ts';
import { Unevaluable } from '../evaluate/node.ts';
import { parse } from '../parse.ts';
import { interpretInvariant } from './interpreted-invariant.ts';
import { isBounded, withoutInterpreted } from './needs-interpreter.ts';
import { simplify } from './simplify.ts';

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

function compile(expression: Expression, type: string, elements: ElementModel): Truth {
  const options = { type, elements, children: childrenFor(elements) };
  const rest = withoutInterpreted(expression);
  if (!rest) return compileTruth(simplify(expression, type, elements), options);
  if (!isBounded(expression)) throw new Uncompilable();
  // refuses what neither knows
  compileTruth(rest, options);
  return interpretInvariant(expression, type);
}

/** RangeError: more values than the stack holds. TypeError: something of a shape that no schema has checked yet, such as a resourceType that is an object. */
const isOfData = (cause: unknown): boolean =>
  cause instanceof Unevaluable || cause instanceof RangeError || cause instanceof TypeError;

/** Compiles a rule about values of a FHIR type or backbone path. What is not compiled here runs in fhirpath.js, which takes 150 ms to load. Throws for what is no FHIRPath (FhirError) and for what neither knows. */
export function compileInvariant(expression: string, type: string, elements: ElementModel): Invariant {
  const truth = compile(parse(expression), type, elements);
  return (value, context, sibling) => {
    try {
      return truth(value, context, sibling);
    } catch (cause) {
      if (isOfData(cause)) return undefined;
      throw cause;
    }
  };
}

/** The parts of a value that an expression selects, and the `_name` objects of primitives; undefined where it cannot be evaluated. */
export type Selection = (value: unknown, context: InvariantContext) => readonly unknown[] | undefined;

/** Compiles an expression that selects parts of values of a FHIR type. Throws for what is no FHIRPath (FhirError) and for what is not compiled here. */
export function compileSelection(expression: string, type: string, elements: ElementModel): Selection {
  const evaluate = compileExpression(parse(expression), { elements, children: childrenFor(elements) });
  return (value, context) => {
    const start = { value, type };
    try {
      return evaluate(start, { context, start }).flatMap((node) => [node.value, node.sibling]);
    } catch (cause) {
      if (isOfData(cause)) return undefined;
      throw cause;
    }
  };
}

/** True when the rule is FHIRPath and runs without fhirpath.js. */
export function canCompile(expression: string, type: string, elements: ElementModel): boolean {
  try {
    const parsed = parse(expression);
    compileTruth(parsed, { type, elements, children: childrenFor(elements) });
    return withoutInterpreted(parsed) === undefined;
  } catch {
    return false;
  }
}
