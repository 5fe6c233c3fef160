/** Rows of an index table that satisfy a criterion, and the two ways to use them: to begin with, or to check one resource. See docs/adr/0001-storage-design.md. */
import { type SQL, sql, type SQLWrapper } from 'drizzle-orm';

/** Lists of postings, each in the order of resource keys and without repetition. */
export interface Lists {
  /** The column that tells the lists apart, and its type. */
  readonly column: SQLWrapper;
  readonly type: 'bigint' | 'text';
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
  /** Present where the criterion is about `meta.lastUpdated`: the same condition on any column that holds it. */
  readonly lastUpdated?: (column: SQL) => SQL;
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

/** Any number of keys as one parameter, so that statements stay few and can be prepared. */
export function keyArray(keys: readonly string[], type: Lists['type'] = 'bigint'): SQL {
  return sql`${sql.param(keys)}::${sql.raw(type)}[]`;
}

export function allOf(conditions: readonly (SQL | undefined)[]): SQL {
  const given = conditions.filter((condition) => condition !== undefined);
  return given.length === 0 ? sql`true` : sql.join(given, sql` AND `);
}

export const anyOf = (conditions: readonly SQL[]): SQL => sql`(${sql.join([...conditions], sql` OR `)})`;

/** True when the rows are one ordered list. */
export const isOneList = ({ lists }: Rows): boolean => lists?.keys.length === 1;

function inLists({ column, type, keys }: Lists): SQL {
  const [key] = keys;
  return keys.length === 1 ? sql`${column} = ${key}::${sql.raw(type)}` : sql`${column} = ANY(${keyArray(keys, type)})`;
}

const conditionOf = ({ lists, where }: Rows): SQL => allOf([lists && inLists(lists), where]);

/** Resource keys as the rows come: a resource may come several times unless the rows are one list. */
export function rowsOf(rows: Rows): SQL {
  return sql`SELECT ${rows.resourceKey} FROM ${rows.from} WHERE ${conditionOf(rows)}`;
}

/** All resource keys, each once. */
export function resourceKeysOf(rows: Rows): SQL {
  return isOneList(rows) ? rowsOf(rows) : sql`SELECT DISTINCT resource_key FROM (${rowsOf(rows)}) AS found_row`;
}

/** The resource keys of one list, which `key` names. */
export function listOf({ from, resourceKey, where, lists }: Rows, key: SQL): SQL {
  return sql`SELECT ${resourceKey} FROM ${from} WHERE ${allOf([lists && sql`${lists.column} = ${key}`, where])}`;
}

/** The resource that a search has in hand, where it selects from something called `driver`. */
export const candidate = sql`driver.resource_key`;

/** True when the candidate is in the posting. `OFFSET 0` keeps the planner from turning the check into a join that reads all of it. */
export function hasCandidate({ check, ...posting }: Posting): SQL {
  const rows = check ?? posting;
  return sql`EXISTS (SELECT FROM ${rows.from} WHERE ${conditionOf(rows)} AND ${rows.resourceKey} = ${candidate} OFFSET 0)`;
}
