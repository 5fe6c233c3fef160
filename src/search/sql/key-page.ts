/** Pages in the order of resource keys, the newest first. */
import { type SQL, sql } from 'drizzle-orm';
import type { CompiledCondition } from './compiled.ts';
import {
  allOf,
  isLists,
  isOneList,
  isTargets,
  keyArray,
  listOf,
  type ListRows,
  resourceKeysOf,
  type Rows,
  type TargetRows,
} from './rows.ts';
import type { PageLimits } from './sorted-page.ts';

const candidate = sql`driver.resource_key`;

/** Reads resource keys that come in order until the page is full. */
function readInOrder(keys: SQL, conditions: readonly CompiledCondition[], { start, limit }: PageLimits): SQL {
  const isBackward = start?.isBackward === true;
  const after = start && sql`${candidate} ${isBackward ? sql`>` : sql`<`} ${start.resourceKey}::bigint`;
  const where = allOf([after, ...conditions.map(({ check }) => check(candidate))]);
  return sql`SELECT ${candidate} FROM (${keys}) AS driver WHERE ${where} ORDER BY ${candidate} ${isBackward ? sql`ASC` : sql`DESC`} LIMIT ${limit}`;
}

/** The first of each list are the first of all. */
function fromLists(rows: ListRows | TargetRows, conditions: readonly CompiledCondition[], limits: PageLimits): SQL {
  const wanted = isTargets(rows)
    ? sql`(SELECT DISTINCT list_key FROM (${rows.targets}) AS target) AS wanted`
    : sql`unnest(${keyArray(rows.lists.keys, rows.lists.type)}) AS wanted(list_key)`;
  const list = readInOrder(listOf(rows, sql`wanted.list_key`), conditions, limits);
  const direction = limits.start?.isBackward === true ? sql`ASC` : sql`DESC`;
  return sql`SELECT DISTINCT list.resource_key FROM ${wanted} CROSS JOIN LATERAL (${list}) AS list ORDER BY list.resource_key ${direction} LIMIT ${limits.limit}`;
}

/** Selects `resource_key`. What comes in another order is sorted once, below the checks, so that these end with the page. */
export function keyPage(rows: Rows, conditions: readonly CompiledCondition[], limits: PageLimits): SQL {
  if (isOneList(rows)) return readInOrder(resourceKeysOf(rows), conditions, limits);
  if (isLists(rows) || isTargets(rows)) return fromLists(rows, conditions, limits);
  const direction = limits.start?.isBackward === true ? sql`ASC` : sql`DESC`;
  return readInOrder(sql`${resourceKeysOf(rows)} ORDER BY resource_key ${direction} OFFSET 0`, conditions, limits);
}
