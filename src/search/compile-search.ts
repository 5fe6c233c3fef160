/** From a search to the SQL that answers it; building it is all that happens here. See docs/adr/0001-storage-design.md. */
import { type SQL, sql } from 'drizzle-orm';
import type { Hash, SearchPlan } from '../ports.ts';
import { changeLog, resource } from '../store/tables.ts';
import { openCursor, type Position } from './cursor.ts';
import { allOf, breadths, hasResource, isOneList, keyArray, listOf, type Posting, resourceKeysOf } from './posting.ts';
import { lastUpdatedCondition, postingOf, typePosting } from './posting-of.ts';
import type { Criterion, SearchQuery } from './search-query.ts';
import { selectVersions } from './select-versions.ts';
import { parameterKey } from './type-key.ts';

export interface CompileContext {
  readonly hash: Hash;
  /** Numbers of the resource types in the tables. */
  readonly resourceTypes: ReadonlyMap<string, number>;
  readonly cursorSecret: string;
}

interface Postings {
  /** What the search begins with. */
  readonly driver: Posting;
  /** What each resource of it is checked against. */
  readonly others: readonly Posting[];
  /** All that there is to check when the search begins with the change log. */
  readonly besidesLog: readonly Posting[];
}

/** What the parts of one statement share. */
interface Page {
  readonly postings: Postings;
  readonly query: SearchQuery;
  readonly typeNumber: number;
  /** The page begins after it. */
  readonly after: Position | undefined;
  /** One more than the page, to see whether there is a next. */
  readonly limit: number;
}

const candidate = sql`driver.resource_key`;

function postingsOf({ type, criteria }: SearchQuery, { hash }: CompileContext, typeNumber: number): Postings {
  const toPosting = ({ code, match }: Criterion) =>
    postingOf(match, { hash, typeNumber, code, parameterKey: parameterKey(hash, type, code) });
  // sorting is stable: of equally broad criteria the first drives
  const postings = criteria.map(toPosting).sort((one, other) => one.breadth - other.breadth);
  const [driver = typePosting(hash, type), ...others] = postings;
  const besidesLog = criteria.filter(({ match }) => match.kind !== 'lastUpdated').map(toPosting);
  return { driver, others, besidesLog };
}

const checks = (others: readonly Posting[]): readonly SQL[] => others.map((posting) => hasResource(posting, candidate));

/** Newest first: an ordered list is read until the page is full. */
function fromOneList({ postings: { others }, after, limit }: Page, list: SQL): SQL {
  const start = after && sql`${candidate} < ${after.resourceKey}::bigint`;
  return sql`SELECT ${candidate} FROM (${list}) AS driver WHERE ${allOf([start, ...checks(others)])} ORDER BY ${candidate} DESC LIMIT ${limit}`;
}

/** The first of each list are the first of all. */
function fromLists(page: Page, keys: readonly string[]): SQL {
  const list = fromOneList(page, listOf(page.postings.driver, sql`wanted.list_key`));
  return sql`SELECT DISTINCT list.resource_key FROM unnest(${keyArray(keys)}) AS wanted(list_key) CROSS JOIN LATERAL (${list}) AS list ORDER BY list.resource_key DESC LIMIT ${page.limit}`;
}

/** Ranges come in another order: all that they find is sorted, and then checked until the page is full. */
function fromRange(page: Page): SQL {
  return fromOneList(page, sql`${resourceKeysOf(page.postings.driver)} ORDER BY resource_key DESC OFFSET 0`);
}

function newestFirst(page: Page): SQL {
  const { driver } = page.postings;
  if (isOneList(driver)) return fromOneList(page, resourceKeysOf(driver));
  return driver.lists ? fromLists(page, driver.lists.keys) : fromRange(page);
}

/** Ends of the order by last update, and the part of it that is left. */
function updateOrder({ query, after, limit }: Page, dated: SQL) {
  const [direction, comparison] = query.sort === 'lastUpdated' ? ['ASC', '>'] : ['DESC', '<'];
  const start =
    after &&
    sql`(${dated}, ${candidate}) ${sql.raw(comparison ?? '')} (${after.position}::timestamptz, ${after.resourceKey}::bigint)`;
  const order = sql.raw(direction ?? '');
  return { start, end: sql`ORDER BY ${dated} ${order}, ${candidate} ${order} LIMIT ${limit}` };
}

/** By last update, from what little a narrow criterion finds. */
function sortedPosting(page: Page): SQL {
  const { driver, others } = page.postings;
  const { start, end } = updateOrder(page, sql`dated.last_updated`);
  return sql`SELECT ${candidate}, dated.last_updated FROM (${resourceKeysOf(driver)}) AS driver CROSS JOIN LATERAL (SELECT ${resource.lastUpdated} FROM ${resource} WHERE ${resource.resourceKey} = ${candidate} OFFSET 0) AS dated WHERE ${allOf([start, ...checks(others)])} ${end}`;
}

/** By last update, from the change log of the type, which is in that order; of its rows those count that made the current version. */
function sortedLog(page: Page): SQL {
  const { postings, query, typeNumber } = page;
  const { start, end } = updateOrder(page, sql`driver.last_updated`);
  const isCurrent = sql`EXISTS (SELECT FROM ${resource} WHERE ${resource.resourceKey} = ${candidate} AND ${resource.version} = driver.version AND NOT ${resource.deleted} OFFSET 0)`;
  const updated = query.criteria.flatMap(({ match }) =>
    match.kind === 'lastUpdated' ? [lastUpdatedCondition(match.comparisons, sql`driver.last_updated`)] : [],
  );
  const conditions = allOf([start, ...updated, isCurrent, ...checks(postings.besidesLog)]);
  return sql`SELECT ${candidate}, driver.last_updated FROM (SELECT ${changeLog.resourceKey}, ${changeLog.version}, ${changeLog.lastUpdated} FROM ${changeLog} WHERE ${changeLog.resourceType} = ${typeNumber}::smallint) AS driver WHERE ${conditions} ${end}`;
}

function lastUpdatedOrder(page: Page): SQL {
  return page.postings.driver.breadth <= breadths.equalRange ? sortedPosting(page) : sortedLog(page);
}

function compilePage(page: Page): SQL {
  const { sort } = page.query;
  if (sort === 'newest') return selectVersions(newestFirst(page), 'newest');
  return selectVersions(lastUpdatedOrder(page), sort);
}

function compileTotal({ driver, others }: Postings): SQL {
  return sql`SELECT count(*)::bigint AS total FROM (${resourceKeysOf(driver)}) AS driver WHERE ${allOf(checks(others))}`;
}

/** A page, unless only the number is wanted, and the number of all matches, if it is. Throws a FhirError 400 when the cursor is not of this search. */
export function compileSearch(query: SearchQuery, context: CompileContext): SearchPlan {
  const { type, cursor, count, total } = query;
  const typeNumber = context.resourceTypes.get(type);
  if (typeNumber === undefined) throw new Error('Not a resource type of R4');
  const after = cursor === undefined ? undefined : openCursor(cursor, query, context.cursorSecret);
  const postings = postingsOf(query, context, typeNumber);
  const page: Page = { postings, query, typeNumber, after, limit: count + 1 };
  return {
    ...(count > 0 && { page: compilePage(page) }),
    ...((count === 0 || total !== 'none') && { total: compileTotal(postings) }),
  };
}
