/** What a text breaks of the rules of JSON and where; thrown inside this room, told to others as an issue. https://www.rfc-editor.org/rfc/rfc8259 */
import type { Issue } from '../fhir/issue.ts';
import { locate } from './locate.ts';

/** `rule` completes the sentence "The JSON text …"; it holds nothing of the text itself. */
export class JsonFault extends Error {
  readonly offset: number;
  readonly rule: string;

  constructor(offset: number, rule: string) {
    super(rule);
    this.name = 'JsonFault';
    this.offset = offset;
    this.rule = rule;
  }
}

/** The issue that tells a client of a fault in its text. */
export function faultIssue(text: string, { offset, rule }: JsonFault): Issue {
  const { line, column } = locate(text, offset);
  return {
    severity: 'fatal',
    code: 'structure',
    diagnostics: `The JSON text ${rule} (line ${line}, column ${column})`,
  };
}
