/** Criteria that the index answers together. See docs/adr/0011-search-plans.md. */
import { sql } from 'drizzle-orm';
import { companionCodes } from '../companions.ts';
import { parameterKey, patientsKey, tokenDateKey } from '../keys.ts';
import { fromLists } from './building-blocks.ts';
import { breadths, type CompiledCondition, type Compiling } from './compiled.ts';
import { filterUnder } from './range-filter.ts';
import { filterCheck, filterRows } from './value-filter.ts';

/** A code and a range of dates are one range of the dates that are kept under the code, unless something narrower than a code is asked for too. */
export function joinDates(
  conditions: readonly CompiledCondition[],
  types: readonly string[],
  { hash, fresh }: Compiling,
): readonly CompiledCondition[] {
  const [type = ''] = types;
  const dateKey = parameterKey(hash, type, companionCodes.date);
  const coded = conditions.find(({ codes }) => codes?.length === 1);
  const dated = conditions.find(({ values }) => values?.isSingle && values.range?.key === dateKey);
  const [code] = coded?.codes ?? [];
  const isNarrower = ({ rows, values, breadth }: CompiledCondition) => rows && !values && breadth < breadths.token;
  if (!coded || !dated?.values?.range || code === undefined || types.length > 1) return conditions;
  if (conditions.some(isNarrower)) return conditions;
  const values = filterUnder(tokenDateKey(hash, dateKey, code), dated.values, hash);
  const both: CompiledCondition = {
    breadth: Math.min(coded.breadth, dated.breadth),
    isDatedCode: true,
    values,
    rows: { statement: filterRows(values, fresh), isDistinct: true },
    check: (candidate) => filterCheck(values, candidate, fresh()),
  };
  return [both, ...conditions.filter((condition) => condition !== coded && condition !== dated)];
}

/** Codes of one patient are one list for each code, newest first like any other. What the order of the answer covers is left as it is. */
export function joinCodes(
  conditions: readonly CompiledCondition[],
  covered: readonly CompiledCondition[],
  { hash }: Compiling,
): readonly CompiledCondition[] {
  const left = conditions.filter((condition) => !covered.includes(condition));
  const about = left.find(({ patient }) => patient !== undefined);
  const coded = left.find(({ codes }) => codes);
  if (about?.patient === undefined || !coded?.codes) return conditions;
  const keys = coded.codes.map((token) => patientsKey(hash, token));
  const both = fromLists(
    {
      table: 'reference_index',
      lists: { column: 'target_key', type: 'bigint', keys },
      where: sql`parameter_key = ${about.patient}::bigint`,
    },
    Math.min(about.breadth, coded.breadth),
  );
  return [both, ...conditions.filter((condition) => condition !== about && condition !== coded)];
}
