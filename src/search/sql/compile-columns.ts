/** What stands in columns of the resource itself: its id, and when it was updated. */
import { type SQL, sql } from 'drizzle-orm';
import { isContainedName, tokenKey } from '../keys.ts';
import { fromTokens, type MatchOf, type Subject } from './building-blocks.ts';
import { breadths, type CompiledCondition, type Compiling } from './compiled.ts';
import { containerOf } from './contained-keys.ts';
import { rangeCondition } from './range-condition.ts';
import { anyOf } from './rows.ts';

export function compileId(
  { ids }: MatchOf<'id'>,
  { types, keys }: Subject,
  { resourceTypes, fresh, hash }: Compiling,
): CompiledCondition {
  if (isContainedName(types[0])) {
    const tokens = keys.flatMap((key) => ids.map((id) => tokenKey(hash, key, { code: id })));
    return fromTokens(tokens, breadths.token);
  }
  const numbers = types.map((type) => String(resourceTypes.get(type)));
  const row = fresh();
  const isWanted = sql`${row}.id = ANY(${sql.param(ids)}::text[])`;
  const isOfType = sql`${row}.resource_type = ANY(${sql.param(numbers)}::smallint[])`;
  return {
    breadth: breadths.id,
    rows: {
      statement: sql`SELECT ${row}.resource_key FROM resource AS ${row} WHERE ${isOfType} AND ${isWanted} AND NOT ${row}.deleted`,
      isDistinct: true,
    },
    check: (candidate) =>
      sql`EXISTS (SELECT FROM resource AS ${row} WHERE ${row}.resource_key = ${candidate} AND ${isWanted} OFFSET 0)`,
  };
}

/** Of the change log those rows that made the current version; one resource is checked without the log, and a contained one was updated when the resource around it was. */
export function compileLastUpdated(
  { comparisons }: MatchOf<'lastUpdated'>,
  { types }: Subject,
  context: Compiling,
): CompiledCondition {
  const { resourceTypes, fresh } = context;
  const numbers = types.map((type) => String(resourceTypes.get(type)));
  const lastUpdated = (column: SQL): SQL =>
    anyOf(comparisons.map((comparison) => rangeCondition(comparison, { low: column, high: column }, 'timestamptz')));
  const [row, log] = [fresh(), fresh()];
  const wasUpdated = (key: SQL): SQL =>
    sql`EXISTS (SELECT FROM resource AS ${row} WHERE ${row}.resource_key = ${key} AND ${lastUpdated(sql`${row}.last_updated`)} OFFSET 0)`;
  if (isContainedName(types[0])) {
    return { breadth: breadths.openRange, check: (candidate) => wasUpdated(containerOf(candidate)) };
  }
  const isWanted = sql`${log}.resource_type = ANY(${sql.param(numbers)}::smallint[]) AND ${lastUpdated(sql`${log}.last_updated`)}`;
  return {
    breadth: breadths.openRange,
    lastUpdated,
    rows: {
      statement: sql`SELECT ${log}.resource_key FROM change_log AS ${log} JOIN resource AS ${row} ON ${row}.resource_key = ${log}.resource_key AND ${row}.version = ${log}.version AND NOT ${row}.deleted WHERE ${isWanted}`,
      isDistinct: true,
    },
    check: wasUpdated,
  };
}
