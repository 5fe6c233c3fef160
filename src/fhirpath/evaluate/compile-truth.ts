/** Compiles an expression that is true, false or empty of a value of a known type. Presence, logic and comparison of one element with a text are read off the JSON; all else goes the general way. https://hl7.org/fhirpath/N1/ */
import type { ElementModel } from '../../fhir/element-model.ts';
import type { Binary, Call, Expression } from '../ast.ts';
import { type Children, propertiesOf } from './children.ts';
import { combineTruth, compileExpression, logicalOperators } from './compile-expression.ts';
import { chainOf, presenceOf } from './compile-presence.ts';
import type { InvariantContext } from './invocation.ts';
import { isObject, type Node, truthOf } from './node.ts';

/** `sibling` is the `_name` object of a primitive. May throw Unevaluable. */
export type Truth = (value: unknown, context: InvariantContext, sibling: unknown) => boolean | undefined;

export interface TruthOptions {
  readonly type: string;
  readonly elements: ElementModel;
  readonly children: Children;
}

function presence(call: Call, { type, elements }: TruthOptions): Truth | undefined {
  if (call.arguments.length > 0 || !call.input || (call.name !== 'exists' && call.name !== 'empty')) return undefined;
  const chain = chainOf(call.input, type, elements);
  const has = chain && chain.length > 0 ? presenceOf(chain, type, elements) : undefined;
  if (!has) return undefined;
  return call.name === 'exists' ? has : (value) => !has(value);
}

function negation(call: Call, options: TruthOptions): Truth | undefined {
  if (call.name !== 'not' || !call.input || call.arguments.length > 0) return undefined;
  const of = compileTruth(call.input, options);
  return (value, context, sibling) => {
    const truth = of(value, context, sibling);
    return truth === undefined ? undefined : !truth;
  };
}

/** `status = 'final'` of an element that stands once and has texts only. */
function comparison({ operator, left, right }: Binary, { type, elements }: TruthOptions): Truth | undefined {
  if (operator !== '=' && operator !== '!=') return undefined;
  if (right.kind !== 'literal' || right.type !== 'string') return undefined;
  const chain = chainOf(left, type, elements);
  const [name] = chain ?? [];
  if (name === undefined || chain?.length !== 1) return undefined;
  const element = elements.type(type)?.elements[name];
  const [property, ...others] = propertiesOf(elements, type, name);
  if (!property || others.length > 0 || element?.many || !['code', 'string', 'uri', 'id'].includes(property.type))
    return undefined;
  const { text } = right;
  const equals = operator === '=';
  return (value) => {
    const found = isObject(value) ? value[property.name] : undefined;
    return found === undefined ? undefined : (found === text) === equals;
  };
}

function logic({ operator, left, right }: Binary, options: TruthOptions): Truth | undefined {
  if (!logicalOperators.has(operator)) return undefined;
  const [one, other] = [compileTruth(left, options), compileTruth(right, options)];
  return (value, context, sibling) =>
    combineTruth(operator, one(value, context, sibling), () => other(value, context, sibling));
}

function general(expression: Expression, options: TruthOptions): Truth {
  const { type } = options;
  const evaluate = compileExpression(expression, options);
  return (value, context, sibling) => {
    const node: Node = sibling === undefined ? { value, type } : { value, type, sibling };
    return truthOf(evaluate(node, { context, start: node }));
  };
}

/** Throws Uncompilable for what is not known. */
export function compileTruth(expression: Expression, options: TruthOptions): Truth {
  const quick =
    expression.kind === 'call'
      ? (presence(expression, options) ?? negation(expression, options))
      : expression.kind === 'binary'
        ? (comparison(expression, options) ?? logic(expression, options))
        : undefined;
  return quick ?? general(expression, options);
}
