/** Compiles the conditions of paths: `where(…)`, `exists()`, comparisons with literals and `resolve() is T`. https://hl7.org/fhirpath/N1/#filtering-and-projection */
import { type Binary, type Call, type Expression, type Literal, typeNameOf } from './ast.ts';
import { logicalOperators, not } from './logic.ts';
import { refersTo } from './referenced-type.ts';
import { type Condition, end, equals, exists, isObject, singleton, type Step } from './steps.ts';

/** Thrown and caught within this room: the compiler does not know such an expression. */
export class Uncompilable extends Error {}

/** The steps from a value of type `focus` through an expression to what `next` makes of each type; undefined when they lead nowhere. */
export type CompileSteps = (
  expression: Expression,
  focus: string,
  next: (type: string) => Step | undefined,
) => Step | undefined;

const nothing: Step = () => {};
const stringTypes = new Set(['string', 'code', 'id', 'markdown', 'uri', 'url', 'canonical', 'oid', 'uuid']);
const numberTypes = new Set(['integer', 'positiveInt', 'unsignedInt', 'decimal']);

/** How a literal stands in JSON, and the types whose values can be compared with it by `===`. */
function comparable({ type, text }: Literal): { value: string | number | boolean; with(type: string): boolean } {
  if (type === 'boolean') return { value: text === 'true', with: () => true };
  if (type === 'string') return { value: text, with: (other) => stringTypes.has(other) };
  if (type === 'integer' || type === 'decimal') return { value: Number(text), with: (other) => numberTypes.has(other) };
  throw new Uncompilable();
}

function comparison({ operator, left, right }: Binary, focus: string, compile: CompileSteps): Condition {
  const [path, literal] = left.kind === 'literal' ? [right, left] : [left, right];
  if (literal.kind !== 'literal') throw new Uncompilable();
  const { value, with: isComparable } = comparable(literal);
  const steps = compile(path, focus, (type) => {
    if (!isComparable(type)) throw new Uncompilable();
    return end(type);
  });
  const equal = equals(steps ?? nothing, value);
  return operator === '=' ? equal : not(equal);
}

/** `resolve() is T`, or `path.resolve() is T` with a path to a single reference. */
function resolvesTo(operand: Expression, type: string, focus: string, compile: CompileSteps): Condition {
  if (operand.kind !== 'call' || operand.name !== 'resolve' || !/^[A-Z]/.test(type)) throw new Uncompilable();
  if (type === 'Resource' || type === 'DomainResource') throw new Uncompilable();
  const target: Expression = operand.input ?? { kind: 'variable', name: 'this', position: operand.position };
  const refers = refersTo(type.replace(/^FHIR\./, ''));
  const steps = compile(target, focus, (found) =>
    found === 'Reference' || found === 'canonical' || found === 'uri'
      ? (value, visit) => visit(refers(value), 'boolean')
      : undefined,
  );
  return singleton(steps ?? nothing);
}

/** The condition of `extension('url')`. */
export function extensionHasUrl(argument: Expression | undefined): Condition {
  if (argument?.kind !== 'literal' || argument.type !== 'string') throw new Uncompilable();
  const url = argument.text;
  return (value) => isObject(value) && value['url'] === url;
}

/** `input.name(argument)` that asks whether something is there. */
function presence(call: Call, focus: string, compile: CompileSteps): Condition {
  const filtered: Expression = { ...call, name: call.name === 'hasExtension' ? 'extension' : 'where' };
  const all = call.input ?? ({ kind: 'variable', name: 'this', position: call.position } as const);
  return exists(compile(call.arguments.length > 0 ? filtered : all, focus, end) ?? nothing);
}

function calledCondition(call: Call, focus: string, compile: CompileSteps): Condition {
  switch (call.name) {
    case 'exists':
      return presence(call, focus, compile);
    case 'hasExtension':
      if (call.arguments.length !== 1) throw new Uncompilable();
      return presence(call, focus, compile);
    case 'empty':
      if (call.arguments.length > 0) throw new Uncompilable();
      return not(presence(call, focus, compile));
    case 'not':
      if (!call.input) throw new Uncompilable();
      return not(compileCondition(call.input, focus, compile));
    case 'is':
      if (!call.input) throw new Uncompilable();
      return resolvesTo(call.input, typeNameOf(call.arguments[0]) ?? '', focus, compile);
    default:
      throw new Uncompilable();
  }
}

const isPath = (expression: Expression): boolean =>
  expression.kind === 'member' || expression.kind === 'variable' || expression.kind === 'indexer';

/** Compiles an expression that is true, false or empty of a value of type `focus`. */
export function compileCondition(expression: Expression, focus: string, compile: CompileSteps): Condition {
  switch (expression.kind) {
    case 'literal':
      if (expression.type !== 'boolean') throw new Uncompilable();
      return () => expression.text === 'true';
    case 'call':
      return calledCondition(expression, focus, compile);
    case 'type':
      if (expression.operator === 'as') throw new Uncompilable();
      return resolvesTo(expression.operand, expression.type, focus, compile);
    case 'binary': {
      const { operator, left, right } = expression;
      if (operator === '=' || operator === '!=') return comparison(expression, focus, compile);
      const combine = logicalOperators[operator];
      if (!combine) throw new Uncompilable();
      return combine(compileCondition(left, focus, compile), compileCondition(right, focus, compile));
    }
    default:
      if (!isPath(expression)) throw new Uncompilable();
      return singleton(compile(expression, focus, end) ?? nothing);
  }
}
