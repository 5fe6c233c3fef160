/** What a server can want of references. https://hl7.org/fhir/R4/valueset-reference-handling-policy.html */

/** What the server wants of references. */
export interface ReferencePolicy {
  /** Whether what is referred to must exist: or else refuse, warn, or do not look. */
  readonly targets: 'check' | 'warn' | 'off';
  /** Whether something that others refer to may be deleted. */
  readonly onDelete: 'check' | 'off';
}
