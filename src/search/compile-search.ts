/** From a search to the SQL that answers it; building it is all that happens here. See docs/adr/0001-storage-design.md. */
import { type SQL, sql } from 'drizzle-orm';
import type { Hash, SearchPlan } from '../ports.ts';
import { openCursor } from './cursor.ts';
import { lastUpdatedOrder } from './last-updated-order.ts';
import { newestFirst } from './newest-first.ts';
import type { Page, Postings } from './page.ts';
import { allOf, hasCandidate, resourceKeysOf } from './posting.ts';
import { postingOf, typePosting } from './posting-of.ts';
import type { Criterion, SearchQuery } from './search-query.ts';
import { selectVersions } from './select-versions.ts';
import { parameterKey } from './type-key.ts';

export interface CompileContext {
  readonly hash: Hash;
  /** Numbers of the resource types in the tables. */
  readonly resourceTypes: ReadonlyMap<string, number>;
  readonly cursorSecret: string;
}

function postingsOf({ type, criteria }: SearchQuery, { hash }: CompileContext, typeNumber: number): Postings {
  const toPosting = ({ code, match }: Criterion) =>
    postingOf(match, { hash, typeNumber, code, parameterKey: parameterKey(hash, type, code) });
  // sorting is stable: of equally broad criteria the first drives
  const postings = criteria.map(toPosting).sort((one, other) => one.breadth - other.breadth);
  const all = typePosting(hash, type);
  const [driver = all, ...others] = postings;
  return { all, driver, others };
}

function compilePage(page: Page): SQL {
  const { sort } = page;
  return selectVersions(sort === 'newest' ? newestFirst(page) : lastUpdatedOrder(page), sort);
}

function compileTotal({ driver, others }: Postings): SQL {
  return sql`SELECT count(*)::bigint AS total FROM (${resourceKeysOf(driver)}) AS driver WHERE ${allOf(others.map(hasCandidate))}`;
}

/** A page, unless only the number is wanted, and the number of all matches, if it is. Throws a FhirError 400 when the cursor is not of this search. */
export function compileSearch(query: SearchQuery, context: CompileContext): SearchPlan {
  const { type, cursor, count, total, sort } = query;
  const typeNumber = context.resourceTypes.get(type);
  if (typeNumber === undefined) throw new Error('Not a resource type of R4');
  const after = cursor === undefined ? undefined : openCursor(cursor, query, context.cursorSecret);
  const postings = postingsOf(query, context, typeNumber);
  const page: Page = { ...postings, sort, typeNumber, limit: count + 1, ...(after && { after }) };
  return {
    ...(count > 0 && { page: compilePage(page) }),
    ...((count === 0 || total !== 'none') && { total: compileTotal(postings) }),
  };
}
