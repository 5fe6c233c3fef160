/** What the parts of a statement for one page share. */
import type { Position } from './cursor.ts';
import type { Posting } from './posting.ts';
import type { Sort } from './search-query.ts';

export interface Postings {
  /** All resources of the type. */
  readonly all: Posting;
  /** What the search begins with: the narrowest criterion, or all when there is none. */
  readonly driver: Posting;
  /** What each resource of it is checked against. */
  readonly others: readonly Posting[];
}

export interface Page extends Postings {
  readonly sort: Sort;
  /** Of the resource type in the tables. */
  readonly typeNumber: number;
  /** The page begins after it. */
  readonly after?: Position;
  /** One more than the page, to see whether there is a next. */
  readonly limit: number;
}
