/** Binary operators but for `and`, `or`, `xor` and `implies`, which need not evaluate both sides. https://hl7.org/fhirpath/N1/#operations */
import { bounded } from './budget.ts';
import type { BinaryOperator } from '../ast.ts';
import { among, compare, distinct, equal, equivalent } from './compare.ts';
import { booleanNode, type Node, type Nodes, nothing, single, stringNode, truthNodes, Unevaluable } from './node.ts';

type Operator = (left: Nodes, right: Nodes) => Nodes;

const comparison =
  (accept: (order: number) => boolean): Operator =>
  (left, right) => {
    const order = compare(left, right);
    return order === undefined ? nothing : booleanNode(accept(order));
  };

const numberNodes = (value: number): Nodes =>
  Number.isFinite(value) ? [{ value, type: Number.isInteger(value) ? 'integer' : 'decimal' }] : nothing;

const arithmetic =
  (run: (left: number, right: number) => number): Operator =>
  (left, right) => {
    const [one, other] = [single(left)?.value, single(right)?.value];
    if (one === undefined || other === undefined) return nothing;
    if (typeof one !== 'number' || typeof other !== 'number') throw new Unevaluable();
    return numberNodes(run(one, other));
  };

const isText = (node: Node | undefined): boolean => typeof node?.value === 'string';

/** Adds numbers, and joins texts. Dates and durations are not computed with: no rule of R4 does. */
const plus: Operator = (left, right) => {
  const [one, other] = [single(left), single(right)];
  if (isText(one) && isText(other)) return stringNode(bounded(String(one?.value) + String(other?.value)));
  return arithmetic((first, second) => first + second)(left, right);
};

const join: Operator = (left, right) => {
  const texts = [left, right].map((nodes) => {
    const value = single(nodes)?.value;
    return typeof value === 'string' || typeof value === 'number' ? String(value) : '';
  });
  return stringNode(bounded(texts.join('')));
};

const isIn: Operator = (item, list) => {
  if (item.length === 0) return nothing;
  single(item);
  return booleanNode(among(item, list, true).length > 0);
};

const negated = (truth: boolean | undefined): Nodes => truthNodes(truth === undefined ? undefined : !truth);

export const operators: Readonly<Partial<Record<BinaryOperator, Operator>>> = {
  '=': (left, right) => truthNodes(equal(left, right)),
  '!=': (left, right) => negated(equal(left, right)),
  '~': (left, right) => booleanNode(equivalent(left, right)),
  '!~': (left, right) => booleanNode(!equivalent(left, right)),
  '<': comparison((order) => order < 0),
  '<=': comparison((order) => order <= 0),
  '>': comparison((order) => order > 0),
  '>=': comparison((order) => order >= 0),
  '|': (left, right) => distinct([...left, ...right]),
  in: isIn,
  contains: (list, item) => isIn(item, list),
  '+': plus,
  '-': arithmetic((left, right) => left - right),
  '*': arithmetic((left, right) => left * right),
  '/': arithmetic((left, right) => left / right),
  div: arithmetic((left, right) => Math.trunc(left / right)),
  mod: arithmetic((left, right) => left % right),
  '&': join,
};
