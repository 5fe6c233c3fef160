/** Says explicitly what an expression is applied to. https://hl7.org/fhirpath/N1/#iifcriterion-expression-true-result-collection--otherwise-result-collection--collection */
import type { Expression } from '../ast.ts';

/** The expression with `input` in front of every path and function that has none. Arguments of functions have a focus of their own. */
export function withInput(expression: Expression, input: Expression): Expression {
  const apply = (part: Expression): Expression => withInput(part, input);
  switch (expression.kind) {
    case 'member':
    case 'call':
      return { ...expression, input: expression.input ? apply(expression.input) : input };
    case 'variable':
      return expression.name === 'this' ? input : expression;
    case 'indexer':
      return { ...expression, input: apply(expression.input) };
    case 'polarity':
    case 'type':
      return { ...expression, operand: apply(expression.operand) };
    case 'binary':
      return { ...expression, left: apply(expression.left), right: apply(expression.right) };
    default:
      return expression;
  }
}
