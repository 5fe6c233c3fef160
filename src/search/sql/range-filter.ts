/** Comparisons with ranges, and where in the order of their low ends the rows lie that can satisfy them. https://hl7.org/fhir/R4/search.html#prefix */
import { type SQL, sql } from 'drizzle-orm';
import type { Hash } from '../../ports.ts';
import { instantOf } from '../date-range.ts';
import { aspectKey } from '../keys.ts';
import type { Comparison, Prefix } from '../match.ts';
import { longDate } from '../types/date.ts';
import { rangeCondition } from './range-condition.ts';
import { allOf, anyOf } from './rows.ts';
import {
  type Bound,
  type Branch,
  columnOf,
  type RangePart,
  type Span,
  type ValueFilter,
  type ValueTable,
  valueTables,
} from './value-filter.ts';

type Kind = 'date' | 'number';

/** Rows that overlap what is asked for begin before it, but no earlier than they are long; longer ones are kept apart. */
function reach(low: Bound): Bound {
  return typeof low === 'number' ? low : instantOf(Date.parse(low) - longDate);
}

const spans: Readonly<Record<Prefix, (low: Bound, high: Bound) => Span>> = {
  eq: (low, high) => ({ min: low, strictMin: low, max: high }),
  ne: () => ({}),
  gt: (low) => ({ min: reach(low) }),
  ge: (low) => ({ min: reach(low) }),
  ap: (low, high) => ({ min: reach(low), max: high }),
  lt: (low) => ({ max: low }),
  le: (_low, high) => ({ max: high }),
  sa: (_low, high) => ({ min: high, strictMin: high }),
  eb: (low) => ({ max: low }),
};

const least = (one: Bound | undefined, other: Bound | undefined): Bound | undefined =>
  one === undefined || other === undefined ? undefined : one < other ? one : other;
const greatest = (one: Bound | undefined, other: Bound | undefined): Bound | undefined =>
  one === undefined || other === undefined ? undefined : one > other ? one : other;
const orElse = (choose: typeof least) => (one: Bound | undefined, other: Bound | undefined) =>
  one === undefined ? other : other === undefined ? one : choose(one, other);

const span = (min: Bound | undefined, strictMin: Bound | undefined, max: Bound | undefined): Span => ({
  ...(min !== undefined && { min }),
  ...(strictMin !== undefined && { strictMin }),
  ...(max !== undefined && { max }),
});

/** One of two. */
const either = (one: Span, other: Span): Span =>
  span(least(one.min, other.min), least(one.strictMin, other.strictMin), greatest(one.max, other.max));

/** Both of two. */
const both = (one: Span, other: Span): Span =>
  span(
    orElse(greatest)(one.min, other.min),
    orElse(greatest)(one.strictMin, other.strictMin),
    orElse(least)(one.max, other.max),
  );

function branchesOf(
  { key, longKey, span: { min, strictMin, max }, where }: RangePart,
  type: ValueTable['type'],
): readonly Branch[] {
  const cast = (bound: Bound) => sql`${bound}::${sql.raw(type)}`;
  const within = (row: SQL, from: Bound | undefined) =>
    allOf([
      from === undefined ? undefined : sql`${row}.low >= ${cast(from)}`,
      max === undefined ? undefined : sql`${row}.low <= ${cast(max)}`,
      where(row),
    ]);
  const main: Branch = { key, where: (row) => within(row, min) };
  if (min === undefined || min === strictMin) return [main];
  const before: Branch = { key: longKey, where: (row) => sql`${row}.low < ${cast(min)} AND ${within(row, strictMin)}` };
  return [before, main];
}

function filterOf(
  parts: readonly RangePart[],
  table: ValueTable,
  subject: Pick<ValueFilter, 'subject' | 'isSingle'>,
): ValueFilter {
  const [part] = parts;
  return {
    ...subject,
    table,
    keys: [...new Set(parts.map(({ key }) => key))],
    branches: parts.flatMap((one) => branchesOf(one, table.type)),
    where: (row) =>
      parts.length === 1 && part
        ? part.where(row)
        : anyOf(parts.map(({ key, where }) => sql`(${row}.parameter_key = ${key}::bigint AND ${where(row)})`)),
    ...(parts.length === 1 && part && { range: part }),
  };
}

/** What one row must satisfy of both; undefined where the values may be several, so that each may satisfy another. */
export function joinFilters(one: ValueFilter, other: ValueFilter): ValueFilter | undefined {
  const [first, second] = [one.range, other.range];
  if (!first || !second || first.key !== second.key || !one.isSingle) return undefined;
  const joined = {
    ...first,
    span: both(first.span, second.span),
    where: (row: SQL) => allOf([first.where(row), second.where(row)]),
  };
  return filterOf([joined], one.table, one);
}

/** The same ranges of the same dates, as they are kept under another key. */
export function filterUnder(key: string, { table, subject, isSingle, range }: ValueFilter, hash: Hash): ValueFilter {
  if (!range) throw new Error('Only a filter by ranges can be moved to another key');
  return filterOf([{ ...range, key, longKey: aspectKey(hash, key, 'long') }], table, { subject, isSingle });
}

export interface RangeFilterOptions {
  readonly kind: Kind;
  readonly hash: Hash;
  readonly subject: string;
  readonly isSingle: boolean;
}

/** The comparisons by the key that each is about, ORed. */
export function rangeFilter(
  byKey: ReadonlyMap<string, readonly Comparison<Bound>[]>,
  { kind, hash, subject, isSingle }: RangeFilterOptions,
): ValueFilter {
  const table = valueTables[kind];
  const parts = [...byKey].map(([key, comparisons]): RangePart => {
    const [first = {}, ...others] = comparisons.map(({ prefix, low, high }) => spans[prefix](low, high));
    return {
      key,
      longKey: aspectKey(hash, key, kind === 'date' ? 'long' : 'wide'),
      span: others.reduce<Span>(either, first),
      where: (row) =>
        anyOf(
          comparisons.map((comparison) =>
            rangeCondition(comparison, { low: columnOf(row, 'low'), high: columnOf(row, 'high') }, table.type),
          ),
        ),
    };
  });
  return filterOf(parts, table, { subject, isSingle });
}
