/** OperationOutcome, the body of every refusal. https://hl7.org/fhir/R4/operationoutcome.html */
import type { Issue } from './issue.ts';

export interface OperationOutcome {
  readonly resourceType: 'OperationOutcome';
  readonly issue: readonly Issue[];
}

/** At least one issue is required by R4, so an empty list says that all went well. */
export function operationOutcome(issues: readonly Issue[]): OperationOutcome {
  const allOk: Issue = { severity: 'information', code: 'informational', diagnostics: 'All OK' };
  return { resourceType: 'OperationOutcome', issue: issues.length > 0 ? issues : [allOk] };
}
