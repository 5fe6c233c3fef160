/** What the process that validates tells the one that measures. */

/** Milliseconds; `validationCount` resources each time. */
export interface ValidationTimes {
  readonly type: string;
  readonly examples: number;
  readonly invalid: number;
  /** The first resource, with compiling what checks its type. */
  readonly first: number;
  /** The first 10,000, while the code is still being compiled to machine code. */
  readonly validateFirst: number;
  /** The next. */
  readonly validateNext: number;
  /** When nothing is compiled any more. */
  readonly validateWarm: number;
  readonly parseAndValidate: number;
  /** Microseconds of CPU each, from here on: when warm, in the same process as the others. */
  readonly each: number;
  /** Of resources that are all different. */
  readonly made: number;
  /** Without the profile that they claim, which the others do not check. */
  readonly madeBare: number;
  readonly madeByMedplum: number;
  readonly madeByFhirpath: number;
  /** Errors and warnings. */
  readonly withWarnings: number;
  /** `validateResource` of @medplum/core, in the same process. */
  readonly byMedplum: number;
  /** The rules at the root of the type alone, by fhirpath.js. */
  readonly byFhirpath: number;
  /** A Patient against the profile of US Core 5.0.1. */
  readonly byUsCore: number;
}

export const validationCount = 10_000;
