/** `ValueSet/$validate-code` and `CodeSystem/$validate-code`. https://hl7.org/fhir/R4/valueset-operation-validate-code.html https://hl7.org/fhir/R4/codesystem-operation-validate-code.html */
import type { Parameters } from 'fhir/r4.js';
import type { CodedValue, Membership, Terminology } from '../fhir/terminology.ts';
import { parameters, textParameter } from './output.ts';

export interface ValidateCodeRequest {
  /** Of a CodeableConcept several: one that is right will do. */
  readonly codings: readonly CodedValue[];
  /** Absent for `CodeSystem/$validate-code`: then the code must be one of its system. */
  readonly valueSet?: string | undefined;
}

interface Verdict {
  readonly result: boolean;
  readonly message?: string;
  readonly display?: string;
}

const same = (one: string, other: string): boolean => one.trim().toLowerCase() === other.trim().toLowerCase();

const unknownSystem = ({ system = '(none)' }: CodedValue): string =>
  `The code system ${system} is not known here, or not completely: the code could not be validated`;

/** The code is right; R4 wants a display that is not to be told, too. */
function checkDisplay(coding: CodedValue, { valueSet }: ValidateCodeRequest, terminology: Terminology): Verdict {
  const displays = terminology.displays(coding, valueSet) ?? [];
  const [display] = displays;
  const known = display === undefined ? {} : { display };
  if (
    coding.display === undefined ||
    displays.length === 0 ||
    displays.some((one) => same(one, coding.display ?? ''))
  ) {
    return { result: true, ...known };
  }
  return { result: false, message: 'The display is none that the code system gives this code', ...known };
}

/** Whether the code exists in its system. */
function inSystem(coding: CodedValue, terminology: Terminology): Membership {
  if (terminology.displays(coding)) return 'member';
  return terminology.isUnknownCode(coding) ? 'not-member' : 'unknown';
}

function validateCoding(coding: CodedValue, request: ValidateCodeRequest, terminology: Terminology): Verdict {
  const { valueSet } = request;
  const membership = valueSet === undefined ? inSystem(coding, terminology) : terminology.membership(valueSet, coding);
  if (membership === 'unknown') return { result: false, message: unknownSystem(coding) };
  if (membership === 'member') return checkDisplay(coding, request, terminology);
  const message =
    valueSet === undefined ? 'The code system has no such code' : `The code is not in the value set ${valueSet}`;
  return { result: false, message };
}

/** Never true for what could not be judged: then the message says so. */
export function validateCode(request: ValidateCodeRequest, terminology: Terminology): Parameters {
  const verdicts = request.codings.map((coding) => validateCoding(coding, request, terminology));
  const verdict = verdicts.find(({ result }) => result) ??
    verdicts[0] ?? { result: false, message: 'There is no code to validate' };
  return parameters(
    { name: 'result', valueBoolean: verdict.result },
    textParameter('message', verdict.message),
    textParameter('display', verdict.display),
  );
}
