/** FHIRPath text to a syntax tree, by precedence climbing. https://hl7.org/fhirpath/N1/grammar.html */
import { type BinaryOperator, type Expression, precedence, type Variable } from './ast.ts';
import { lex, syntaxError, type Token, type TokenKind } from './lex.ts';

/** How deep parentheses, arguments, indexers and signs may nest: bounds the recursion, here and in whoever walks the tree. */
const maximumNesting = 100;

const calendarUnits = new Set(
  ['year', 'month', 'week', 'day', 'hour', 'minute', 'second', 'millisecond'].flatMap((unit) => [unit, `${unit}s`]),
);
/** Words that cannot be names unless delimited; `as`, `is`, `in` and `contains` can. */
const reserved = new Set(['true', 'false', 'and', 'or', 'xor', 'implies', 'div', 'mod']);

/** A place in the token list. */
class Tokens {
  private readonly tokens: readonly Token[];
  private at = 0;
  private depth = 0;

  constructor(tokens: readonly Token[]) {
    this.tokens = tokens;
  }

  get next(): Token {
    return this.tokens[this.at] as Token;
  }

  take(): Token {
    const token = this.next;
    if (token.kind !== 'end') this.at++;
    return token;
  }

  /** Takes the next token if it is this symbol. */
  takes(symbol: string): boolean {
    const found = this.next.kind === 'symbol' && this.next.text === symbol;
    if (found) this.at++;
    return found;
  }

  expect(symbol: string): void {
    if (!this.takes(symbol)) throw this.unexpected(`"${symbol}"`);
  }

  unexpected(expected: string): Error {
    return syntaxError(expected, this.next.position);
  }

  /** Reads what is nested one level deeper. */
  nested<Value>(read: () => Value): Value {
    if (++this.depth > maximumNesting) throw this.unexpected(`at most ${maximumNesting} levels of nesting`);
    const value = read();
    this.depth--;
    return value;
  }
}

function parseName(tokens: Tokens): string {
  const { kind, text } = tokens.next;
  if (kind !== 'delimited' && (kind !== 'identifier' || reserved.has(text))) throw tokens.unexpected('a name');
  return tokens.take().text;
}

function parseTypeName(tokens: Tokens): string {
  let name = parseName(tokens);
  while (tokens.takes('.')) name += `.${parseName(tokens)}`;
  return name;
}

function parseArguments(tokens: Tokens): readonly Expression[] {
  if (tokens.takes(')')) return [];
  const parseArgument = (): Expression => tokens.nested(() => parseExpression(tokens, 1));
  const found = [parseArgument()];
  while (tokens.takes(',')) found.push(parseArgument());
  tokens.expect(')');
  return found;
}

/** `name`, `name(…)`, or one of the variables. */
function parseInvocation(tokens: Tokens, input: Expression | undefined): Expression {
  const { position, kind, text } = tokens.next;
  if (kind === 'variable' && !input) {
    tokens.take();
    return { kind: 'variable', name: text as Variable['name'], position };
  }
  const name = parseName(tokens);
  if (!tokens.takes('(')) return { kind: 'member', input, name, position };
  return { kind: 'call', input, name, arguments: parseArguments(tokens), position };
}

function parseNumber(tokens: Tokens): Expression {
  const { text, position } = tokens.take();
  const unit = tokens.next;
  if (unit.kind === 'string' || (unit.kind === 'identifier' && calendarUnits.has(unit.text))) {
    tokens.take();
    return {
      kind: 'quantity',
      value: text,
      unit: unit.text,
      system: unit.kind === 'string' ? 'ucum' : 'calendar',
      position,
    };
  }
  return { kind: 'literal', type: text.includes('.') ? 'decimal' : 'integer', text, position };
}

function parseConstant(tokens: Tokens, position: number): Expression {
  const name = tokens.next.kind === 'string' ? tokens.take().text : parseName(tokens);
  return { kind: 'constant', name, position };
}

function parseSymbol(tokens: Tokens): Expression {
  const { position } = tokens.next;
  if (tokens.takes('%')) return parseConstant(tokens, position);
  if (tokens.takes('{')) {
    tokens.expect('}');
    return { kind: 'empty', position };
  }
  if (!tokens.takes('(')) throw tokens.unexpected('an expression');
  const inner = tokens.nested(() => parseExpression(tokens, 1));
  tokens.expect(')');
  return inner;
}

type LiteralKind = Extract<TokenKind, 'string' | 'date' | 'dateTime' | 'time'>;
const literalKinds: ReadonlySet<string> = new Set<LiteralKind>(['string', 'date', 'dateTime', 'time']);

function parseTerm(tokens: Tokens): Expression {
  const { kind, text, position } = tokens.next;
  if (kind === 'number') return parseNumber(tokens);
  if (kind === 'symbol') return parseSymbol(tokens);
  if (literalKinds.has(kind)) {
    tokens.take();
    return { kind: 'literal', type: kind as LiteralKind, text, position };
  }
  if (kind === 'identifier' && (text === 'true' || text === 'false')) {
    tokens.take();
    return { kind: 'literal', type: 'boolean', text, position };
  }
  if (kind === 'end') throw tokens.unexpected('an expression');
  return parseInvocation(tokens, undefined);
}

/** A term and the `.name`, `.name(…)` and `[index]` that follow it. */
function parsePostfix(tokens: Tokens): Expression {
  let expression = parseTerm(tokens);
  for (;;) {
    const { position } = tokens.next;
    if (tokens.takes('.')) {
      expression = parseInvocation(tokens, expression);
    } else if (tokens.takes('[')) {
      const index = tokens.nested(() => parseExpression(tokens, 1));
      tokens.expect(']');
      expression = { kind: 'indexer', input: expression, index, position };
    } else return expression;
  }
}

/** A sign binds looser than `.` and tighter than every binary operator. */
function parseSigned(tokens: Tokens): Expression {
  const { position } = tokens.next;
  const operator = tokens.takes('-') ? '-' : tokens.takes('+') ? '+' : undefined;
  if (!operator) return parsePostfix(tokens);
  return { kind: 'polarity', operator, operand: tokens.nested(() => parseSigned(tokens)), position };
}

/** The binary operator that comes next and how tightly it binds; 0 when there is none. */
function nextPrecedence({ next }: Tokens): number {
  if (next.kind !== 'symbol' && next.kind !== 'identifier') return 0;
  return precedence.get(next.text) ?? 0;
}

function parseExpression(tokens: Tokens, minimum: number): Expression {
  let left = parseSigned(tokens);
  for (let level = nextPrecedence(tokens); level >= minimum; level = nextPrecedence(tokens)) {
    const { text: operator, position } = tokens.take();
    if (operator === 'is' || operator === 'as') {
      left = { kind: 'type', operator, operand: left, type: parseTypeName(tokens), position };
    } else {
      const right = parseExpression(tokens, level + 1);
      left = { kind: 'binary', operator: operator as BinaryOperator, left, right, position };
    }
  }
  return left;
}

/** Parses one whole expression. Throws FhirError 400 that names the position of what is wrong. */
export function parse(source: string): Expression {
  const tokens = new Tokens(lex(source));
  const expression = parseExpression(tokens, 1);
  if (tokens.next.kind !== 'end') throw tokens.unexpected('an operator or the end');
  return expression;
}
