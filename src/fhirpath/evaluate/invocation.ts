/** What a FHIRPath function is called with. https://hl7.org/fhirpath/N1/#functions */
import type { ElementModel } from '../../fhir/element-model.ts';
import type { Children } from './children.ts';
import type { Node, Nodes } from './node.ts';

/** Where an expression is evaluated. https://hl7.org/fhir/R4/fhirpath.html#variables */
export interface InvariantContext {
  /** `%resource`: the innermost resource around the value. */
  readonly resource: object;
  /** `%rootResource`: the one that contains `resource`, or itself. */
  readonly rootResource: object;
  /** `%extension`: the one whose rule is evaluated where it stands. */
  readonly extension?: object;
  /** What a reference means as far as it can be told without waiting; undefined when it cannot. */
  readonly resolve?: ((reference: string) => object | undefined) | undefined;
  /** Whether a value is in a value set; undefined when that is not known. */
  readonly memberOf?: (value: unknown, valueSet: string) => boolean | undefined;
  /** Whether a value conforms to a profile; undefined when that is not known. */
  readonly conformsTo?: (value: unknown, profile: string) => boolean | undefined;
}

export interface Scope {
  readonly context: InvariantContext;
  /** `%context` */
  readonly start: Node;
  /** `$index` and `$total` of the iteration around. */
  readonly index?: number;
  readonly total?: Nodes;
}

/** The values of an expression for one value, which is `$this`. */
export type Evaluate = (self: Node, scope: Scope) => Nodes;

export interface Invocation {
  readonly input: Nodes;
  readonly self: Node;
  readonly scope: Scope;
  readonly arguments: readonly Evaluate[];
  /** The argument as the name of a type. */
  readonly typeName: string | undefined;
  readonly children: Children;
  readonly elements: ElementModel;
}

export interface FunctionDefinition {
  readonly minimum: number;
  readonly maximum: number;
  run(invocation: Invocation): Nodes;
}

export const define = (minimum: number, maximum: number, run: FunctionDefinition['run']): FunctionDefinition => ({
  minimum,
  maximum,
  run,
});

/** The values of an argument that is not evaluated for each item. */
export function argumentOf({ arguments: given, self, scope }: Invocation, index: number): Nodes | undefined {
  return given[index]?.(self, scope);
}
