/** A FHIRPath expression made ready to run many times. https://hl7.org/fhirpath/N1/ */

/** Receives one value and its FHIR type: a type code (`CodeableConcept`), a backbone path (`Patient.contact`), or `Resource` for a resource within a resource. */
export type Visit = (value: unknown, type: string) => void;

export interface CompiledPath {
  /** The types that values may have, in order of appearance. Empty when the path never yields anything; undefined when only running it can tell. */
  readonly types: readonly string[] | undefined;
  /** Visits every value in the order of FHIRPath; unlike there, `|` may yield equal values twice. Never throws, whatever the shape of the resource. */
  evaluate(resource: object, visit: Visit): void;
}
