/** Rows of an index table that satisfy a criterion, and the two ways to use them: to begin with, or to check one resource. See docs/adr/0001-storage-design.md. */
import { type SQL, sql, type SQLWrapper } from 'drizzle-orm';

/** Lists of postings, each in the order of resource keys and without repetition. */
export interface Lists {
  /** The column that tells the lists apart. */
  readonly column: SQLWrapper;
  readonly keys: readonly string[];
}

/** Rows of an index table. */
export interface Rows {
  /** A table, or a join. */
  readonly from: SQLWrapper;
  /** Its column with resource keys. */
  readonly resourceKey: SQLWrapper;
  /** What rows must satisfy beside being in one of the lists. */
  readonly where?: SQL;
  /** Absent where rows come in another order, and a resource may have several. */
  readonly lists?: Lists;
}

export interface Posting extends Rows {
  /** How many resources it tends to find: see `breadths`. */
  readonly breadth: number;
  /** Other rows that tell as much, and faster, when only one resource is checked. */
  readonly check?: Rows;
}

/** How much each kind of criterion tends to find. The search begins with the least; the others are checked for each resource that it finds. */
export const breadths = {
  id: 0,
  reference: 1,
  identifier: 2,
  uri: 3,
  text: 3,
  token: 4,
  /** A value, give or take. */
  equalRange: 5,
  /** A single letter or two. */
  shortText: 6,
  /** One of a few codes, such as a status. */
  commonToken: 7,
  /** Everything above or below. */
  openRange: 8,
  type: 9,
} as const;

/** A list of any length as one parameter, so that statements stay few and can be prepared. */
export const keyArray = (keys: readonly string[]): SQL => sql`${sql.param(keys)}::bigint[]`;

export function allOf(conditions: readonly (SQL | undefined)[]): SQL {
  const given = conditions.filter((condition) => condition !== undefined);
  return given.length === 0 ? sql`true` : sql.join(given, sql` AND `);
}

export const anyOf = (conditions: readonly SQL[]): SQL => sql`(${sql.join([...conditions], sql` OR `)})`;

/** True when the rows are one ordered list. */
export const isOneList = ({ lists }: Rows): boolean => lists?.keys.length === 1;

function inLists({ column, keys }: Lists): SQL {
  return keys.length === 1 ? sql`${column} = ${keys[0]}::bigint` : sql`${column} = ANY(${keyArray(keys)})`;
}

const conditionOf = ({ lists, where }: Rows): SQL => allOf([lists && inLists(lists), where]);

/** All resource keys, each once, in no order. */
export function resourceKeysOf(rows: Rows): SQL {
  const distinct = isOneList(rows) ? sql`` : sql`DISTINCT `;
  return sql`SELECT ${distinct}${rows.resourceKey} FROM ${rows.from} WHERE ${conditionOf(rows)}`;
}

/** The resource keys of one list, which `key` names. */
export function listOf({ from, resourceKey, where, lists }: Rows, key: SQL): SQL {
  return sql`SELECT ${resourceKey} FROM ${from} WHERE ${allOf([lists && sql`${lists.column} = ${key}`, where])}`;
}

/** True of a resource key in the posting. `OFFSET 0` keeps the planner from turning the check into a join that reads all of it. */
export function hasResource({ check, ...posting }: Posting, resourceKey: SQL): SQL {
  const rows = check ?? posting;
  return sql`EXISTS (SELECT FROM ${rows.from} WHERE ${conditionOf(rows)} AND ${rows.resourceKey} = ${resourceKey} OFFSET 0)`;
}
