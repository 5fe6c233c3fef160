/** Dates that are kept once more under a patient or under a code, so that only these are read. See docs/adr/0011-search-plans.md. */
import { companionCodes } from '../companions.ts';
import { parameterKey, patientDateKey, tokenDateKey } from '../keys.ts';
import type { SearchQuery, Sort } from '../search-query.ts';
import type { CompiledCondition, Compiling } from './compiled.ts';
import { parameterSource } from './sort-source.ts';
import type { Ordering } from './sorted-page.ts';
import { valueTables } from './value-filter.ts';

type Scans = Pick<Ordering, 'scans' | 'covered' | 'hasMissing' | 'isNarrow'>;

/** A filter on the very values that are sorted by. */
const boundingOf = (sort: Sort, conditions: readonly CompiledCondition[]): CompiledCondition | undefined =>
  conditions.find(({ values }) => values?.subject === sort.code && values.isSingle && sort.isSingle);

const dateKeyOf = (sort: Sort, { types }: SearchQuery, { hash }: Compiling): string =>
  parameterKey(hash, types[0] ?? '', sort.code);

/** The record of one patient is kept in the order of each date. */
function patientScans(
  sort: Sort,
  conditions: readonly CompiledCondition[],
  query: SearchQuery,
  context: Compiling,
): Scans | undefined {
  const about = conditions.find(({ patient }) => patient !== undefined);
  if (about?.patient === undefined) return undefined;
  const bounding = boundingOf(sort, conditions);
  const key = patientDateKey(context.hash, dateKeyOf(sort, query, context), about.patient);
  const source = parameterSource(valueTables.date, [key], sort);
  const values = bounding?.values;
  const bounded = values ? parameterSource(valueTables.date, [key], { isSingle: true, where: values.where }) : source;
  return {
    scans: [{ source: bounded, all: source }],
    covered: bounding ? [about, bounding] : [about],
    hasMissing: !bounding,
    isNarrow: true,
  };
}

/** Resources with one code are kept in the order of their `date`; with bounds it is one condition already. */
function codedScans(
  sort: Sort,
  conditions: readonly CompiledCondition[],
  query: SearchQuery,
  context: Compiling,
): Scans | undefined {
  const about = conditions.find(({ codes }) => codes?.length === 1);
  const [code] = about?.codes ?? [];
  if (!about || code === undefined || sort.code !== companionCodes.date || !sort.isSingle) return undefined;
  if (boundingOf(sort, conditions)) return undefined;
  const key = tokenDateKey(context.hash, dateKeyOf(sort, query, context), code);
  const source = parameterSource(valueTables.date, [key], sort);
  return { scans: [{ source, all: source }], covered: [about], hasMissing: true, isNarrow: false };
}

/** Undefined where the dates are kept under neither. */
export function keptScans(
  sort: Sort,
  conditions: readonly CompiledCondition[],
  query: SearchQuery,
  context: Compiling,
): Scans | undefined {
  if (sort.parameterType !== 'date') return undefined;
  return patientScans(sort, conditions, query, context) ?? codedScans(sort, conditions, query, context);
}
