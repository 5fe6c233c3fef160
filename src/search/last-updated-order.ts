/** A page in the order of `meta.lastUpdated`, and of resource keys where several were updated in the same millisecond. https://hl7.org/fhir/R4/search.html#sort */
import { type SQL, sql } from 'drizzle-orm';
import { changeLog, resource } from '../store/tables.ts';
import type { Page } from './page.ts';
import { allOf, breadths, candidate, hasCandidate, type Posting, resourceKeysOf, rowsOf } from './posting.ts';

const updated = sql`driver.last_updated`;

/** Postings whose instants are looked up and sorted in some 20 ms. Of what finds more, a page of the change log is soon full. */
const few = sql.raw('10000');
const oneMore = sql.raw('10001');
const count = sql`(SELECT count(*) FROM few)`;

/** From where the page begins to where it ends. */
function readInOrder({ sort, after, limit }: Page, dated: SQL, checks: readonly (SQL | undefined)[]): SQL {
  const [comparison, direction] = sort === 'lastUpdated' ? [sql`>`, sql`ASC`] : [sql`<`, sql`DESC`];
  const start =
    after &&
    sql`(${updated}, ${candidate}) ${comparison} (${after.position}::timestamptz, ${after.resourceKey}::bigint)`;
  return sql`SELECT ${candidate}, ${updated} FROM (${dated}) AS driver WHERE ${allOf([start, ...checks])} ORDER BY ${updated} ${direction}, ${candidate} ${direction} LIMIT ${limit}`;
}

/** Looks up when each resource was updated, and sorts. */
function sortAndRead(page: Page, keys: SQL): SQL {
  const dated = sql`SELECT found.resource_key, stored.last_updated FROM (${keys}) AS found CROSS JOIN LATERAL (SELECT ${resource.lastUpdated} FROM ${resource} WHERE ${resource.resourceKey} = found.resource_key OFFSET 0) AS stored`;
  return readInOrder(page, dated, page.others.map(hasCandidate));
}

/** Reads the change log of the type, which is in order; of its rows those count that made a current version. */
function readLog(page: Page, isWanted: SQL | undefined): SQL {
  const { all, driver, others, typeNumber } = page;
  const log = sql`SELECT ${changeLog.resourceKey}, ${changeLog.version}, ${changeLog.lastUpdated} FROM ${changeLog} WHERE ${changeLog.resourceType} = ${typeNumber}::smallint`;
  const isCurrent = sql`EXISTS (SELECT FROM ${resource} WHERE ${resource.resourceKey} = ${candidate} AND ${resource.version} = driver.version AND NOT ${resource.deleted} OFFSET 0)`;
  const postings = [driver, ...others].filter((posting) => posting !== all);
  // what is asked of the instant itself bounds the part of the log that is read
  const bounds = postings.map(({ lastUpdated }) => lastUpdated?.(updated));
  const checks = postings.filter(({ lastUpdated }) => !lastUpdated).map(hasCandidate);
  return readInOrder(page, log, [isWanted, ...bounds, isCurrent, ...checks]);
}

/** Decides in the statement itself: PostgreSQL counts once, and does not run the part that the count forbids. */
function fewOrMany(page: Page, driver: Posting): SQL {
  const keys = sql`SELECT DISTINCT resource_key FROM few WHERE ${count} <= ${few}`;
  const sorted = sortAndRead(page, keys);
  const logged = readLog(page, sql`${count} > ${few}`);
  return sql`WITH few AS MATERIALIZED (${rowsOf(driver)} LIMIT ${oneMore}) (${sorted}) UNION ALL (${logged})`;
}

/** Selects `resource_key` and `last_updated`. */
export function lastUpdatedOrder(page: Page): SQL {
  const { all, driver } = page;
  if (driver.breadth === breadths.id) return sortAndRead(page, resourceKeysOf(driver));
  return driver === all || driver.lastUpdated ? readLog(page, undefined) : fewOrMany(page, driver);
}
