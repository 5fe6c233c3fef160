/** In which order a search answers, and what can be read in that order. https://hl7.org/fhir/R4/search.html#sort */
import { type SQL, sql } from 'drizzle-orm';
import { partsOf } from '../combined-parameters.ts';
import { aspectKey, isContainedName, parameterKey, typeOfName } from '../keys.ts';
import type { SearchQuery, Sort } from '../search-query.ts';
import { breadths, type CompiledCondition, type Compiling } from './compiled.ts';
import { keptScans } from './kept-dates.ts';
import { linkedPage } from './patients-of-codes.ts';
import {
  containerUpdatedSource,
  idSource,
  lastUpdatedSource,
  parameterSource,
  selfKeySource,
  type SortSource,
} from './sort-source.ts';
import { type Ordering, type Scan, scansOf, type SortKey } from './sorted-page.ts';
import { type ValueFilter, type ValueTable, valueTables } from './value-filter.ts';

export type { Ordering } from './sorted-page.ts';

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

/** A filter on the very values that are sorted by bounds what is read of them. */
function boundedScans(sort: Sort, conditions: readonly CompiledCondition[], source: SortSource) {
  const bounding = conditions.find(({ values }) => values?.subject === sort.code && values.isSingle);
  const values = bounding?.values;
  if (!bounding || !values || !sort.isSingle)
    return { scans: [{ source, all: source }], covered: [], hasMissing: !source.isComplete };
  return { scans: scansOf(values, source), covered: [bounding], hasMissing: false };
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
  const kept = keptScans(sort, conditions, query, context);
  if (kept) return { keys, ...kept };
  return { keys, isNarrow: false, ...boundedScans(sort, conditions, key.source) };
}

/** Patients in the order of their target keys, as the index has them. */
function byPatients(condition: CompiledCondition, { fresh }: Compiling): Ordering {
  const { linked } = condition;
  if (!linked) throw new Error('Patients are read in order only where they are kept under a code');
  const scan: Scan = {
    source: selfKeySource,
    all: selfKeySource,
    page: (conditions, limits) => linkedPage(linked, conditions, { ...limits, fresh }),
  };
  return {
    keys: [{ source: selfKeySource, descending: false }],
    scans: [scan],
    covered: [condition],
    hasMissing: false,
    isNarrow: false,
  };
}

/** In the order of the values that are asked about, dates with the latest first. */
function byValues(condition: CompiledCondition, values: ValueFilter): Ordering {
  const {
    table,
    keys: [key = ''],
    isSingle,
    where,
  } = values;
  const source = parameterSource(table, [key], { isSingle, where });
  return {
    keys: [{ source, descending: table === valueTables.date }],
    scans: scansOf(values, source),
    covered: [condition],
    hasMissing: false,
    isNarrow: false,
  };
}

/** Without a wish of the client: what can only be read in the order of its values comes in that order. */
function implicit(conditions: readonly CompiledCondition[], query: SearchQuery, context: Compiling): Ordering {
  if (query.types.length > 1) return byKey;
  const coded = conditions.find(({ isDatedCode }) => isDatedCode);
  if (coded?.values) return byValues(coded, coded.values);
  const listed = conditions.filter(({ rows, values, lastUpdated }) => rows && !values && !lastUpdated);
  const linked = listed.find((one) => one.linked);
  const isNarrowest = listed.every((one) => one === linked || one.breadth >= breadths.token);
  if (linked && isNarrowest) return byPatients(linked, context);
  if (listed.length > 0) return byKey;
  const ordered = conditions
    .filter(({ values, lastUpdated }) => lastUpdated ?? values?.keys.length === 1)
    .sort((one, other) => one.breadth - other.breadth);
  const [first] = ordered;
  if (!first) return byKey;
  if (first.values) return byValues(first, first.values);
  const source = lastUpdatedSource(typeNumber(query, context), context.fresh);
  return { keys: [{ source, descending: true }], isNarrow: false, ...updatedScans(source, conditions) };
}

export function orderingOf(conditions: readonly CompiledCondition[], query: SearchQuery, context: Compiling): Ordering {
  return query.sort.length > 0 ? explicit(conditions, query, context) : implicit(conditions, query, context);
}
