/** What conditions on the index tables are made of: lists, filters, and one of several. */
import { sql } from 'drizzle-orm';
import type { ParameterCondition } from '../condition.ts';
import type { Match } from '../match.ts';
import { typeKey } from '../keys.ts';
import { breadths, type CompiledCondition, type Compiling, type DrivingCondition } from './compiled.ts';
import { anyOf, conditionOf, type ListRows, unionAll } from './rows.ts';
import { filterCheck, filterRows, type ValueFilter } from './value-filter.ts';

/** What a match is compiled for: the values of one parameter, by the key of each resource type. */
export interface Subject extends Pick<ParameterCondition, 'types' | 'code' | 'parameterType' | 'isSingle'> {
  readonly keys: readonly string[];
}

export type MatchOf<Kind extends Match['kind']> = Extract<Match, { kind: Kind }>;

/** The same value twice is one list. */
export const unique = (keys: readonly string[]): readonly string[] => [...new Set(keys)];

export function fromLists(rows: ListRows, breadth: number): DrivingCondition {
  const table = sql.raw(rows.table);
  return {
    breadth,
    rows,
    check: (candidate) =>
      sql`EXISTS (SELECT FROM ${table} WHERE ${conditionOf(rows)} AND resource_key = ${candidate} OFFSET 0)`,
  };
}

export function fromTokens(keys: readonly string[], breadth: number): CompiledCondition {
  return fromLists(
    { table: 'token_index', lists: { column: 'token_key', type: 'bigint', keys: unique(keys) } },
    breadth,
  );
}

export function fromFilter(values: ValueFilter, breadth: number, { fresh }: Compiling): CompiledCondition {
  return {
    breadth,
    values,
    rows: { statement: filterRows(values, fresh), isDistinct: values.isSingle },
    check: (candidate) => filterCheck(values, candidate, fresh()),
  };
}

/** One of several. */
export function compileSeveral<Part>(
  parts: readonly Part[],
  compile: (part: Part) => CompiledCondition,
): CompiledCondition {
  const compiled = parts.map(compile);
  const [only] = compiled;
  if (compiled.length === 1 && only) return only;
  const rows = joinRows(compiled);
  return {
    breadth: Math.max(...compiled.map(({ breadth }) => breadth)),
    check: (candidate) => anyOf(compiled.map(({ check }) => check(candidate))),
    ...(rows && { rows }),
  };
}

/** Lists of one table are read together; other rows one after another. Undefined where one of the parts has none. */
function joinRows(compiled: readonly CompiledCondition[]): CompiledCondition['rows'] {
  const all = compiled.map(({ rows }) => rows);
  if (!all.every((rows) => rows !== undefined)) return undefined;
  const lists = all.filter((rows): rows is ListRows => 'lists' in rows && rows.table === 'token_index' && !rows.where);
  const [first] = lists;
  if (first && lists.length === all.length) {
    return { ...first, lists: { ...first.lists, keys: unique(lists.flatMap((rows) => rows.lists.keys)) } };
  }
  return {
    statement: unionAll(
      all.map((rows) =>
        'lists' in rows
          ? sql`SELECT resource_key FROM ${sql.raw(rows.table)} WHERE ${conditionOf(rows)}`
          : rows.statement,
      ),
    ),
  };
}

/** All resources of the types. */
export function allOfTypes(types: readonly string[], hash: Compiling['hash']): DrivingCondition {
  const keys = types.map((type) => typeKey(hash, type));
  return fromLists({ table: 'token_index', lists: { column: 'token_key', type: 'bigint', keys } }, breadths.type);
}
