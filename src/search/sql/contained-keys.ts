/** The keys of contained resources in SQL. See docs/adr/0014-contained-resources.md. */
import { type SQL, sql } from 'drizzle-orm';
import { containedKeys } from '../../store/tables.ts';

const offset = sql.raw(String(-containedKeys.first));
const bits = sql.raw(String(containedKeys.placeBits));

/** The key of the resource around a contained one. */
export const containerOf = (key: SQL): SQL => sql`((${key} + ${offset}) >> ${bits})`;

/** The key of the resource whose text a key stands for: of a contained one that around it. */
export const storedAs = (key: SQL): SQL => sql`(CASE WHEN ${key} < 0 THEN ${containerOf(key)} ELSE ${key} END)`;

/** All contained resources of one resource have keys from the first to before the second. */
export function keysWithin(resourceKey: SQL): readonly [from: SQL, to: SQL] {
  return [sql`((${resourceKey} << ${bits}) - ${offset})`, sql`(((${resourceKey} + 1) << ${bits}) - ${offset})`];
}
