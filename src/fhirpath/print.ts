/** A syntax tree back to FHIRPath text, with parentheses only where they are needed. https://hl7.org/fhirpath/N1/grammar.html */
import { type Expression, type Literal, precedence } from './ast.ts';

const signLevel = 11;
const termLevel = 12;

const plainName = /^[A-Za-z_][A-Za-z0-9_]*$/;
const keywords = new Set(['true', 'false', 'and', 'or', 'xor', 'implies', 'div', 'mod', 'as', 'is', 'in', 'contains']);

const quote = (text: string, mark: string): string =>
  mark +
  text.replace(/[\\'`"\f\n\r\t]/g, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`) +
  mark;
const printName = (name: string): string => (plainName.test(name) && !keywords.has(name) ? name : quote(name, '`'));
const printTypeName = (name: string): string => name.split('.').map(printName).join('.');

function printLiteral({ type, text }: Literal): string {
  if (type === 'string') return quote(text, "'");
  return type === 'date' || type === 'dateTime' || type === 'time' ? `@${text}` : text;
}

function levelOf(expression: Expression): number {
  if (expression.kind === 'binary' || expression.kind === 'type') return precedence.get(expression.operator) ?? 0;
  return expression.kind === 'polarity' ? signLevel : termLevel;
}

/** Prints a part of an expression, in parentheses when it binds looser than `level`. */
function printAt(level: number, expression: Expression): string {
  const text = print(expression);
  return levelOf(expression) < level ? `(${text})` : text;
}

const printInput = (input: Expression | undefined): string => (input ? `${printAt(termLevel, input)}.` : '');

/** The text whose `parse` is this tree (but for positions). */
export function print(expression: Expression): string {
  switch (expression.kind) {
    case 'empty':
      return '{}';
    case 'literal':
      return printLiteral(expression);
    case 'quantity':
      return `${expression.value} ${expression.system === 'ucum' ? quote(expression.unit, "'") : expression.unit}`;
    case 'variable':
      return `$${expression.name}`;
    case 'constant':
      return `%${printName(expression.name)}`;
    case 'member':
      return printInput(expression.input) + printName(expression.name);
    case 'call':
      return `${printInput(expression.input)}${printName(expression.name)}(${expression.arguments.map(print).join(', ')})`;
    case 'indexer':
      return `${printAt(termLevel, expression.input)}[${print(expression.index)}]`;
    case 'polarity':
      return expression.operator + printAt(signLevel, expression.operand);
    case 'type': {
      const operand = printAt(levelOf(expression), expression.operand);
      return `${operand} ${expression.operator} ${printTypeName(expression.type)}`;
    }
    default: {
      const level = levelOf(expression);
      return `${printAt(level, expression.left)} ${expression.operator} ${printAt(level + 1, expression.right)}`;
    }
  }
}
