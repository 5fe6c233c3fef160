/** What validation asks of terminology, answered without waiting. https://hl7.org/fhir/R4/terminology-module.html */

/** A code and where it comes from; in a `code` element the value set says which system is meant. */
export interface CodedValue {
  readonly system?: string | undefined;
  readonly version?: string | undefined;
  readonly code?: string | undefined;
  readonly display?: string | undefined;
}

/** `unknown`: the value set, or a code system that it needs, is not known here or cannot be enumerated; never to be taken for `member`. */
export type Membership = 'member' | 'not-member' | 'unknown';

export interface Terminology {
  /** Whether a coding is in a value set, named by its canonical. */
  membership(valueSet: string, coding: CodedValue): Membership;
  /** Every display that the code system gives the code, the preferred one first; undefined when the system or the code is unknown here. */
  displays(coding: CodedValue): readonly string[] | undefined;
  /** Whether the system is known completely and lacks the code. */
  isUnknownCode(coding: CodedValue): boolean;
}
