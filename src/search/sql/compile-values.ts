/** Dates, numbers and strings as SQL. https://hl7.org/fhir/R4/search.html#prefix */
import type { SQL } from 'drizzle-orm';
import { aspectKey } from '../keys.ts';
import type { Comparison, NumberComparison } from '../match.ts';
import { unitKey } from '../types/quantity.ts';
import { fromFilter, type MatchOf, type Subject } from './building-blocks.ts';
import { breadths, type CompiledCondition, type Compiling } from './compiled.ts';
import { nearCondition } from './near-condition.ts';
import { rangeCondition } from './range-condition.ts';
import { rangeFilter } from './range-filter.ts';
import { allOf } from './rows.ts';
import { belowFilter, containsFilter, endsWithFilter, equalsFilter, startsWithFilter } from './text-filter.ts';
import { columnOf, valueTables } from './value-filter.ts';

const isNarrow = (comparisons: readonly Comparison<unknown>[]): boolean =>
  comparisons.every(({ prefix }) => prefix === 'eq' || prefix === 'ap');

/** The comparisons of each key, in the order of the keys. */
function byKey<Item>(items: readonly Item[], keysOf: (item: Item) => readonly string[]): ReadonlyMap<string, Item[]> {
  const found = new Map<string, Item[]>();
  for (const item of items) for (const key of keysOf(item)) found.set(key, [...(found.get(key) ?? []), item]);
  return found;
}

export function compileDate({ comparisons }: MatchOf<'date'>, subject: Subject, context: Compiling): CompiledCondition {
  const { keys, isSingle, code } = subject;
  const options = { kind: 'date', hash: context.hash, subject: code, isSingle } as const;
  const filter = rangeFilter(
    byKey(comparisons, () => keys),
    options,
  );
  return fromFilter(filter, isNarrow(comparisons) ? breadths.equalRange : breadths.openRange, context);
}

export function compileNumber(
  { comparisons }: MatchOf<'number'>,
  subject: Subject,
  context: Compiling,
): CompiledCondition {
  const { keys, code, isSingle } = subject;
  const { hash } = context;
  const keysOf = ({ unit }: NumberComparison) => (unit ? keys.map((key) => unitKey(hash, key, unit)) : keys);
  const ranges = byKey(comparisons, keysOf);
  // one value stands under the key of its unit and under that of any unit: of several keys it comes several times
  const isOnce = isSingle && ranges.size === 1;
  const filter = rangeFilter(ranges, { kind: 'number', hash, subject: code, isSingle: isOnce });
  return fromFilter(filter, isNarrow(comparisons) ? breadths.equalRange : breadths.openRange, context);
}

export function compileTexts(
  match: MatchOf<'startsWith' | 'contains' | 'equals' | 'endsWith'>,
  subject: Subject,
  context: Compiling,
): CompiledCondition {
  const { kind, texts, aspect } = match;
  const keys = aspect ? subject.keys.map((key) => aspectKey(context.hash, key, aspect)) : subject.keys;
  const options = { keys, subject: `${subject.code} ${aspect ?? ''}`, isSingle: subject.isSingle && !aspect };
  if (kind === 'contains') return fromFilter(containsFilter(texts, options), breadths.openRange, context);
  if (kind === 'endsWith') return fromFilter(endsWithFilter(texts, options), breadths.openRange, context);
  if (kind === 'equals') return fromFilter(equalsFilter(texts, options), breadths.text, context);
  const breadth = texts.every(({ length }) => length >= 3) ? breadths.text : breadths.shortText;
  return fromFilter(startsWithFilter(texts, options), breadth, context);
}

export function compileBelow({ values }: MatchOf<'uriBelow'>, { keys, code }: Subject, context: Compiling) {
  const filter = belowFilter(values, { keys, subject: code, isSingle: false });
  return fromFilter(filter, breadths.openRange, context);
}

/** Rows of the number index that satisfy a condition of their own. */
function ordinary(keys: readonly string[], subject: string, where: (row: SQL) => SQL, context: Compiling) {
  const branches = keys.map((key) => ({ key, where }));
  const filter = { table: valueTables.number, keys, subject, isSingle: false, where, branches };
  const { values: _ordered, ...compiled } = fromFilter(filter, breadths.equalRange, context);
  return compiled;
}

export function compilePair({ first, second }: MatchOf<'numberPair'>, { keys, code }: Subject, context: Compiling) {
  const points = (row: SQL) =>
    [first, second].map((comparison, index) => {
      const column = columnOf(row, index === 0 ? 'low' : 'high');
      return rangeCondition(comparison, { low: column, high: column }, 'float8');
    });
  return ordinary(keys, code, (row) => allOf(points(row)), context);
}

export function compileNear({ places }: MatchOf<'near'>, { keys, code }: Subject, context: Compiling) {
  return ordinary(keys, code, (row) => nearCondition(places, row), context);
}
