/** What results are sorted by: values of a search parameter, ids, instants. https://hl7.org/fhir/R4/search.html#sort */
import { type SQL, sql } from 'drizzle-orm';
import { containerOf } from './contained-keys.ts';
import { isAmong } from './rows.ts';
import { columnOf, type ValueTable } from './value-filter.ts';

/** An ordered source of values. A resource may have several: ascending counts the least, descending the greatest. */
export interface SortSource {
  /** PostgreSQL type of each column of a value. */
  readonly types: readonly string[];
  /** A table, or something like one, whose alias `row` is. */
  from(row: SQL): SQL;
  columns(row: SQL): readonly SQL[];
  /** Rows that hold values, whatever the resource. */
  where(row: SQL): SQL;
  /** True when no resource has two rows. */
  readonly isSingle: boolean;
  /** True when every resource has a row. */
  readonly isComplete: boolean;
  /** Of a match the key under which its rows stand, where that is not its own. */
  keyOf?(candidate: SQL): SQL;
  /** The rows of one resource, where they are found otherwise than by going through all. */
  lookup?(row: SQL): { readonly from: SQL; readonly columns: readonly SQL[]; readonly where: SQL };
}

/** The values of a parameter, or of those that it combines. `where` leaves out those that do not count. */
export function parameterSource(
  table: ValueTable,
  keys: readonly string[],
  { isSingle, where = () => sql`true` }: { readonly isSingle: boolean; readonly where?: (row: SQL) => SQL },
): SortSource {
  return {
    types: table.columns.map(() => table.type),
    from: (row) => sql`${sql.raw(table.name)} AS ${row}`,
    columns: (row) => table.columns.map((name) => columnOf(row, name)),
    where: (row) => sql`${isAmong(sql`${row}.parameter_key`, keys)} AND ${where(row)}`,
    isSingle,
    isComplete: false,
  };
}

/** `Resource.meta.lastUpdated`: the change log has it in order, and of its rows those count that made a current version. */
export function lastUpdatedSource(types: SQL, fresh: () => SQL): SortSource {
  const current = fresh();
  return {
    types: ['timestamptz'],
    from: (row) => sql`change_log AS ${row}`,
    columns: (row) => [sql`${row}.last_updated`],
    where: (row) =>
      sql`${row}.resource_type = ${types} AND EXISTS (SELECT FROM resource AS ${current} WHERE ${current}.resource_key = ${row}.resource_key AND ${current}.version = ${row}.version AND NOT ${current}.deleted OFFSET 0)`,
    isSingle: true,
    isComplete: true,
    lookup: (row) => ({ from: sql`resource AS ${row}`, columns: [sql`${row}.last_updated`], where: sql`true` }),
  };
}

/** A column of `resource`, whatever the type. */
const columnSource = (column: string, type: string): SortSource => ({
  types: [type],
  from: (row) => sql`resource AS ${row}`,
  columns: (row) => [columnOf(row, column)],
  where: () => sql`true`,
  isSingle: true,
  isComplete: true,
});

/** `meta.lastUpdated` of the resources around contained ones. */
export function containerUpdatedSource(): SortSource {
  return { ...columnSource('last_updated', 'timestamptz'), keyOf: containerOf };
}

/** `Resource.id`. */
export function idSource(types: SQL): SortSource {
  return {
    ...columnSource('id', 'text COLLATE "C"'),
    where: (row) => sql`${row}.resource_type = ${types} AND NOT ${row}.deleted`,
  };
}

/** `resource.self_key`, which is the target key of references to a resource. */
export const selfKeySource: SortSource = columnSource('self_key', 'bigint');
