/** A search as it was understood: what `parse-search` makes, and all that is done with it. https://hl7.org/fhir/R4/search.html */
import type { Match } from './match.ts';

/** One parameter that chooses resources. Criteria are ANDed, the alternatives in a match ORed. */
export interface Criterion {
  /** Of the search parameter. */
  readonly code: string;
  readonly match: Match;
}

/** By default the resources made last come first. */
export type Sort = 'newest' | 'lastUpdated' | '-lastUpdated';

/** `_include=Observation:subject:Patient`: for `_revinclude`, `type` is that of the resources that point here. */
export interface Include {
  readonly type: string;
  readonly code: string;
  /** Only references to this type. */
  readonly target?: string;
}

export interface SearchQuery {
  readonly type: string;
  readonly criteria: readonly Criterion[];
  /** Matches on a page; with 0 they are only counted. */
  readonly count: number;
  readonly sort: Sort;
  /** An estimate may be accurate, and here it is. */
  readonly total: 'none' | 'estimate' | 'accurate';
  readonly includes: readonly Include[];
  readonly revincludes: readonly Include[];
  /** Where the page begins, sealed. */
  readonly cursor?: string;
  /** What was applied, as it was written, without the cursor: the `self` link. */
  readonly applied: readonly (readonly [name: string, value: string])[];
  /** Names of parameters that are not known, when the client asked to ignore them. */
  readonly ignored: readonly string[];
}
