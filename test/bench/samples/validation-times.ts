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
  readonly parseAndValidate: number;
}

export const validationCount = 10_000;
