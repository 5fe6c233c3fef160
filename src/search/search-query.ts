/** A search as it was understood: what `parse-search` makes, and all that is done with it. https://hl7.org/fhir/R4/search.html */
import type { Issue } from '../fhir/issue.ts';
import type { SearchParameterType } from '../fhir/search-parameter.ts';
import type { Condition } from './condition.ts';
import type { Subset } from './subset/subset.ts';

/** One key of `_sort`. */
export interface Sort {
  /** Of the search parameter. */
  readonly code: string;
  readonly parameterType: SearchParameterType;
  readonly descending: boolean;
  /** True when a resource has at most one value. */
  readonly isSingle: boolean;
}

/** `_include=Observation:subject:Patient`: for `_revinclude`, `type` is that of the resources that point here. */
export interface Include {
  readonly type: string;
  /** Of a reference parameter; `*` stands for all of them. */
  readonly code: string;
  /** Only references to this type. */
  readonly target?: string;
  /** True when it is also applied to what was included. */
  readonly iterate: boolean;
}

export interface SearchQuery {
  /** What is searched: one type, or several of the whole system. */
  readonly types: readonly string[];
  /** All of them must hold. */
  readonly criteria: readonly Condition[];
  /** Matches on a page; with 0 they are only counted. */
  readonly count: number;
  readonly sort: readonly Sort[];
  /** An estimate may be accurate, and here it is. */
  readonly total: 'none' | 'estimate' | 'accurate';
  readonly includes: readonly Include[];
  readonly revincludes: readonly Include[];
  /** ISO instant: of what matches point to, only what was updated then or later is included. */
  readonly includedSince?: string;
  /** What is left out of each resource. */
  readonly subset?: Subset;
  /** `true`: only matches that other resources contain, `both`: these as well. */
  readonly contained?: 'true' | 'both';
  /** What is returned of contained matches: they themselves, or, unless told, the resources around them. */
  readonly containedType?: 'container' | 'contained';
  /** Types of the resources that may be looked into; absent when all may. */
  readonly containers?: readonly string[];
  /** Where the page begins, sealed. */
  readonly cursor?: string;
  /** What was applied, as it was written, without the cursor: the `self` link. */
  readonly applied: readonly (readonly [name: string, value: string])[];
  /** What the client should know of the answer. */
  readonly warnings: readonly Issue[];
}
