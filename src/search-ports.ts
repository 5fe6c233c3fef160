/** The door to searching: what `search/` builds and `store/` runs. See docs/adr/0011-search-plans.md. */
import type { SQL } from 'drizzle-orm';
import type { StoredVersion } from './fhir/stored-version.ts';

/** A search as SQL. Built by `search/`, run by `store/`. */
export interface SearchPlan {
  /** Each selects one number, `found`: how many resources a criterion finds, up to a limit. They only decide how to search, never what is found. */
  readonly probes: readonly SQL[];
  /** Rows that are wanted: one more than the page, to see whether there is a next. */
  readonly limit: number;
  /** Statements that are run one after another until there are as many rows. */
  page?(found: readonly number[]): readonly SQL[];
  total?(found: readonly number[]): SQL;
}

export interface SearchRow extends StoredVersion {
  readonly resourceKey: string;
  /** What this row is sorted by, for the cursor. */
  readonly position: readonly (string | null)[];
  /** The match is not the resource but one that it contains: its place in `contained`. */
  readonly containedAt?: number;
}

/** One statement of a search, and how PostgreSQL ran it. */
export interface ExplainedStatement {
  readonly purpose: string;
  readonly sql: string;
  /** As PostgreSQL gives it. */
  readonly plan: object;
  readonly milliseconds: number;
  readonly rows: number;
  /** Rows that were taken from tables and indexes. */
  readonly readRows: number;
}

export interface SearchPage {
  readonly rows: readonly SearchRow[];
  readonly total?: number;
}
