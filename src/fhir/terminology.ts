/** What validation asks of terminology, answered without waiting. https://hl7.org/fhir/R4/terminology-module.html */

/** A code and where it comes from; in a `code` element the value set says which system is meant. */
export interface CodedValue {
  readonly system?: string | undefined;
  readonly version?: string | undefined;
  readonly code?: string | undefined;
  readonly display?: string | undefined;
  /** True where also codes will do that are only there to group others. */
  readonly mayBeAbstract?: boolean;
}

/** `unknown`: the value set, or a code system that it needs, is not known here or cannot be enumerated; never to be taken for `member`. */
export type Membership = 'member' | 'not-member' | 'unknown';

export interface Terminology {
  /** Whether a coding is in a value set, named by its canonical. */
  membership(valueSet: string, coding: CodedValue): Membership;
  /**
   * Every display that the code system gives the code, the preferred one first, after those that a value set gives it.
   * Undefined when nothing is known of the code here.
   */
  displays(coding: CodedValue, valueSet?: string): readonly string[] | undefined;
  /** Whether the system is known completely and lacks the code. */
  isUnknownCode(coding: CodedValue): boolean;
}

type Json = Readonly<Record<string, unknown>>;

const isObject = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const isText = (value: unknown): boolean => value === undefined || typeof value === 'string';

/** True for what can be looked up: a coding of the right shape that has a code. */
export const isCodedValue = (value: unknown): value is CodedValue =>
  isObject(value) && typeof value['code'] === 'string' && isText(value['system']) && isText(value['version']);

/** Without a system nobody knows what a coding means: it is in no value set. */
const withSystem = (coding: CodedValue): CodedValue =>
  coding.system === undefined ? { ...coding, system: '' } : coding;

/** The codings of a code, uri, Coding, Quantity or CodeableConcept. What has another shape, or no code, is left out. */
export function codingsIn(value: unknown): readonly CodedValue[] {
  if (typeof value === 'string') return [{ code: value }];
  if (!isObject(value)) return [];
  const { coding } = value;
  if (Array.isArray(coding)) return coding.filter(isCodedValue).map(withSystem);
  return isCodedValue(value) ? [withSystem(value)] : [];
}
