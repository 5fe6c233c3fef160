/** What `vesta load` sends in one request. https://hl7.org/fhir/R4/http.html#transaction */

export interface Parcel {
  readonly file: string;
  /** `transaction` stores all or nothing, `batch` each entry for itself. */
  readonly kind: 'transaction' | 'batch' | 'resource';
  readonly method: 'POST' | 'PUT';
  /** Below the base URL; empty for a Bundle. */
  readonly path: string;
  /** The text as it was read: parsing and writing it again would change decimals. */
  readonly body: string;
  readonly resources: number;
  /** The lines of an NDJSON file that it is made of, the first being 1. */
  readonly lines?: readonly number[];
  /** Bytes of the file that are done with it. */
  readonly bytes: number;
}

/** Something that was not stored, and why. */
export interface LoadFailure {
  readonly file: string;
  /** Where in the file: `line 7`, `entry 3`, or empty for the whole. */
  readonly place: string;
  readonly reason: string;
}
