/** One line of an OperationOutcome. https://hl7.org/fhir/R4/operationoutcome.html */
export type IssueSeverity = 'fatal' | 'error' | 'warning' | 'information';

/** The codes of https://hl7.org/fhir/R4/valueset-issue-type.html that this server uses. */
export type IssueType =
  | 'invalid'
  | 'structure'
  | 'required'
  | 'value'
  | 'invariant'
  | 'security'
  | 'login'
  | 'unknown'
  | 'expired'
  | 'forbidden'
  | 'suppressed'
  | 'processing'
  | 'not-supported'
  | 'duplicate'
  | 'multiple-matches'
  | 'not-found'
  | 'deleted'
  | 'too-long'
  | 'code-invalid'
  | 'extension'
  | 'too-costly'
  | 'business-rule'
  | 'conflict'
  | 'transient'
  | 'lock-error'
  | 'no-store'
  | 'exception'
  | 'timeout'
  | 'incomplete'
  | 'throttled'
  | 'informational';

/** `diagnostics` is for people and holds no patient data; `expression` holds FHIRPaths such as `Patient.name[0].given[1]`. */
export interface Issue {
  /** Line and column in the received text, where they are known. */
  readonly extension?: readonly { readonly url: string; readonly valueInteger: number }[];
  readonly severity: IssueSeverity;
  readonly code: IssueType;
  readonly diagnostics: string;
  readonly expression?: readonly string[];
}

/** True when an issue stops the interaction (`fatal` or `error`). */
export function isError(issue: Issue): boolean {
  return issue.severity === 'fatal' || issue.severity === 'error';
}
