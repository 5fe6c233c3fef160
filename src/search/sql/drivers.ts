/** What a search can begin with. See docs/adr/0011-search-plans.md. */
import { type SQL, sql } from 'drizzle-orm';
import { type CompiledCondition, type Compiling, type DrivingCondition } from './compiled.ts';
import { joinFilters } from './range-filter.ts';
import { allOf } from './rows.ts';
import { filterRows } from './value-filter.ts';

/** Resources that are looked up and sorted in some milliseconds. What finds more is read in the order of the answer. */
export const few = 5_000;

const hasRows = (condition: CompiledCondition): condition is DrivingCondition => condition.rows !== undefined;

export const countSome = (statement: SQL): SQL =>
  sql`SELECT count(*)::integer AS found FROM (${statement} LIMIT ${few + 1}) AS counted`;

/** Filters on the same single value become one, so that both ends of a period bound what is read. */
export function joined(conditions: readonly CompiledCondition[], { fresh }: Compiling): readonly CompiledCondition[] {
  const found: CompiledCondition[] = [];
  for (const condition of conditions) {
    const index = found.findIndex((one) => one.values && condition.values && joinFilters(one.values, condition.values));
    const other = found[index];
    const values = other?.values && condition.values && joinFilters(other.values, condition.values);
    if (!other || !values) {
      found.push(condition);
      continue;
    }
    found[index] = {
      breadth: Math.min(condition.breadth, other.breadth),
      values,
      rows: { statement: filterRows(values, fresh), isDistinct: true },
      check: (candidate) => allOf([other.check(candidate), condition.check(candidate)]),
    };
  }
  return found;
}

/** The drivers with what beginning with each costs, the least first; what was not counted counts as much. */
export function ranked(
  drivers: readonly DrivingCondition[],
  counts: readonly number[],
  costOf = (_driver: DrivingCondition, count: number): number => count,
): readonly { readonly driver: DrivingCondition; readonly count: number }[] {
  const counted = drivers.map((driver, index) => ({ driver, count: costOf(driver, counts[index] ?? few + 1) }));
  return counted.sort((one, other) => one.count - other.count);
}

/** Those of the conditions that a search could begin with, the narrowest by its kind first. */
export const driversOf = (conditions: readonly CompiledCondition[]): readonly DrivingCondition[] =>
  conditions.filter(hasRows).sort((one, other) => one.breadth - other.breadth);
