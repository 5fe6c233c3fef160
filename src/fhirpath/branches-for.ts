/** Which parts of a search parameter's union are about a type: `Patient.name | Practitioner.name`. https://hl7.org/fhir/R4/searchparameter-definitions.html#SearchParameter.expression */
import type { ElementModel } from '../fhir/element-model.ts';
import type { Expression } from './ast.ts';
import { isKindOf } from './type-hierarchy.ts';

function operandsOf(expression: Expression): readonly Expression[] {
  if (expression.kind !== 'binary' || expression.operator !== '|') return [expression];
  return [...operandsOf(expression.left), ...operandsOf(expression.right)];
}

/** The name that a path begins with. */
function rootOf(expression: Expression): string | undefined {
  switch (expression.kind) {
    case 'member':
      return expression.input ? rootOf(expression.input) : expression.name;
    case 'call':
    case 'indexer':
      return expression.input && rootOf(expression.input);
    case 'type':
      return rootOf(expression.operand);
    case 'binary':
      return rootOf(expression.left);
    default:
      return undefined;
  }
}

/** The operands of a union that begin with `type`, with what it is a kind of (`Resource.id`), or with no resource type at all. */
export function branchesFor(type: string, expression: Expression, elements: ElementModel): readonly Expression[] {
  return operandsOf(expression).filter((branch) => {
    const root = rootOf(branch);
    return root === undefined || elements.type(root)?.kind !== 'resource' || isKindOf(type, root, elements);
  });
}
