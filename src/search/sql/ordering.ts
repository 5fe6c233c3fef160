/** In which order a search answers, and what can be read in that order. https://hl7.org/fhir/R4/search.html#sort */
import { type SQL, sql } from 'drizzle-orm';
import { partsOf } from '../combined-parameters.ts';
import { aspectKey, isContainedName, parameterKey, patientDateKey, typeOfName } from '../keys.ts';
import type { SearchQuery, Sort } from '../search-query.ts';
import { breadths, type CompiledCondition, type Compiling } from './compiled.ts';
import {
  containerUpdatedSource,
  idSource,
  lastUpdatedSource,
  parameterSource,
  type SortSource,
} from './sort-source.ts';
import type { Scan, SortKey } from './sorted-page.ts';
import { type ValueFilter, type ValueTable, valueTables } from './value-filter.ts';

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

const byKey: Ordering = { keys: [], covered: [], hasMissing: false, isNarrow: false };

const tables: Readonly<Record<string, ValueTable>> = {
  date: valueTables.date,
  number: valueTables.number,
  quantity: valueTables.number,
  string: valueTables.string,
  uri: valueTables.uri,
  token: valueTables.string,
};

function typeNumber({ types }: SearchQuery, { resourceTypes }: Compiling): SQL {
  const numbers = types.map((type) => String(resourceTypes.get(type)));
  return numbers.length === 1 ? sql`${numbers[0]}::smallint` : sql`ANY(${sql.param(numbers)}::smallint[])`;
}

const partsOfSort = (code: string, { types }: SearchQuery, { parameters }: Compiling): readonly string[] =>
  partsOf(typeOfName(types[0] ?? ''), code, parameters) ?? [code];

/** What is a column of other resources. */
function containedSource({ code }: Sort, { types }: SearchQuery, { hash }: Compiling): SortSource | undefined {
  if (code === '_lastUpdated') return containerUpdatedSource();
  const keys = types.map((type) => parameterKey(hash, type, '_id'));
  return code === '_id' ? parameterSource(valueTables.string, keys, { isSingle: true }) : undefined;
}

function columnSource({ code }: Sort, query: SearchQuery, context: Compiling): SortSource | undefined {
  if (code === '_lastUpdated') return lastUpdatedSource(typeNumber(query, context), context.fresh);
  return code === '_id' ? idSource(typeNumber(query, context)) : undefined;
}

function sourceOf(sort: Sort, query: SearchQuery, context: Compiling): SortSource {
  const column = isContainedName(query.types[0])
    ? containedSource(sort, query, context)
    : columnSource(sort, query, context);
  if (column) return column;
  const { code, parameterType, isSingle } = sort;
  const keys = partsOfSort(code, query, context).map((part) => {
    const own = parameterKey(context.hash, query.types[0] ?? '', part);
    return parameterType === 'token' ? aspectKey(context.hash, own, 'text') : own;
  });
  return parameterSource(tables[parameterType] ?? valueTables.string, keys, {
    isSingle: isSingle && keys.length === 1,
  });
}

/** The parts of a filter, each in its place. */
function scansOf({ table, branches, isSingle }: ValueFilter, all: SortSource): readonly Scan[] {
  return branches.map(({ key, where }) => ({ source: parameterSource(table, [key], { isSingle, where }), all }));
}

/** A filter on the very values that are sorted by bounds what is read of them. */
function boundedScans(sort: Sort, conditions: readonly CompiledCondition[], source: SortSource) {
  const bounding = conditions.find(({ values }) => values?.subject === sort.code && values.isSingle);
  const values = bounding?.values;
  if (!bounding || !values || !sort.isSingle)
    return { scans: [{ source, all: source }], covered: [], hasMissing: !source.isComplete };
  return { scans: scansOf(values, source), covered: [bounding], hasMissing: false };
}

/** The record of one patient is kept in the order of each date. */
function patientScans(sort: Sort, conditions: readonly CompiledCondition[], query: SearchQuery, context: Compiling) {
  const about = conditions.find(({ patient }) => patient !== undefined);
  if (sort.parameterType !== 'date' || about?.patient === undefined) return undefined;
  const bounding = conditions.find(({ values }) => values?.subject === sort.code && values.isSingle && sort.isSingle);
  const own = parameterKey(context.hash, query.types[0] ?? '', sort.code);
  const key = patientDateKey(context.hash, own, about.patient);
  const source = parameterSource(valueTables.date, [key], sort);
  const values = bounding?.values;
  const bounded = values ? parameterSource(valueTables.date, [key], { isSingle: true, where: values.where }) : source;
  return {
    scans: [{ source: bounded, all: source }],
    covered: bounding ? [about, bounding] : [about],
    hasMissing: !bounding,
  };
}

/** Instants within what is asked of them. */
function updatedScans(source: SortSource, conditions: readonly CompiledCondition[]) {
  const about = conditions.filter(({ lastUpdated }) => lastUpdated);
  const where = (row: SQL) => about.map(({ lastUpdated }) => lastUpdated?.(sql`${row}.last_updated`) ?? sql`true`);
  const scan: Scan =
    about.length === 0
      ? { source, all: source }
      : { source, all: source, where: (row) => sql.join(where(row), sql` AND `) };
  return { scans: [scan], covered: about, hasMissing: false };
}

/** What the client wishes to sort by. */
export function sortKeys(query: SearchQuery, context: Compiling): readonly SortKey[] {
  return query.sort.map((sort) => ({ source: sourceOf(sort, query, context), descending: sort.descending }));
}

function explicit(conditions: readonly CompiledCondition[], query: SearchQuery, context: Compiling): Ordering {
  const keys = sortKeys(query, context);
  const [sort] = query.sort;
  const [key] = keys;
  // the values of two parameters do not lie in one order
  const isCombined = sort !== undefined && partsOfSort(sort.code, query, context).length > 1;
  if (!sort || !key || keys.length > 1 || isCombined) return { ...byKey, keys };
  if (sort.code === '_lastUpdated') return { keys, isNarrow: false, ...updatedScans(key.source, conditions) };
  const ofPatient = patientScans(sort, conditions, query, context);
  if (ofPatient) return { keys, isNarrow: true, ...ofPatient };
  return { keys, isNarrow: false, ...boundedScans(sort, conditions, key.source) };
}

/** Without a wish of the client: what can only be read in the order of its values comes in that order, dates with the latest first. */
function implicit(conditions: readonly CompiledCondition[], query: SearchQuery, context: Compiling): Ordering {
  const isListed = conditions.some(({ rows, values, lastUpdated }) => rows && !values && !lastUpdated);
  if (isListed || query.types.length > 1) return byKey;
  const ordered = conditions
    .filter(({ values, lastUpdated }) => lastUpdated ?? values?.keys.length === 1)
    .sort((one, other) => one.breadth - other.breadth);
  const [first] = ordered;
  if (!first) return byKey;
  const { values } = first;
  if (!values) {
    const source = lastUpdatedSource(typeNumber(query, context), context.fresh);
    return { keys: [{ source, descending: true }], isNarrow: false, ...updatedScans(source, conditions) };
  }
  const {
    table,
    keys: [key = ''],
    isSingle,
    where,
  } = values;
  const source = parameterSource(table, [key], { isSingle, where });
  const descending = table === valueTables.date;
  return {
    keys: [{ source, descending }],
    scans: scansOf(values, source),
    covered: [first],
    hasMissing: false,
    isNarrow: first.breadth <= breadths.id,
  };
}

export function orderingOf(conditions: readonly CompiledCondition[], query: SearchQuery, context: Compiling): Ordering {
  return query.sort.length > 0 ? explicit(conditions, query, context) : implicit(conditions, query, context);
}
