/** The FHIRPath syntax tree. https://hl7.org/fhirpath/N1/grammar.html */

/** What every node has: where it begins in the expression, as an offset in UTF-16 units. */
interface Node {
  readonly position: number;
}

/** `{}`: the empty collection. */
export interface Empty extends Node {
  readonly kind: 'empty';
}

/** `text` keeps the writing of numbers (`1.50`) and dates (`2020-02`, without the `@`); of strings it is the decoded value. */
export interface Literal extends Node {
  readonly kind: 'literal';
  readonly type: 'boolean' | 'string' | 'integer' | 'decimal' | 'date' | 'dateTime' | 'time';
  readonly text: string;
}

/** `4 'mg'` (UCUM) or `4 days` (calendar). */
export interface Quantity extends Node {
  readonly kind: 'quantity';
  readonly value: string;
  readonly unit: string;
  readonly system: 'ucum' | 'calendar';
}

/** `$this`, `$index`, `$total`, named without the `$`. */
export interface Variable extends Node {
  readonly kind: 'variable';
  readonly name: 'this' | 'index' | 'total';
}

/** `%resource`, `%ucum`, `%'vs-name'`, named without the `%`. */
export interface Constant extends Node {
  readonly kind: 'constant';
  readonly name: string;
}

/** `input.name`; without an input `name` starts at the focus, and may be the name of a type. */
export interface Member extends Node {
  readonly kind: 'member';
  readonly input: Expression | undefined;
  readonly name: string;
}

/** `input.name(arguments)`. A type argument, as of `ofType(Quantity)`, is written as a member: see `typeNameOf`. */
export interface Call extends Node {
  readonly kind: 'call';
  readonly input: Expression | undefined;
  readonly name: string;
  readonly arguments: readonly Expression[];
}

/** `input[index]` */
export interface Indexer extends Node {
  readonly kind: 'indexer';
  readonly input: Expression;
  readonly index: Expression;
}

/** `-operand` or `+operand` */
export interface Polarity extends Node {
  readonly kind: 'polarity';
  readonly operator: '+' | '-';
  readonly operand: Expression;
}

export type BinaryOperator =
  | ('*' | '/' | 'div' | 'mod')
  | ('+' | '-' | '&')
  | '|'
  | ('<=' | '<' | '>' | '>=')
  | ('=' | '~' | '!=' | '!~')
  | ('in' | 'contains')
  | 'and'
  | ('or' | 'xor')
  | 'implies';

export interface Binary extends Node {
  readonly kind: 'binary';
  readonly operator: BinaryOperator;
  readonly left: Expression;
  readonly right: Expression;
}

/** `operand is type` or `operand as type`; `type` may be qualified: `FHIR.Patient`, `System.String`. */
export interface TypeOperation extends Node {
  readonly kind: 'type';
  readonly operator: 'is' | 'as';
  readonly operand: Expression;
  readonly type: string;
}

export type Expression =
  | Empty
  | Literal
  | Quantity
  | Variable
  | Constant
  | Member
  | Call
  | Indexer
  | Polarity
  | Binary
  | TypeOperation;

/** Binary operators by how tightly they bind; `is` and `as` stand among them. All associate to the left. */
export const precedence: ReadonlyMap<string, number> = new Map(
  [
    ['implies'],
    ['or', 'xor'],
    ['and'],
    ['in', 'contains'],
    ['=', '~', '!=', '!~'],
    ['<=', '<', '>', '>='],
    ['|'],
    ['is', 'as'],
    ['+', '-', '&'],
    ['*', '/', 'div', 'mod'],
  ].flatMap((operators, level) => operators.map((operator): [string, number] => [operator, level + 1])),
);

/** The type that a member chain names (`Quantity`, `FHIR.Quantity`), as the argument of `is()`, `as()` and `ofType()`; undefined for any other expression. */
export function typeNameOf(expression: Expression | undefined): string | undefined {
  if (expression?.kind !== 'member') return undefined;
  if (!expression.input) return expression.name;
  const qualifier = typeNameOf(expression.input);
  return qualifier && `${qualifier}.${expression.name}`;
}
