/** Issues with the line and column of what they are about, in the text that was received. https://hl7.org/fhir/extensions/StructureDefinition-operationoutcome-issue-line.html */
import type { Issue } from '../fhir/issue.ts';
import { findExpression } from './find-expression.ts';
import { locate } from './locate.ts';

const lineUrl = 'http://hl7.org/fhir/StructureDefinition/operationoutcome-issue-line';
const columnUrl = 'http://hl7.org/fhir/StructureDefinition/operationoutcome-issue-col';

/** `Patient.name[0]` below `Parameters.parameter[1].resource`: as it stands in the text. */
function inText(expression: string, at: string): string {
  const steps = expression.indexOf('.');
  return steps < 0 ? at : at + expression.slice(steps);
}

/** The place itself or, of something missing, the nearest place around it. */
function offsetOf(text: string, expression: string): number | undefined {
  let wanted = expression;
  for (;;) {
    const found = findExpression(text, wanted);
    if (found) return found.start;
    const end = wanted.lastIndexOf('.');
    if (end < 0) return undefined;
    wanted = wanted.slice(0, end);
  }
}

function withPosition(issue: Issue, text: string, at: string): Issue {
  const [expression] = issue.expression ?? [];
  const offset = expression === undefined ? undefined : offsetOf(text, inText(expression, at));
  if (offset === undefined) return issue;
  const { line, column } = locate(text, offset);
  const extension = [
    { url: lineUrl, valueInteger: line },
    { url: columnUrl, valueInteger: column },
  ];
  return { extension, ...issue };
}

/** Finding a place reads the text from its start; of many issues in a huge text only so many characters' worth are located. */
const readingLimit = 100_000_000;

/** Adds line and column, both from 1, to each issue whose expression leads somewhere in the text. `at` is the FHIRPath of the resource in the text. */
export function withPositions(issues: readonly Issue[], text: string, at: string): readonly Issue[] {
  const affordable = Math.ceil(readingLimit / (text.length + 1));
  return issues.map((issue, index) => (index < affordable ? withPosition(issue, text, at) : issue));
}
