/** What a check of one resource knows and collects beside AJV's errors; the `this` of compiled schemas. https://hl7.org/fhir/R4/validation.html */
import type { InvariantContext } from '../fhirpath/invariant/compile-invariant.ts';

/** Something found on the way, with its JSON pointer in the resource. */
export interface Found {
  readonly value: Readonly<Record<string, unknown>>;
  readonly instancePath: string;
}

/** A rule that should hold and does not: kept apart from errors, so that a thousand of them cannot hide one. `params` are as in an AJV error. */
export interface Warning {
  readonly keyword: string;
  readonly instancePath: string;
  readonly schemaPath: string;
  readonly params: Readonly<Record<string, unknown>>;
}

export interface CheckContext extends InvariantContext {
  /** False when nobody will read warnings: then they are not looked for. */
  readonly wantsWarnings: boolean;
  /** Whole resources within the resource, still to be checked by their own types. */
  readonly nested: Found[];
  /** Extensions, still to be compared with their definitions. */
  readonly extensions: Found[];
  warn(warning: Warning): void;
}

/** More warnings than this help nobody. */
export const maximumWarnings = 100;
