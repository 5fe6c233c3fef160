/** Rows of an index table that satisfy a criterion, as SQL. See docs/adr/0001-storage-design.md. */
import { type SQL, sql, type SQLWrapper } from 'drizzle-orm';

/** Lists of postings, each in the order of resource keys and without repetition. */
export interface Lists {
  /** The column that tells the lists apart. */
  readonly column: string;
  readonly type: 'bigint' | 'text';
  readonly keys: readonly string[];
}

/** Ordered lists of one table. */
export interface ListRows {
  readonly table: 'token_index' | 'reference_index' | 'uri_index';
  readonly lists: Lists;
  /** What rows must satisfy beside being in one of the lists. */
  readonly where?: SQL;
}

/** A statement that selects `resource_key`, in no order and perhaps several times the same. */
export interface LooseRows {
  readonly statement: SQL;
  /** True when no resource can come twice. */
  readonly isDistinct?: boolean;
  /** What is counted in their place, because it costs less. */
  readonly reach?: Reach;
}

/** How many of how many. */
export interface Reach {
  readonly targets: SQL;
  /** Selects all resources that could be targets. */
  readonly candidates: SQL;
}

/** Lists whose keys are found first: what a chain leads from. */
export interface TargetRows extends Reach {
  /** Selects `list_key`, perhaps several times the same. */
  readonly targets: SQL;
  readonly table: 'reference_index';
  readonly column: 'target_key';
  readonly where: SQL;
  /** Rows that are looked at for each target. */
  readonly cost: number;
  /** All rows, in no order. */
  readonly statement: SQL;
}

/** Lists of target keys, each with the resources that have the code and refer to the target. */
export interface LinkedPatients {
  readonly keys: readonly string[];
  /** Numbers of the types that count as targets. */
  readonly types: SQL;
}

export type Rows = ListRows | LooseRows | TargetRows;

export const isTargets = (rows: Rows): rows is TargetRows => 'targets' in rows;

export const reachOf = (rows: Rows): Reach | undefined => ('reach' in rows ? rows.reach : undefined);

export const isLists = (rows: Rows): rows is ListRows => 'lists' in rows;

/** Any number of keys as one parameter, so that statements stay few and can be prepared. */
export function keyArray(keys: readonly string[], type: Lists['type'] = 'bigint'): SQL {
  return sql`${sql.param(keys)}::${sql.raw(type)}[]`;
}

export function allOf(conditions: readonly (SQL | undefined)[]): SQL {
  const given = conditions.filter((condition) => condition !== undefined);
  return given.length === 0 ? sql`true` : sql.join(given, sql` AND `);
}

export function anyOf(conditions: readonly SQL[]): SQL {
  const [only] = conditions;
  return conditions.length === 1 && only ? only : sql`(${sql.join([...conditions], sql` OR `)})`;
}

export const unionAll = (statements: readonly SQL[]): SQL => sql.join([...statements], sql` UNION ALL `);

/** One of the keys, in a column. */
export function isAmong(column: SQLWrapper, keys: readonly string[], type: Lists['type'] = 'bigint'): SQL {
  const [key] = keys;
  return keys.length === 1 ? sql`${column} = ${key}::${sql.raw(type)}` : sql`${column} = ANY(${keyArray(keys, type)})`;
}

/** True when the rows are one ordered list. */
export const isOneList = (rows: Rows): rows is ListRows => isLists(rows) && rows.lists.keys.length === 1;

export function conditionOf({ lists, where }: ListRows): SQL {
  return allOf([isAmong(sql.raw(lists.column), lists.keys, lists.type), where]);
}

/** Resource keys as the rows come. */
export function rowsOf(rows: Rows): SQL {
  return isLists(rows)
    ? sql`SELECT resource_key FROM ${sql.raw(rows.table)} WHERE ${conditionOf(rows)}`
    : rows.statement;
}

/** All resource keys, each once. */
export function resourceKeysOf(rows: Rows): SQL {
  const isDistinct = isLists(rows) ? isOneList(rows) : 'isDistinct' in rows && rows.isDistinct;
  return isDistinct ? rowsOf(rows) : sql`SELECT DISTINCT resource_key FROM (${rowsOf(rows)}) AS found_row`;
}

/** The resource keys of one list, which `key` names. */
export function listOf(rows: ListRows | TargetRows, key: SQL): SQL {
  const column = isTargets(rows) ? rows.column : rows.lists.column;
  return sql`SELECT resource_key FROM ${sql.raw(rows.table)} WHERE ${allOf([sql`${sql.raw(column)} = ${key}`, rows.where])}`;
}

/** Aliases that a statement does not have yet. */
export function createAliases(): () => SQL {
  let last = 0;
  return () => {
    last += 1;
    return sql.raw(`t${last}`);
  };
}
