/** Versions of resources as they are kept. https://hl7.org/fhir/R4/http.html#versioning */
import type { ResourceIdentity } from './resource.ts';

export type ChangeMethod = 'POST' | 'PUT' | 'PATCH' | 'DELETE';

/** One stored version. `text` is the final JSON, undefined for a deletion. */
export interface StoredVersion extends ResourceIdentity {
  readonly version: number;
  /** ISO instant with milliseconds. */
  readonly lastUpdated: string;
  readonly method: ChangeMethod;
  readonly deleted: boolean;
  readonly text: string | undefined;
  readonly patients: readonly string[];
}
