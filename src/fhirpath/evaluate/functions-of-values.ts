/** Functions about single values: texts, conversions, arithmetic, and what FHIR adds. https://hl7.org/fhirpath/N1/#string-manipulation https://hl7.org/fhir/R4/fhirpath.html#functions */
import { compileSafePattern, longestMatchedText } from '../../fhir/safe-pattern.ts';
import { bounded } from './budget.ts';
import { argumentOf, define, type FunctionDefinition, type Invocation } from './invocation.ts';
import {
  booleanNode,
  integerNode,
  type Node,
  type Nodes,
  nothing,
  numberOf,
  single,
  stringNode,
  textOf,
  truthNodes,
  Unevaluable,
} from './node.ts';

/** A function of a text and of texts; empty when any of them is. */
const ofTexts =
  (run: (text: string, ...others: string[]) => Nodes): FunctionDefinition['run'] =>
  (invocation) => {
    const text = textOf(invocation.input);
    const others = invocation.arguments.map((_, index) => textOf(argumentOf(invocation, index) ?? nothing));
    if (text === undefined || others.includes(undefined)) return nothing;
    return run(text, ...(others as string[]));
  };

function substring(invocation: Invocation): Nodes {
  const text = textOf(invocation.input);
  const start = numberOf(argumentOf(invocation, 0) ?? nothing);
  const length = numberOf(argumentOf(invocation, 1) ?? nothing);
  if (text === undefined || start === undefined || start < 0 || start >= text.length) return nothing;
  return stringNode(text.slice(start, length === undefined ? undefined : start + Math.max(length, 0)));
}

/** What a value is called as text: decimals as JSON writes them. */
function toText(node: Node | undefined): string | undefined {
  const value = node?.value;
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean'
    ? String(value)
    : undefined;
}

function converted(pattern: RegExp, make: (text: string) => Node): (input: Nodes) => Node | undefined {
  return (input) => {
    const text = toText(single(input));
    return text !== undefined && pattern.test(text) ? make(text) : undefined;
  };
}

const conversions: Readonly<Record<string, (input: Nodes) => Node | undefined>> = {
  String: converted(/[\s\S]*/, (value) => ({ value, type: 'string' })),
  Integer: converted(/^[+-]?\d{1,10}$/, (text) => ({ value: Number(text), type: 'integer' })),
  Decimal: converted(/^[+-]?\d{1,30}(?:\.\d{1,30})?$/, (text) => ({ value: Number(text), type: 'decimal' })),
  Boolean: converted(/^(?:true|false|t|f|yes|no|y|n|1|0|1\.0|0\.0)$/i, (text) => ({
    value: /^(?:t|y|1)/i.test(text),
    type: 'boolean',
  })),
  Date: converted(/^\d{4}(?:-\d\d(?:-\d\d)?)?/, (text) => ({ value: text.slice(0, 10), type: 'date' })),
  DateTime: converted(/^\d{4}(?:-\d\d(?:-\d\d(?:T.{0,40})?)?)?$/, (value) => ({ value, type: 'dateTime' })),
  Time: converted(/^\d\d(?::\d\d(?::\d\d(?:\.\d{1,9})?)?)?$/, (value) => ({ value, type: 'time' })),
};

const conversionFunctions = Object.fromEntries(
  Object.entries(conversions).flatMap(([name, convert]) => [
    [
      `to${name}`,
      define(0, 0, ({ input }) => {
        const node = convert(input);
        return node ? [node] : nothing;
      }),
    ],
    [
      `convertsTo${name}`,
      define(0, 0, ({ input }) => (input.length === 0 ? nothing : booleanNode(convert(input) !== undefined))),
    ],
  ]),
);

/** A function of one number. */
const ofNumber = (run: (value: number) => number): FunctionDefinition =>
  define(0, 0, ({ input }) => {
    const value = numberOf(input);
    const result = value === undefined ? Number.NaN : run(value);
    return Number.isFinite(result)
      ? [{ value: result, type: Number.isInteger(result) ? 'integer' : 'decimal' }]
      : nothing;
  });

function round(invocation: Invocation): Nodes {
  const value = numberOf(invocation.input);
  const digits = numberOf(argumentOf(invocation, 0) ?? nothing) ?? 0;
  if (value === undefined || digits < 0 || digits > 20) return nothing;
  return [{ value: Number(value.toFixed(digits)), type: 'decimal' }];
}

/** Asks the world outside; when it does not know, nobody can tell. */
function asked(
  invocation: Invocation,
  ask: ((value: unknown, canonical: string) => boolean | undefined) | undefined,
): Nodes {
  const value = single(invocation.input)?.value;
  const canonical = textOf(argumentOf(invocation, 0) ?? nothing);
  if (value === undefined || canonical === undefined) return nothing;
  return truthNodes(ask?.(value, canonical));
}

const hasValue = ({ input }: Invocation): boolean => {
  const value = input.length === 1 ? input[0]?.value : undefined;
  return value !== undefined && value !== null && typeof value !== 'object';
};

/** Throws for what could run away. */
function patternFor(text: string, source: string, part: 'whole' | 'any'): RegExp {
  const pattern = text.length > longestMatchedText ? undefined : compileSafePattern(source, part);
  if (!pattern) throw new Unevaluable();
  return pattern;
}

const matches = (text: string, source: string): Nodes => booleanNode(patternFor(text, source, 'whole').test(text));

export const functionsOfValues: Readonly<Record<string, FunctionDefinition>> = {
  ...conversionFunctions,
  startsWith: define(
    1,
    1,
    ofTexts((text, start = '') => booleanNode(text.startsWith(start))),
  ),
  endsWith: define(
    1,
    1,
    ofTexts((text, end = '') => booleanNode(text.endsWith(end))),
  ),
  contains: define(
    1,
    1,
    ofTexts((text, part = '') => booleanNode(text.includes(part))),
  ),
  indexOf: define(
    1,
    1,
    ofTexts((text, part = '') => integerNode(text.indexOf(part))),
  ),
  matches: define(
    1,
    1,
    ofTexts((text, source = '') => matches(text, source)),
  ),
  replace: define(
    2,
    2,
    ofTexts((text, part = '', by = '') => stringNode(bounded(text.split(part).join(by)))),
  ),
  replaceMatches: define(
    2,
    2,
    ofTexts((text, source = '', by = '') => stringNode(bounded(text.replaceAll(patternFor(text, source, 'any'), by)))),
  ),
  length: define(
    0,
    0,
    ofTexts((text) => integerNode(text.length)),
  ),
  upper: define(
    0,
    0,
    ofTexts((text) => stringNode(text.toUpperCase())),
  ),
  lower: define(
    0,
    0,
    ofTexts((text) => stringNode(text.toLowerCase())),
  ),
  trim: define(
    0,
    0,
    ofTexts((text) => stringNode(text.trim())),
  ),
  toChars: define(
    0,
    0,
    ofTexts((text) => Array.from(text, (value) => ({ value, type: 'string' }))),
  ),
  substring: define(1, 2, substring),
  abs: ofNumber(Math.abs),
  ceiling: ofNumber(Math.ceil),
  floor: ofNumber(Math.floor),
  truncate: ofNumber(Math.trunc),
  sqrt: ofNumber(Math.sqrt),
  round: define(0, 1, round),
  hasValue: define(0, 0, (invocation) => booleanNode(hasValue(invocation))),
  getValue: define(0, 0, (invocation) => (hasValue(invocation) ? invocation.input : nothing)),
  memberOf: define(1, 1, (invocation) => asked(invocation, invocation.scope.context.memberOf)),
  conformsTo: define(1, 1, (invocation) => asked(invocation, invocation.scope.context.conformsTo)),
  // narrative is checked by a format of its own
  htmlChecks: define(0, 0, () => booleanNode(true)),
};
