/** What of FHIRPath is not compiled here and left to fhirpath.js. https://hl7.org/fhirpath/N1/#functions */
import type { Expression } from '../ast.ts';
import { rewrite } from '../rewrite.ts';

/** How many arguments the functions take that only fhirpath.js has: at least, at most. */
const interpreted: ReadonlyMap<string, readonly [minimum: number, maximum: number]> = new Map([
  ['today', [0, 0]],
  ['now', [0, 0]],
  ['timeOfDay', [0, 0]],
  ['toQuantity', [0, 1]],
  ['convertsToQuantity', [0, 0]],
  ['type', [0, 0]],
  ['exp', [0, 0]],
  ['ln', [0, 0]],
  ['log', [1, 1]],
  ['power', [1, 1]],
  ['split', [1, 1]],
  ['join', [0, 1]],
  ['lastIndexOf', [1, 1]],
  ['matchesFull', [1, 1]],
  ['encode', [1, 1]],
  ['decode', [1, 1]],
  ['escape', [1, 1]],
  ['unescape', [1, 1]],
  ['lowBoundary', [0, 1]],
  ['highBoundary', [0, 1]],
]);

/** Their argument is evaluated for each item, or until nothing is new. */
const iterations: ReadonlySet<string> = new Set(['where', 'select', 'all', 'exists']);
const endless: ReadonlySet<string> = new Set(['repeat', 'aggregate']);
const deepest = 3;

/** How deep iterations stand in each other; infinite where one may have no end. */
function depthOf(expression: Expression | undefined): number {
  if (!expression) return 0;
  switch (expression.kind) {
    case 'member':
      return depthOf(expression.input);
    case 'call': {
      const within = Math.max(0, ...expression.arguments.map(depthOf)) + Number(iterations.has(expression.name));
      return endless.has(expression.name) ? Number.POSITIVE_INFINITY : Math.max(depthOf(expression.input), within);
    }
    case 'indexer':
      return Math.max(depthOf(expression.input), depthOf(expression.index));
    case 'polarity':
    case 'type':
      return depthOf(expression.operand);
    case 'binary':
      return Math.max(depthOf(expression.left), depthOf(expression.right));
    default:
      return 0;
  }
}

/** False for what fhirpath.js might work at for ever: it has no budget. */
export const isBounded = (expression: Expression): boolean => depthOf(expression) <= deepest;

const isQuantity = ({ kind }: Expression): boolean => kind === 'quantity';

/** A call of such a function, or a date and a duration: `birthDate + 18 years`. */
function isInterpreted(node: Expression): boolean {
  if (node.kind === 'call') {
    const [minimum, maximum] = interpreted.get(node.name) ?? [1, 0];
    return node.arguments.length >= minimum && node.arguments.length <= maximum;
  }
  return (
    node.kind === 'binary' && ['+', '-'].includes(node.operator) && (isQuantity(node.left) || isQuantity(node.right))
  );
}

const combine = (input: Expression, argument: Expression): Expression => ({
  kind: 'call',
  input,
  name: 'combine',
  arguments: [argument],
  position: argument.position,
});

/** The parts of a node as one collection: the least that says the same of which names are used. */
function partsOf(node: Expression): Expression {
  if (node.kind === 'call') {
    return node.arguments.reduce(combine, node.input ?? { kind: 'variable', name: 'this', position: node.position });
  }
  return node.kind === 'binary' ? combine(node.left, node.right) : node;
}

/** The expression with their parts in place of what only fhirpath.js can do; undefined when all of it can be compiled here, or none of it is known. What is left must compile, or fhirpath.js would not know it either. */
export function withoutInterpreted(expression: Expression): Expression | undefined {
  let isFound = false;
  const rest = rewrite(expression, (node) => {
    if (!isInterpreted(node)) return node;
    isFound = true;
    return partsOf(node);
  });
  return isFound ? rest : undefined;
}
