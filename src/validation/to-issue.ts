/** An AJV error as an issue of an OperationOutcome: names of elements and rules, never a value. https://hl7.org/fhir/R4/operationoutcome.html */
import type { ElementModel } from '../fhir/element-model.ts';
import type { Issue, IssueType } from '../fhir/issue.ts';
import { below, follow, type Place } from './expression.ts';

/** What an AJV error and a warning of ours have in common. */
export interface Failure {
  readonly keyword: string;
  readonly instancePath: string;
  readonly schemaPath: string;
  readonly params: Readonly<Record<string, unknown>>;
}

interface Finding {
  readonly code: IssueType;
  readonly diagnostics: string;
  /** The property below the place of the error that the issue is about. */
  readonly name?: string;
}

const valid = {
  base64Binary: 'base64: groups of four characters, padded with = only at the end',
  canonical: 'a canonical URL without spaces',
  code: 'a code: no spaces at its ends, single spaces within',
  date: 'a date that exists: YYYY, YYYY-MM or YYYY-MM-DD',
  dateTime: 'a date that exists, with a time only if it has seconds and a zone',
  decimal: 'a number',
  id: 'an id: 1 to 64 of A-Z a-z 0-9 - .',
  instant: 'an existing date with time, seconds and zone',
  integer: 'an integer of 32 bits',
  markdown: 'text of at most 1 MiB that is not blank and has no control characters',
  oid: 'an OID as urn:oid:…',
  positiveInt: 'an integer from 1 to 2147483647',
  string: 'text of at most 1 MiB that is not blank and has no control characters',
  time: 'a time hh:mm:ss',
  unsignedInt: 'an integer from 0 to 2147483647',
  uri: 'a URI without spaces',
  url: 'a URL without spaces',
  uuid: 'a UUID as urn:uuid:…, in lower case',
  xhtml:
    'one <div xmlns="http://www.w3.org/1999/xhtml"> that is well-formed, not empty and has only the markup R4 allows: no scripts, events, external styles or HTML entities',
};
const validForms = new Map<string, string>(Object.entries(valid));

/** The primitive type whose schema the value failed: `fhir:types/date/pattern`. */
function validForm(schemaPath: string): string {
  const type = /^fhir:types\/(\w+)\//.exec(schemaPath)?.[1] ?? '';
  return validForms.get(type) ?? 'a value its type allows';
}

const badValue = ({ schemaPath }: Failure): Finding => ({
  code: 'value',
  diagnostics: `Must be ${validForm(schemaPath)}`,
});

const badCode = ({ params: { valueSet, strength } }: Failure): Finding => ({
  code: 'code-invalid',
  diagnostics:
    typeof strength === 'string'
      ? `Should have a code of the value set ${String(valueSet)} (${strength} binding)`
      : `Must have a code of the value set ${String(valueSet)}`,
});

/** `missing` is told of choices alone. */
const badMember = ({ params: { name, missing } }: Failure): Finding => {
  if (missing === undefined) {
    return { code: 'structure', diagnostics: 'R4 has no such element here', name: String(name) };
  }
  return missing === true
    ? { code: 'required', diagnostics: 'A value of one of its types is required', name: String(name) }
    : { code: 'structure', diagnostics: 'Only one of its types may be given', name: String(name) };
};

const article = (type: string): string => (/^[aio]/.test(type) ? `an ${type}` : `a ${type}`);

/** What is wrong with a coding, a quantity or an identifier by itself. */
const uses: Readonly<Record<string, Finding>> = {
  code: { code: 'code-invalid', diagnostics: 'The code system as known here has no such code', name: 'code' },
  display: {
    code: 'invalid',
    diagnostics: 'The display is none that the code system gives this code',
    name: 'display',
  },
  system: { code: 'value', diagnostics: 'A system should be an absolute URI', name: 'system' },
};
const badUse = ({ params }: Failure): Finding => uses[String(params['about'])] as Finding;

/** What each keyword's failure means; keywords that only repeat another's failure are not here. */
const findings = new Map<string, (error: Failure) => Finding>([
  ['type', ({ params }) => ({ code: 'structure', diagnostics: `Must be ${article(String(params['type']))} in JSON` })],
  ['minItems', () => ({ code: 'structure', diagnostics: 'An array must not be empty' })],
  ['minProperties', () => ({ code: 'structure', diagnostics: 'An object must not be empty' })],
  ['properties', badMember],
  [
    'required',
    ({ params }) => ({
      code: 'required',
      diagnostics: 'This element is required',
      name: String(params['missingProperty']),
    }),
  ],
  [
    'requiredPrimitives',
    ({ params }) => ({ code: 'required', diagnostics: 'This element is required', name: String(params['name']) }),
  ],
  ['enum', () => ({ code: 'code-invalid', diagnostics: 'Must be a code of the required value set' })],
  ['const', () => ({ code: 'structure', diagnostics: 'Is not the type of resource that is validated' })],
  [
    'sibling',
    () => ({
      code: 'structure',
      diagnostics: 'A primitive needs a value or extensions; null only pairs with the other list, of the same length',
    }),
  ],
  [
    'invariants',
    ({ params }) => ({ code: 'invariant', diagnostics: `${String(params['key'])}: ${String(params['human'])}` }),
  ],
  ['binding', badCode],
  ['targets', ({ params }) => ({ code: 'value', diagnostics: `May only refer to ${String(params['allowed'])}` })],
  [
    'referenceUse',
    ({ params }) =>
      params['about'] === 'type'
        ? { code: 'value', diagnostics: 'The reference is to a resource of another type', name: 'type' }
        : { code: 'value', diagnostics: 'A relative reference is Type/id, of a type of R4', name: 'reference' },
  ],
  ['codingUse', badUse],
  ['identifierUse', badUse],
  ['pattern', badValue],
  ['format', badValue],
  ['minimum', badValue],
  ['maximum', badValue],
  ['maxLength', badValue],
]);

/** The issue of an error or warning below `start`, or undefined for one that says nothing new. */
export function toIssue(
  elements: ElementModel,
  start: Place,
  failure: Failure,
  severity: 'error' | 'warning' = 'error',
): Issue | undefined {
  const finding = findings.get(failure.keyword)?.(failure);
  if (!finding) return undefined;
  const { code, diagnostics, name } = finding;
  const { expression } = follow(elements, start, failure.instancePath);
  return { severity, code, diagnostics, expression: [name === undefined ? expression : below(expression, name)] };
}
