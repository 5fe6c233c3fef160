/** The versions that a search found, in its order. */
import { type SQL, sql } from 'drizzle-orm';
import { resource } from '../store/tables.ts';
import type { Sort } from './search-query.ts';

const { resourceType, id, version, lastUpdated, method, deleted, patients, content } = resource;
/** Written out once: Drizzle would quote and join them for every search. */
const columns = sql.raw(
  [resourceType, id, version, lastUpdated, method, deleted, patients, content].map(({ name }) => name).join(', '),
);

const orders: Readonly<Record<Sort, SQL>> = {
  newest: sql`found.resource_key DESC`,
  lastUpdated: sql`found.last_updated, found.resource_key`,
  '-lastUpdated': sql`found.last_updated DESC, found.resource_key DESC`,
};

const resourceKey = sql`found.resource_key::text`;
/** Milliseconds are all there is. */
const instant = sql`to_char(found.last_updated AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`;

/** `found` selects `resource_key`, and `last_updated` when that is the order. Each version is looked up by its key: `OFFSET 0` keeps the planner from reading the whole table instead. */
export function selectVersions(found: SQL, sort: Sort): SQL {
  const position = sort === 'newest' ? resourceKey : instant;
  return sql`SELECT ${resourceKey} AS resource_key, stored.*, ${position} AS position FROM (${found}) AS found CROSS JOIN LATERAL (SELECT ${columns} FROM ${resource} WHERE ${resource.resourceKey} = found.resource_key OFFSET 0) AS stored ORDER BY ${orders[sort]}`;
}
