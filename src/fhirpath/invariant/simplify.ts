/** Says the same in terms that are read off the JSON without making collections: most values that a rule is about lack most elements that it names. https://hl7.org/fhirpath/N1/#boolean-logic */
import type { ElementModel } from '../../fhir/element-model.ts';
import type { Binary, BinaryOperator, Call, Expression, Member } from '../ast.ts';

/** Functions that make nothing of nothing. */
const keepsEmpty: ReadonlySet<string> = new Set(
  (
    'where select ofType as repeat extension resolve trace children descendants ' +
    'first last tail skip take single distinct intersect exclude'
  ).split(' '),
);

/** What functions that always answer make of nothing. */
const ofNothing: ReadonlyMap<string, boolean> = new Map([
  ['exists', false],
  ['empty', true],
  ['all', true],
  ['isDistinct', true],
]);

const orders: Readonly<Partial<Record<BinaryOperator, (left: number, right: number) => boolean>>> = {
  '=': (left, right) => left === right,
  '!=': (left, right) => left !== right,
  '<': (left, right) => left < right,
  '<=': (left, right) => left <= right,
  '>': (left, right) => left > right,
  '>=': (left, right) => left >= right,
};

const logical: ReadonlySet<string> = new Set(['and', 'or', 'xor', 'implies']);
const texts: ReadonlySet<string> = new Set(['code', 'string', 'uri', 'id']);

const call = (input: Expression, name: string): Call => ({ kind: 'call', input, name, arguments: [], position: 0 });
const binary = (operator: BinaryOperator, left: Expression, right: Expression): Binary => ({
  kind: 'binary',
  operator,
  left,
  right,
  position: left.position,
});

/** True, or false, and never empty. */
function isDefinite(expression: Expression): boolean {
  if (expression.kind === 'binary') {
    return logical.has(expression.operator) && isDefinite(expression.left) && isDefinite(expression.right);
  }
  if (expression.kind !== 'call' || !expression.input) return false;
  return ofNothing.has(expression.name) || (expression.name === 'not' && isDefinite(expression.input));
}

/** The operands of `a | b | c`, when all of them are texts. */
function textsIn(expression: Expression): readonly Expression[] | undefined {
  if (expression.kind === 'literal') return expression.type === 'string' ? [expression] : undefined;
  if (expression.kind !== 'binary' || expression.operator !== '|') return undefined;
  const [left, right] = [textsIn(expression.left), textsIn(expression.right)];
  return left && right && [...left, ...right];
}

class Simplifier {
  readonly #elements: ElementModel;
  readonly #type: string;

  constructor(elements: ElementModel, type: string) {
    this.#elements = elements;
    this.#type = type;
  }

  /** For expressions whose value is wanted as a Boolean. */
  truth(expression: Expression): Expression {
    if (expression.kind === 'call') return this.#call(expression);
    if (expression.kind !== 'binary') return expression;
    const { operator, left, right } = expression;
    if (logical.has(operator)) return { ...expression, left: this.truth(left), right: this.truth(right) };
    if (operator === 'in') return this.#membership(left, right) ?? expression;
    return this.#ofCount(expression) ?? this.#sameness(expression);
  }

  #call(expression: Call): Expression {
    const { input, name } = expression;
    if (!input) return expression;
    if (name === 'not' && isDefinite(input)) return { ...expression, input: this.truth(input) };
    const answer = ofNothing.get(name);
    if (answer === undefined || (expression.arguments.length === 0 && this.#isPath(input))) return expression;
    return this.#unlessEmpty(input, answer, expression);
  }

  /** `a = b` of Booleans that are never empty is logic. */
  #sameness(expression: Binary): Expression {
    const { operator, left, right } = expression;
    if ((operator !== '=' && operator !== '!=') || !isDefinite(left) || !isDefinite(right)) return expression;
    const differ = binary('xor', this.truth(left), this.truth(right));
    return operator === '=' ? call(differ, 'not') : differ;
  }

  /** `a.count() > 1`, where the count of nothing answers it. */
  #ofCount(expression: Binary): Expression | undefined {
    const { operator, left, right } = expression;
    const order = orders[operator];
    if (!order || left.kind !== 'call' || left.name !== 'count' || !left.input) return undefined;
    if (right.kind !== 'literal' || right.type !== 'integer') return undefined;
    return this.#unlessEmpty(left.input, order(0, Number(right.text)), expression);
  }

  /** `status in ('a' | 'b')` of an element that stands once. */
  #membership(item: Expression, list: Expression): Expression | undefined {
    const values = textsIn(list);
    const element = item.kind === 'member' && !item.input ? this.#element(item.name) : undefined;
    if (!values || !element || element.many || element.types.some((type) => !texts.has(type))) return undefined;
    return values.map((value) => binary('=', item, value)).reduce((before, value) => binary('or', before, value));
  }

  /** Puts a look at the first element of the path in front. */
  #unlessEmpty(input: Expression, answer: boolean, expression: Expression): Expression {
    const head = this.#headOf(input);
    if (!head || !this.#element(head.name)) return expression;
    return answer ? binary('or', call(head, 'empty'), expression) : binary('and', call(head, 'exists'), expression);
  }

  /** The element without which the whole is empty. */
  #headOf(expression: Expression): Member | undefined {
    if (expression.kind === 'indexer') return this.#headOf(expression.input);
    if (expression.kind === 'call') {
      return expression.input && keepsEmpty.has(expression.name) ? this.#headOf(expression.input) : undefined;
    }
    if (expression.kind !== 'member') return undefined;
    return expression.input ? this.#headOf(expression.input) : expression;
  }

  #isPath(expression: Expression): boolean {
    return expression.kind === 'member' && (!expression.input || this.#isPath(expression.input));
  }

  /** Of a resource within a resource nobody knows the elements before; and a name may be that of a type. */
  #element(name: string) {
    const definition = this.#elements.type(this.#type);
    if (!definition || definition.kind === 'primitive' || this.#type === 'Resource') return undefined;
    if (this.#elements.type(name) || !Object.hasOwn(definition.elements, name)) return undefined;
    return definition.elements[name];
  }
}

/** An expression with the same answer, true, false or empty, for every value of the type. */
export function simplify(expression: Expression, type: string, elements: ElementModel): Expression {
  return new Simplifier(elements, type).truth(expression);
}
