/** A condition made ready for SQL: how to check it of one resource, and how to begin with it. */
import type { SQL } from 'drizzle-orm';
import type { CanonicalUnitOf } from '../canonical-quantity.ts';
import type { Hash } from '../../ports.ts';
import type { SearchParameters } from '../parameters.ts';
import type { LinkedPatients, Rows } from './rows.ts';
import type { ValueFilter } from './value-filter.ts';

/** How much each kind of criterion tends to find, for the choice between those that were not counted. */
export const breadths = {
  id: 0,
  reference: 1,
  identifier: 2,
  uri: 3,
  text: 3,
  token: 4,
  /** A value, give or take. */
  equalRange: 5,
  chain: 6,
  /** A single letter or two. */
  shortText: 6,
  /** One of a few codes, such as a status. */
  commonToken: 7,
  /** Everything above or below. */
  openRange: 8,
  type: 9,
} as const;

export interface CompiledCondition {
  readonly breadth: number;
  /** True of a resource whose key `candidate` is: an alias and a column of the statement around it. */
  check(candidate: SQL): SQL;
  /** The resources that satisfy it; absent where they can only be told by checking each. */
  readonly rows?: Rows;
  /** Present where it is about values that the index keeps in order. */
  readonly values?: ValueFilter;
  /** Present where it is about `meta.lastUpdated`: the same condition on any column that holds it. */
  lastUpdated?(column: SQL): SQL;
  /** The one Patient that `patient` refers to, as target key. */
  readonly patient?: string;
  /** Present where it asks `code` for codes: their tokens, under which patients and dates are kept as well. */
  readonly codes?: readonly string[];
  /** True where its values stand for a code and a range of dates at once: whatever else is asked for, they are read in their order. */
  readonly isDatedCode?: boolean;
  /** Present where it asks for patients by the codes of what refers to them. */
  readonly linked?: LinkedPatients;
}

/** One that a search can begin with. */
export interface DrivingCondition extends CompiledCondition {
  readonly rows: Rows;
}

export interface CompileContext {
  readonly hash: Hash;
  /** Numbers of the resource types in the tables. */
  readonly resourceTypes: ReadonlyMap<string, number>;
  readonly parameters: SearchParameters;
  readonly canonicalUnit?: CanonicalUnitOf;
  readonly cursorSecret: string;
}

/** What one statement is compiled with. */
export interface Compiling extends CompileContext {
  /** An alias that the statement does not have yet. */
  fresh(): SQL;
  /** Within a chain: along so many further links contained resources are looked into; below 0 not along this one either. */
  readonly linksLeft?: number;
}
