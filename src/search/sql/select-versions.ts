/** The versions that a search found, in its order. */
import { type SQL, sql } from 'drizzle-orm';
import { resource } from '../../store/tables.ts';
import { storedAs } from './contained-keys.ts';

const { resourceType, id, version, lastUpdated, method, deleted, patients, content } = resource;
/** Written out once: Drizzle would quote and join them for every search. */
const columns = sql.raw(
  [resourceType, id, version, lastUpdated, method, deleted, patients, content].map(({ name }) => name).join(', '),
);

const foundKey = sql.raw('found.resource_key');

/** The text of a contained resource is that of the resource around it. */
export const selectContained = (found: SQL, order: SQL, places: number): SQL =>
  select(found, order, { places, key: storedAs(foundKey) });

/** `found` selects `resource_key` and what it is sorted by as `p1`, `p2`, …: `places` of them. Each version is looked up by its key: `OFFSET 0` keeps the planner from reading the whole table instead. */
export const selectVersions = (found: SQL, order: SQL, places: number): SQL =>
  select(found, order, { places, key: foundKey });

function select(found: SQL, order: SQL, { places, key }: { readonly places: number; readonly key: SQL }): SQL {
  const position = sql.raw(
    `ARRAY[${Array.from({ length: places }, (_item, index) => `found.p${index + 1}::text`).join(', ')}]::text[]`,
  );
  const stored = sql`SELECT ${columns} FROM resource WHERE resource_key = ${key} OFFSET 0`;
  return sql`SELECT found.resource_key::text AS resource_key, stored.*, ${position} AS position FROM (${found}) AS found CROSS JOIN LATERAL (${stored}) AS stored ORDER BY ${order}`;
}
