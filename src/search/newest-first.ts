/** A page in the order of resource keys, the newest first. */
import { type SQL, sql } from 'drizzle-orm';
import type { Page } from './page.ts';
import { allOf, candidate, hasCandidate, isOneList, keyArray, listOf, type Lists, resourceKeysOf } from './posting.ts';

/** Reads resource keys that come in order until the page is full. */
function readInOrder({ others, after, limit }: Page, keys: SQL): SQL {
  const start = after && sql`${candidate} < ${after.resourceKey}::bigint`;
  return sql`SELECT ${candidate} FROM (${keys}) AS driver WHERE ${allOf([start, ...others.map(hasCandidate)])} ORDER BY ${candidate} DESC LIMIT ${limit}`;
}

/** The first of each list are the first of all. */
function fromLists(page: Page, { keys, type }: Lists): SQL {
  const { driver, limit } = page;
  const list = readInOrder(page, listOf(driver, sql`wanted.list_key`));
  return sql`SELECT DISTINCT list.resource_key FROM unnest(${keyArray(keys, type)}) AS wanted(list_key) CROSS JOIN LATERAL (${list}) AS list ORDER BY list.resource_key DESC LIMIT ${limit}`;
}

/** Ranges come in another order: what they find is sorted once, below the checks, so that these end with the page. */
function fromRange(page: Page): SQL {
  const keys = sql`${resourceKeysOf(page.driver)} ORDER BY resource_key DESC OFFSET 0`;
  return readInOrder(page, keys);
}

/** Selects `resource_key`. */
export function newestFirst(page: Page): SQL {
  const { driver } = page;
  if (isOneList(driver)) return readInOrder(page, resourceKeysOf(driver));
  return driver.lists ? fromLists(page, driver.lists) : fromRange(page);
}
