/** Pages in the order of values: read from where they are in order, or looked up for the few that match, and sorted. https://hl7.org/fhir/R4/search.html#sort */
import { type SQL, sql } from 'drizzle-orm';
import type { Start } from '../cursor.ts';
import type { CompiledCondition } from './compiled.ts';
import { allOf, anyOf, resourceKeysOf, type Rows } from './rows.ts';
import { parameterSource, type SortSource } from './sort-source.ts';
import type { ValueFilter } from './value-filter.ts';

export interface SortKey {
  readonly source: SortSource;
  readonly descending: boolean;
}

export interface PageLimits {
  readonly start?: Start | undefined;
  /** One more than the page, to see whether there is a next. */
  readonly limit: number;
}

/** By values; without any in the order of resource keys. */
export interface Ordering {
  readonly keys: readonly SortKey[];
  /** Parts that lie one behind the other in ascending order; absent when there are several keys. */
  readonly scans?: readonly Scan[];
  /** What the scans satisfy already. */
  readonly covered: readonly CompiledCondition[];
  /** True when resources without a value belong to the answer too. */
  readonly hasMissing: boolean;
  /** True when the scans read a part of the index that is known to be small. */
  readonly isNarrow: boolean;
}

/** The parts of a filter, each in its place. */
export function scansOf({ table, branches, isSingle }: ValueFilter, all: SortSource): readonly Scan[] {
  return branches.map(({ key, where }) => ({ source: parameterSource(table, [key], { isSingle, where }), all }));
}

const direction = (descending: boolean): SQL => (descending ? sql`DESC` : sql`ASC`);
const casts = ({ types }: SortSource, values: readonly (string | null)[]): SQL[] =>
  types.map((type, index) => sql`${values[index] ?? null}::${sql.raw(type)}`);

const named = (columns: readonly SQL[], first: number): SQL[] =>
  columns.map((column, index) => sql`${column} AS ${sql.raw(`p${first + index}`)}`);

/** How many columns tell the place of a row. */
export const placesOf = (keys: readonly SortKey[]): number =>
  keys.reduce((sum, { source }) => sum + source.types.length, 0);

/** The place of a row, which the cursor holds. */
const names = (count: number): SQL[] => Array.from({ length: count }, (_item, index) => sql.raw(`p${index + 1}`));

/** One part of an ordered scan. */
export interface Scan {
  readonly source: SortSource;
  /** What leaves rows out that another part has. */
  where?(row: SQL): SQL;
  /** All rows that count, to tell the first of a resource. */
  readonly all: SortSource;
  /** Reads the page where the source by itself could not be read from its start. */
  page?(conditions: readonly CompiledCondition[], limits: PageLimits): SQL;
}

/** True of the row by which the resource stands where it stands. */
function isFirst({ all }: Scan, row: SQL, descending: boolean, fresh: () => SQL): SQL | undefined {
  if (all.isSingle) return undefined;
  const other = fresh();
  const comparison = descending ? sql`>` : sql`<`;
  const before = sql`(${sql.join([...all.columns(other)], sql`, `)}) ${comparison} (${sql.join([...all.columns(row)], sql`, `)})`;
  return sql`NOT EXISTS (SELECT FROM ${all.from(other)} WHERE ${other}.resource_key = ${row}.resource_key AND ${all.where(other)} AND ${before} OFFSET 0)`;
}

interface ScanOptions extends PageLimits {
  readonly descending: boolean;
  /** True to begin at the end of the scan, wherever the start is. */
  readonly isFromEnd: boolean;
  fresh(): SQL;
}

/** Reads rows in their order until the page is full. */
export function scanPage(
  scan: Scan,
  conditions: readonly CompiledCondition[],
  { descending, start, limit, isFromEnd, fresh }: ScanOptions,
): SQL {
  if (scan.page) return scan.page(conditions, { start, limit });
  const { source } = scan;
  const row = fresh();
  const key = sql`${row}.resource_key`;
  const columns = source.columns(row);
  const isReversed = descending !== (start?.isBackward === true);
  const place = [...columns, key];
  const after =
    start &&
    !isFromEnd &&
    sql`(${sql.join(place, sql`, `)}) ${isReversed ? sql`<` : sql`>`} (${sql.join([...casts(source, start.values), sql`${start.resourceKey}::bigint`], sql`, `)})`;
  const where = allOf([
    source.where(row),
    scan.where?.(row),
    after === false ? undefined : after,
    isFirst(scan, row, descending, fresh),
    ...conditions.map(({ check }) => check(key)),
  ]);
  const order = place.map((column) => sql`${column} ${direction(isReversed)}`);
  return sql`SELECT ${key}, ${sql.join(named(columns, 1), sql`, `)} FROM ${source.from(row)} WHERE ${where} ORDER BY ${sql.join(order, sql`, `)} LIMIT ${limit}`;
}

/** A row of the page stands behind the start, when missing values stand last: each column in turn, as long as those before it are equal. */
function isBehind(columns: readonly SQL[], keys: readonly SortKey[], start: Start): SQL {
  const flat = keys.flatMap(({ source, descending }) => source.types.map((type) => ({ type, descending })));
  const alternatives = flat.map(({ type, descending }, index) => {
    const column = columns[index] ?? sql`NULL`;
    const value = start.values[index] ?? null;
    const equal = flat.slice(0, index).map((one, at) => {
      const known = start.values[at] ?? null;
      return sql`${columns[at]} IS NOT DISTINCT FROM ${known}::${sql.raw(one.type)}`;
    });
    const bound = sql`${value}::${sql.raw(type)}`;
    return allOf([...equal, comesAfter(column, { bound, isMissing: value === null }, descending, start.isBackward)]);
  });
  const same = flat.map(
    ({ type }, index) => sql`${columns[index]} IS NOT DISTINCT FROM ${start.values[index] ?? null}::${sql.raw(type)}`,
  );
  const isReversed = (flat[0]?.descending === true) !== start.isBackward;
  const byKey = sql`ordered.resource_key ${isReversed ? sql`<` : sql`>`} ${start.resourceKey}::bigint`;
  return anyOf([...alternatives.map((one) => sql`(${one})`), sql`(${allOf([...same, byKey])})`]);
}

function comesAfter(
  column: SQL,
  { bound, isMissing }: { bound: SQL; isMissing: boolean },
  descending: boolean,
  isBackward: boolean,
): SQL {
  if (isMissing) return isBackward ? sql`${column} IS NOT NULL` : sql`false`;
  const comparison = descending === isBackward ? sql`>` : sql`<`;
  return isBackward
    ? sql`${column} ${comparison} ${bound}`
    : sql`(${column} ${comparison} ${bound} OR ${column} IS NULL)`;
}

export interface SortOptions {
  readonly keys: readonly SortKey[];
  fresh(): SQL;
}

/** Looks up the values of each resource that matches, and sorts. */
export function sortPage(
  rows: Rows,
  conditions: readonly CompiledCondition[],
  { start, limit, ...options }: PageLimits & SortOptions,
): SQL {
  return sortValued(withValues(rows, conditions, options), options.keys, { start, limit });
}

/** Selects `resource_key` of each resource that matches, and by what it is sorted as `p1`, `p2`, … */
export function withValues(rows: Rows, conditions: readonly CompiledCondition[], { keys, fresh }: SortOptions): SQL {
  const found = fresh();
  const candidate = sql`${found}.resource_key`;
  const lookups = keys.map(({ source, descending }) => lookup(source, descending, candidate, fresh));
  let next = 1;
  const selected = lookups.map(({ alias, source }) => {
    const first = next;
    next += source.types.length;
    return sql.join(
      source.types.map(
        (_type, index) => sql`${alias}.v${sql.raw(String(index + 1))} AS ${sql.raw(`p${first + index}`)}`,
      ),
      sql`, `,
    );
  });
  const joins = lookups.map(({ alias, statement }) => sql`LEFT JOIN LATERAL (${statement}) AS ${alias} ON true`);
  const matching = sql`SELECT ${candidate} FROM (${resourceKeysOf(rows)}) AS ${found} WHERE ${allOf(conditions.map(({ check }) => check(candidate)))} OFFSET 0`;
  return sql`SELECT ${candidate}, ${sql.join(selected, sql`, `)} FROM (${matching}) AS ${found} ${sql.join(joins, sql` `)}`;
}

/** The page of what `withValues` selects. */
export function sortValued(valued: SQL, keys: readonly SortKey[], { start, limit }: PageLimits): SQL {
  const columns = names(placesOf(keys)).map((name) => sql`ordered.${name}`);
  const where = start ? isBehind(columns, keys, start) : sql`true`;
  return sql`SELECT ordered.* FROM (${valued}) AS ordered WHERE ${where} ORDER BY ${orderOf(keys, start?.isBackward === true, sql`ordered.`)} LIMIT ${limit}`;
}

/** The value by which a resource stands where it stands. */
function lookup(source: SortSource, descending: boolean, candidate: SQL, fresh: () => SQL) {
  const [row, alias] = [fresh(), fresh()];
  const { from, columns, where } = source.lookup?.(row) ?? {
    from: source.from(row),
    columns: source.columns(row),
    where: source.where(row),
  };
  const values = columns.map((column, index) => sql`${column} AS v${sql.raw(String(index + 1))}`);
  const order = columns.map((column) => sql`${column} ${direction(descending)}`);
  const statement = sql`SELECT ${sql.join(values, sql`, `)} FROM ${from} WHERE ${row}.resource_key = ${source.keyOf?.(candidate) ?? candidate} AND ${where} ORDER BY ${sql.join(order, sql`, `)} LIMIT 1`;
  return { alias, statement, source };
}

/** Missing values last, whatever the direction; equal values in the order of resource keys. */
export function orderOf(keys: readonly SortKey[], isBackward: boolean, prefix: SQL, hasMissing = true): SQL {
  const flat = keys.flatMap(({ source, descending }) => source.types.map(() => descending));
  const nulls = !hasMissing ? sql`` : isBackward ? sql` NULLS FIRST` : sql` NULLS LAST`;
  const columns = flat.map(
    (descending, index) => sql`${prefix}p${sql.raw(String(index + 1))} ${direction(descending !== isBackward)}${nulls}`,
  );
  return sql.join([...columns, sql`${prefix}resource_key ${direction((flat[0] === true) !== isBackward)}`], sql`, `);
}
