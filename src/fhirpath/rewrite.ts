/** Syntax trees made from other ones. */
import type { Expression } from './ast.ts';

/** Replaces every node by what `change` makes of it, from the leaves up. */
export function rewrite(expression: Expression, change: (node: Expression) => Expression): Expression {
  const again = (part: Expression): Expression => rewrite(part, change);
  switch (expression.kind) {
    case 'member':
      return change({ ...expression, input: expression.input && again(expression.input) });
    case 'call':
      return change({
        ...expression,
        input: expression.input && again(expression.input),
        arguments: expression.arguments.map(again),
      });
    case 'indexer':
      return change({ ...expression, input: again(expression.input), index: again(expression.index) });
    case 'polarity':
    case 'type':
      return change({ ...expression, operand: again(expression.operand) });
    case 'binary':
      return change({ ...expression, left: again(expression.left), right: again(expression.right) });
    default:
      return change(expression);
  }
}
