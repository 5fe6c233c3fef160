/** Why an operation of a patch is refused. https://hl7.org/fhir/R4/http.html#patch */
import { FhirError } from '../fhir/fhir-error.ts';
import type { IssueType } from '../fhir/issue.ts';

/** Thrown where the number of the operation is not known; `rule` names no values of the resource or the patch. */
export class PatchFault extends Error {
  readonly status: 400 | 422;
  readonly code: IssueType;

  constructor(status: 400 | 422, code: IssueType, rule: string) {
    super(rule);
    this.name = 'PatchFault';
    this.status = status;
    this.code = code;
  }
}

/** 400: the operation is none, whatever it is applied to. */
export const malformed = (rule: string): PatchFault => new PatchFault(400, 'invalid', rule);
/** 422: the operation cannot be applied to this resource. */
export const inapplicable = (rule: string, code: IssueType = 'processing'): PatchFault =>
  new PatchFault(422, code, rule);

/** Runs one operation; a fault becomes an error that names the operation, such as `patch[2]`. */
export function atOperation<Value>(name: string, run: () => Value): Value {
  try {
    return run();
  } catch (cause) {
    if (!(cause instanceof PatchFault)) throw cause;
    const { status, code, message } = cause;
    throw new FhirError(status, [{ severity: 'error', code, diagnostics: `${name}: ${message}`, expression: [name] }]);
  }
}
