/** What is the same for every item of an iteration is evaluated once: `contained.where(id in %resource.descendants().reference)`. https://hl7.org/fhir/R4/fhirpath.html#variables */
import type { Call, Expression } from '../ast.ts';
import type { Evaluate } from './invocation.ts';
import type { Node, Nodes } from './node.ts';

/** Their argument is evaluated for each item of their own input. */
const iterations: ReadonlySet<string> = new Set(['where', 'select', 'all', 'exists', 'repeat']);
const typeFunctions: ReadonlySet<string> = new Set(['ofType', 'as', 'is']);
/** Their work grows with the resource. */
const extensive: ReadonlySet<string> = new Set(['descendants', 'children', 'repeat', 'where', 'select']);
const constants: ReadonlySet<string> = new Set(['resource', 'rootResource', 'context']);

function names(expression: Expression | undefined, test: (part: Expression) => boolean): boolean {
  if (!expression) return false;
  if (test(expression)) return true;
  const within = (part: Expression | undefined): boolean => names(part, test);
  switch (expression.kind) {
    case 'member':
      return within(expression.input);
    case 'call':
      return within(expression.input) || expression.arguments.some(within);
    case 'indexer':
      return within(expression.input) || within(expression.index);
    case 'polarity':
    case 'type':
      return within(expression.operand);
    case 'binary':
      return within(expression.left) || within(expression.right);
    default:
      return false;
  }
}

const isTotal = (part: Expression): boolean => part.kind === 'variable' && part.name === 'total';

function isFixedCall({ input, name, arguments: given }: Call): boolean {
  if (!input || !isFixed(input)) return false;
  if (typeFunctions.has(name)) return true;
  return iterations.has(name) ? !given.some((one) => names(one, isTotal)) : given.every(isFixed);
}

/** True when the value in hand has no part in it. */
function isFixed(expression: Expression): boolean {
  switch (expression.kind) {
    case 'constant':
      return constants.has(expression.name);
    case 'literal':
      return true;
    case 'member':
      return expression.input !== undefined && isFixed(expression.input);
    case 'call':
      return isFixedCall(expression);
    case 'binary':
      return isFixed(expression.left) && isFixed(expression.right);
    default:
      return false;
  }
}

/** `%resource.snapshot.element` may be thousands. */
const isPath = (part: Expression): boolean => part.kind === 'member' && part.input?.kind === 'member';

/** True for what is fixed and may take long. */
export const isWorthKeeping = (expression: Expression): boolean =>
  isFixed(expression) &&
  names(expression, (part) => isPath(part) || (part.kind === 'call' && extensive.has(part.name)));

/** Evaluates once for each evaluation of the whole expression, which has a start of its own. */
export function kept(evaluate: Evaluate): Evaluate {
  const found = new WeakMap<Node, Nodes>();
  return (self, scope) => {
    const known = found.get(scope.start);
    if (known) return known;
    const nodes = evaluate(self, scope);
    found.set(scope.start, nodes);
    return nodes;
  };
}
