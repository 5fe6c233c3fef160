/** `:missing`: whether a resource has a value at all. https://hl7.org/fhir/R4/search.html#modifiers */
import { type SQL, sql } from 'drizzle-orm';
import { aspectKey } from '../keys.ts';
import { compileSeveral, fromFilter, fromTokens, type Subject } from './building-blocks.ts';
import { breadths, type CompiledCondition, type Compiling } from './compiled.ts';
import { keyArray } from './rows.ts';
import { valueTables } from './value-filter.ts';

const tables = { date: 'date', number: 'number', quantity: 'number', string: 'string', uri: 'uri' } as const;

/** No index leads from a parameter to its references: each resource is checked. */
function refers(keys: readonly string[], { fresh }: Compiling): CompiledCondition {
  return {
    breadth: breadths.openRange,
    check(candidate) {
      const row = fresh();
      return sql`EXISTS (SELECT FROM reference_index AS ${row} WHERE ${row}.resource_key = ${candidate} AND ${row}.parameter_key = ANY(${keyArray(keys)}) OFFSET 0)`;
    },
  };
}

function hasRow(
  { keys, code }: Subject,
  table: (typeof tables)[keyof typeof tables],
  context: Compiling,
): CompiledCondition {
  const where = (): SQL => sql`true`;
  const branches = keys.map((key) => ({ key, where }));
  const filter = { table: valueTables[table], keys, subject: code, isSingle: false, where, branches };
  // the order of the values means nothing here
  const { values: _values, ...condition } = fromFilter(filter, breadths.openRange, context);
  return condition;
}

/** That there is a value shows in its rows; where these do not stand under the key of the parameter, it is said. */
export function compilePresence(subject: Subject, context: Compiling): CompiledCondition {
  const { keys, parameterType } = subject;
  // what is written beside codes, and codes where nothing is
  const textKeys = keys.map((key) => aspectKey(context.hash, key, 'text'));
  const said = fromTokens(
    keys.map((key) => aspectKey(context.hash, key, 'present')),
    breadths.openRange,
  );
  switch (parameterType) {
    case 'token':
      return compileSeveral([hasRow({ ...subject, keys: textKeys }, 'string', context), said], (one) => one);
    case 'composite':
    case 'special':
      return said;
    case 'reference':
      return compileSeveral([refers(keys, context), said], (one) => one);
    default:
      return compileSeveral([hasRow(subject, tables[parameterType], context), said], (one) => one);
  }
}
