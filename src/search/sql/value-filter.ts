/** Conditions on values that an index keeps in order: dates, numbers, strings. https://hl7.org/fhir/R4/search.html#prefix */
import { type SQL, sql } from 'drizzle-orm';
import { allOf, unionAll } from './rows.ts';

export interface ValueTable {
  readonly name: 'date_index' | 'number_index' | 'string_index' | 'uri_index';
  /** What values are sorted by. */
  readonly columns: readonly string[];
  readonly type: 'timestamptz' | 'float8' | 'text';
}

export const valueTables = {
  date: { name: 'date_index', columns: ['low', 'high'], type: 'timestamptz' },
  number: { name: 'number_index', columns: ['low', 'high'], type: 'float8' },
  string: { name: 'string_index', columns: ['value'], type: 'text' },
  uri: { name: 'uri_index', columns: ['value'], type: 'text' },
} as const satisfies Readonly<Record<string, ValueTable>>;

/** Rows of one parameter key that lie together, in the order of their values. */
export interface Branch {
  readonly key: string;
  /** What rows satisfy; `row` is the alias of the table. */
  where(row: SQL): SQL;
}

export interface ValueFilter {
  readonly table: ValueTable;
  /** Of the values themselves, one for each resource type. */
  readonly keys: readonly string[];
  /** Names what is filtered: filters of one subject can be joined when its values are single. */
  readonly subject: string;
  readonly isSingle: boolean;
  /** True of a row of one of the keys. */
  where(row: SQL): SQL;
  /** All rows that satisfy it, in the order of their values, none in two of them. */
  readonly branches: readonly Branch[];
  /** Of a filter by ranges on one key: what another filter on the same values is joined with. */
  readonly range?: RangePart;
}

export type Bound = string | number;

/** Where the low end of a row can be. */
export interface Span {
  readonly min?: Bound;
  readonly max?: Bound;
  /** As `min`, for rows of any length: those between may reach what is asked for only when they are long. */
  readonly strictMin?: Bound;
}

export interface RangePart {
  /** Under which the rows stand, and its long or wide ones. */
  readonly key: string;
  readonly longKey: string;
  readonly span: Span;
  where(row: SQL): SQL;
}

export const columnOf = (row: SQL, name: string): SQL => sql`${row}.${sql.raw(name)}`;

/** Resource keys of the rows, in no order. */
export function filterRows({ table, branches }: ValueFilter, fresh: () => SQL): SQL {
  return unionAll(
    branches.map(({ key, where }) => {
      const row = fresh();
      return sql`SELECT ${row}.resource_key FROM ${sql.raw(table.name)} AS ${row} WHERE ${row}.parameter_key = ${key}::bigint AND ${where(row)}`;
    }),
  );
}

/** True when a resource has such a row. `OFFSET 0` keeps the planner from turning the check into a join that reads all of them. */
export function filterCheck({ table, keys, where }: ValueFilter, candidate: SQL, row: SQL): SQL {
  const [key] = keys;
  const isOfParameter =
    keys.length === 1
      ? sql`${row}.parameter_key = ${key}::bigint`
      : sql`${row}.parameter_key = ANY(${sql.param(keys)}::bigint[])`;
  const condition = allOf([sql`${row}.resource_key = ${candidate}`, isOfParameter, where(row)]);
  return sql`EXISTS (SELECT FROM ${sql.raw(table.name)} AS ${row} WHERE ${condition} OFFSET 0)`;
}
