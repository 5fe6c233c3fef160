/** Strings by their beginning or by what they contain, in the order of the strings. https://hl7.org/fhir/R4/search.html#string */
import { type SQL, sql } from 'drizzle-orm';
import { prefixEnd } from '../prefix-end.ts';
import { anyOf } from './rows.ts';
import { type Branch, type ValueFilter, type ValueTable, valueTables } from './value-filter.ts';

/** Texts from `from` to before `to`, or to the end. In `C` collation texts sort by code point, so all that begin alike lie together. */
interface TextRange {
  readonly from: string;
  readonly to: string | undefined;
}

function compare(one: string, other: string): number {
  const [first, second] = [Buffer.from(one), Buffer.from(other)];
  return Buffer.compare(first, second);
}

/** Ranges in order, none within another. */
function rangesOf(prefixes: readonly string[]): readonly TextRange[] {
  const sorted = [...new Set(prefixes)].sort(compare);
  const outermost = sorted.filter((text, index) => !sorted.some((other, at) => at < index && text.startsWith(other)));
  return outermost.map((from) => ({ from, to: prefixEnd(from) }));
}

function inRange(row: SQL, { from, to }: TextRange): SQL {
  const begins = sql`${row}.value >= ${from}`;
  return to === undefined ? begins : sql`(${begins} AND ${row}.value < ${to})`;
}

interface TextFilterOptions {
  readonly table?: ValueTable;
  readonly keys: readonly string[];
  readonly subject: string;
  readonly isSingle: boolean;
}

function filterOf(conditions: readonly ((row: SQL) => SQL)[], options: TextFilterOptions): ValueFilter {
  const { keys, table = valueTables.string, subject, isSingle } = options;
  const branches = keys.flatMap((key) => conditions.map((where): Branch => ({ key, where })));
  return { table, keys, subject, isSingle, branches, where: (row) => anyOf(conditions.map((where) => where(row))) };
}

/** Values that begin with one of the texts. */
export function startsWithFilter(texts: readonly string[], options: TextFilterOptions): ValueFilter {
  return filterOf(
    rangesOf(texts).map((range) => (row: SQL) => inRange(row, range)),
    options,
  );
}

/** Values with one of the texts in them: all values of the parameter are looked at. */
export function containsFilter(texts: readonly string[], options: TextFilterOptions): ValueFilter {
  return filterOf([(row) => anyOf(texts.map((text) => sql`strpos(${row}.value, ${text}) > 0`))], options);
}

/** Values that end with one of the texts: all values of the parameter are looked at. */
export function endsWithFilter(texts: readonly string[], options: TextFilterOptions): ValueFilter {
  return filterOf([(row) => anyOf(texts.map((text) => sql`right(${row}.value, length(${text})) = ${text}`))], options);
}

/** Values that are one of the texts. */
export function equalsFilter(texts: readonly string[], options: TextFilterOptions): ValueFilter {
  const sorted = [...new Set(texts)].sort(compare);
  return filterOf(
    sorted.map((text) => (row: SQL) => sql`${row}.value = ${text}`),
    options,
  );
}

/** URLs and what continues them after a slash. */
export function belowFilter(urls: readonly string[], options: TextFilterOptions): ValueFilter {
  const under = (url: string) => ({ from: `${url}/`, to: prefixEnd(`${url}/`) });
  const conditions = [...new Set(urls)].flatMap((url) => [
    (row: SQL) => sql`${row}.value = ${url}`,
    (row: SQL) => inRange(row, under(url)),
  ]);
  return filterOf([(row) => anyOf(conditions.map((where) => where(row)))], { ...options, table: valueTables.uri });
}
