/** Pages of the resources around contained matches, each once, the newest first. */
import { type SQL, sql } from 'drizzle-orm';
import type { CompiledCondition } from './compiled.ts';
import { containerOf, keysWithin } from './contained-keys.ts';
import { allOf, isOneList, resourceKeysOf, type Rows, rowsOf } from './rows.ts';
import { orderOf, type PageLimits, type SortKey } from './sorted-page.ts';

const candidate = sql`driver.resource_key`;

/** Behind all that the resource at the start contains. */
function afterStart({ start }: PageLimits): SQL | undefined {
  if (!start) return undefined;
  const [from, to] = keysWithin(sql`${start.resourceKey}::bigint`);
  return start.isBackward ? sql`${candidate} >= ${to}` : sql`${candidate} < ${from}`;
}

/** Matches in one resource lie side by side: the first of them stands for it, and reading ends with the page. */
export function containerPage(rows: Rows, conditions: readonly CompiledCondition[], limits: PageLimits): SQL {
  const direction = limits.start?.isBackward === true ? sql`ASC` : sql`DESC`;
  const inOrder = isOneList(rows)
    ? rowsOf(rows)
    : sql`${resourceKeysOf(rows)} ORDER BY resource_key ${direction} OFFSET 0`;
  const where = allOf([afterStart(limits), ...conditions.map(({ check }) => check(candidate))]);
  const container = containerOf(candidate);
  const matches = sql`SELECT ${candidate} AS place, ${container} AS resource_key, lag(${container}) OVER (ORDER BY ${candidate} ${direction}) AS before FROM (${inOrder}) AS driver WHERE ${where}`;
  return sql`SELECT resource_key FROM (${matches}) AS match WHERE resource_key IS DISTINCT FROM before ORDER BY place ${direction} LIMIT ${limits.limit}`;
}

/** Of the matches in one resource the one that comes first in the order that is wanted; `valued` is what `withValues` selects. */
export function firstOfContainer(valued: SQL, keys: readonly SortKey[]): SQL {
  const matches = sql`SELECT ${containerOf(sql`valued.resource_key`)} AS container, valued.* FROM (${valued}) AS valued`;
  const columns = keys.flatMap(({ source }) => source.types);
  const places = columns.map((_type, index) => sql.raw(`match.p${index + 1}`));
  return sql`SELECT DISTINCT ON (match.container) match.container AS resource_key, ${sql.join(places, sql`, `)} FROM (${matches}) AS match ORDER BY match.container, ${orderOf(keys, false, sql`match.`)}`;
}
