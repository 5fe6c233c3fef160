/** Finds the place in a text that an issue's expression names. https://hl7.org/fhir/R4/operationoutcome-definitions.html#OperationOutcome.issue.expression */
import { openBrace, openBracket } from './characters.ts';
import type { Span } from './document.ts';
import { eachItem, eachMember, skipSpace, skipValue } from './tokens.ts';

interface Step {
  readonly name: string;
  readonly index: number | undefined;
  /** The type of `ofType()`. */
  readonly type: string;
}

const stepPattern = /^([A-Za-z_][A-Za-z0-9_]*)(?:\[(\d{1,9})\])?$/;

/** The steps below the root, or undefined for what is more than names and indexes. */
function readSteps(expression: string): readonly Step[] | undefined {
  const steps: Step[] = [];
  for (const part of expression.split('.').slice(1)) {
    const type = /^ofType\(([A-Za-z]+)\)$/.exec(part)?.[1];
    const last = steps.at(-1);
    if (type !== undefined && last) {
      steps[steps.length - 1] = { ...last, type };
      continue;
    }
    const [whole, name = '', index] = stepPattern.exec(part) ?? [];
    if (whole === undefined) return undefined;
    steps.push({ name, index: index === undefined ? undefined : Number(index), type: '' });
  }
  return steps;
}

/** How well a JSON property fits a step: `value` is also the name of `valueQuantity`. */
function fitOf(property: string, { name, type }: Step): number {
  if (property === name) return 2;
  if (!property.startsWith(name)) return 0;
  const suffix = property.slice(name.length);
  if (type !== '') return suffix === type.charAt(0).toUpperCase() + type.slice(1) ? 3 : 0;
  return /^[A-Z]/.test(suffix) ? 1 : 0;
}

function findMember(text: string, start: number, step: Step): Span | undefined {
  let best: { readonly fit: number; readonly span: Span } | undefined;
  if (text.charCodeAt(start) !== openBrace) return undefined;
  eachMember(text, start, (name, at) => {
    const end = skipValue(text, at);
    const fit = fitOf(name, step);
    if (fit > (best?.fit ?? 0)) best = { fit, span: { start: at, end } };
    return end;
  });
  return best?.span;
}

/** The item of an array; `[0]` of what is no array is the value itself, as in FHIRPath. */
function findItem(text: string, value: Span, wanted: number): Span | undefined {
  if (text.charCodeAt(value.start) !== openBracket) return wanted === 0 ? value : undefined;
  let found: Span | undefined;
  eachItem(text, value.start, (index, at) => {
    const end = skipValue(text, at);
    if (index === wanted) found = { start: at, end };
    return end;
  });
  return found;
}

/** The value that an expression such as `Patient.name[0].given[1]` names, in a text that was checked before. A step without an index means the whole array; a choice may be named `value`, `valueQuantity` or `value.ofType(Quantity)`. Undefined when it is not there. */
export function findExpression(text: string, expression: string): Span | undefined {
  const start = skipSpace(text, 0);
  const steps = readSteps(expression);
  return steps && findBelow(text, { start, end: skipValue(text, start) }, steps);
}

/** Extensions of a primitive, and one that has nothing else, stand in its `_name`. */
function findBelow(text: string, from: Span, [step, ...rest]: readonly Step[]): Span | undefined {
  if (!step) return from;
  for (const name of [step.name, `_${step.name}`]) {
    const member = findMember(text, from.start, { ...step, name });
    const item = member && step.index !== undefined ? findItem(text, member, step.index) : member;
    const found = item && findBelow(text, item, rest);
    if (found) return found;
  }
  return undefined;
}
