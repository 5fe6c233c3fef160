/** Reads `_filter`: comparisons joined by `and`, `or`, `not(…)` and parentheses, from left to right: R4 has neither `and` nor `or` bind closer. https://hl7.org/fhir/R4/search_filter.html */
import { invalid } from '../../fhir/fhir-error.ts';
import { type FilterExpression, type FilterOperator, filterOperators, type FilterStep } from './filter-expression.ts';

const maximumLength = 8_192;
const maximumDepth = 20;
const maximumComparisons = 200;

/** Sticky expressions, each a run of characters of one kind, so that none goes back over what it has read. */
const space = /\s+/y;
const word = /[A-Za-z_][A-Za-z0-9_\-:]*/y;
const bareValue = /[^\s()[\]"]+/y;
const quotedPart = /[^"\\]+/y;

const isOperator = (text: string): text is FilterOperator => (filterOperators as readonly string[]).includes(text);

class FilterParser {
  readonly #text: string;
  #at = 0;
  #comparisons = 0;

  constructor(text: string) {
    this.#text = text;
  }

  /** The place is told, never what stands there. */
  #fail(expected: string): never {
    throw invalid(`The value of _filter must have ${expected} at character ${this.#at + 1}`, 'http._filter');
  }

  #match(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.#at;
    const found = pattern.exec(this.#text)?.[0];
    if (found !== undefined) this.#at += found.length;
    return found;
  }

  #skipSpace(): void {
    this.#match(space);
  }

  #take(character: string): boolean {
    if (this.#text[this.#at] !== character) return false;
    this.#at += 1;
    return true;
  }

  /** Takes a word if it is the one that is wanted. */
  #takeWord(wanted: string): boolean {
    const start = this.#at;
    this.#skipSpace();
    if (this.#match(word) === wanted) return true;
    this.#at = start;
    return false;
  }

  parse(): FilterExpression {
    const expression = this.#joined(0);
    this.#skipSpace();
    if (this.#at < this.#text.length) this.#fail('and, or, or its end');
    return expression;
  }

  #joined(depth: number): FilterExpression {
    const first = this.#operand(depth);
    let operands = [first];
    let kind: 'and' | 'or' | undefined;
    for (let next = this.#conjunction(); next; next = this.#conjunction()) {
      if (kind && next !== kind) operands = [{ kind, operands }];
      operands.push(this.#operand(depth));
      kind = next;
    }
    return kind ? { kind, operands } : first;
  }

  #conjunction(): 'and' | 'or' | undefined {
    if (this.#takeWord('and')) return 'and';
    return this.#takeWord('or') ? 'or' : undefined;
  }

  #operand(depth: number): FilterExpression {
    if (depth > maximumDepth) this.#fail(`at most ${maximumDepth} parentheses in each other`);
    this.#skipSpace();
    if (this.#take('(')) return this.#closed(')', depth);
    const start = this.#at;
    if (this.#takeWord('not')) {
      this.#skipSpace();
      if (this.#take('(')) return { kind: 'not', operand: this.#closed(')', depth) };
    }
    this.#at = start;
    return this.#comparison(depth);
  }

  #closed(end: string, depth: number): FilterExpression {
    const expression = this.#joined(depth + 1);
    this.#skipSpace();
    if (!this.#take(end)) this.#fail(`the closing ${end}`);
    return expression;
  }

  #comparison(depth: number): FilterExpression {
    this.#comparisons += 1;
    if (this.#comparisons > maximumComparisons) this.#fail(`at most ${maximumComparisons} comparisons`);
    const path = this.#path(depth);
    this.#skipSpace();
    const operator = this.#match(word);
    if (operator === undefined || !isOperator(operator)) this.#fail('an operator before');
    this.#skipSpace();
    return { kind: 'comparison', path, operator, value: this.#value() };
  }

  #path(depth: number): readonly FilterStep[] {
    const steps: FilterStep[] = [];
    do {
      const name = this.#match(word);
      if (name === undefined) this.#fail('the name of a search parameter');
      const filter = this.#take('[') ? this.#closed(']', depth) : undefined;
      steps.push({ name, ...(filter && { filter }) });
    } while (this.#take('.'));
    if (steps.at(-1)?.filter) this.#fail('a . and a search parameter');
    return steps;
  }

  #value(): string {
    if (!this.#take('"')) return this.#match(bareValue) ?? this.#fail('a value');
    let value = '';
    for (;;) {
      value += this.#match(quotedPart) ?? '';
      if (this.#take('"')) return value;
      if (!this.#take('\\')) this.#fail('a closing quotation mark');
      const escaped = this.#text[this.#at];
      if (escaped !== '"' && escaped !== '\\') this.#fail('" or \\ after a backslash');
      value += escaped;
      this.#at += 1;
    }
  }
}

/** Throws a FhirError 400 that tells the place. */
export function parseFilter(text: string): FilterExpression {
  if (text.length > maximumLength) {
    throw invalid(`The value of _filter must be at most ${maximumLength} characters long`, 'http._filter');
  }
  return new FilterParser(text).parse();
}
