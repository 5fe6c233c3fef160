/** Prefixes as conditions on the range of a value. https://hl7.org/fhir/R4/search.html#prefix */
import { type SQL, sql, type SQLWrapper } from 'drizzle-orm';
import type { Comparison, Prefix } from '../match.ts';

interface Sides {
  /** Columns, or one column twice where values are points. */
  readonly low: SQLWrapper;
  readonly high: SQLWrapper;
  /** Ends of what is asked for. */
  readonly from: SQLWrapper;
  readonly to: SQLWrapper;
}

/** Each begins with what an index on the low or the high side can find, even where the rest implies it. */
const conditions: Readonly<Record<Prefix, (sides: Sides) => SQL>> = {
  // what is asked for contains the value
  eq: ({ low, high, from, to }) => sql`(${low} >= ${from} AND ${low} <= ${to} AND ${high} <= ${to})`,
  ne: ({ low, high, from, to }) => sql`(${low} < ${from} OR ${high} > ${to})`,
  // some of the value lies beyond
  gt: ({ high, to }) => sql`${high} > ${to}`,
  lt: ({ low, from }) => sql`${low} < ${from}`,
  ge: ({ low, high, from, to }) => sql`(${high} >= ${from} AND (${high} > ${to} OR ${low} >= ${from}))`,
  le: ({ low, high, from, to }) => sql`(${low} <= ${to} AND (${low} < ${from} OR ${high} <= ${to}))`,
  // all of the value lies beyond
  sa: ({ low, to }) => sql`${low} > ${to}`,
  eb: ({ high, from }) => sql`${high} < ${from}`,
  // the two overlap
  ap: ({ low, high, from, to }) => sql`(${low} <= ${to} AND ${high} >= ${from})`,
};

/** A condition on the columns that hold the ends of a value. `type` is that of the columns. */
export function rangeCondition(
  { prefix, low: from, high: to }: Comparison<string | number>,
  { low, high }: Pick<Sides, 'low' | 'high'>,
  type: 'timestamptz' | 'float8' | 'text',
): SQL {
  const cast = (bound: string | number) => sql`${bound}::${sql.raw(type)}`;
  return conditions[prefix]({ low, high, from: cast(from), to: cast(to) });
}
