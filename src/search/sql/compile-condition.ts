/** The tree of a search as SQL: parameters, chains and what is joined of them. https://hl7.org/fhir/R4/search.html#chaining */
import { type SQL, sql } from 'drizzle-orm';
import type { ChainCondition, CompartmentCondition, Condition, HasCondition, ListCondition } from '../condition.ts';
import { parameterKey, targetKey, typeKey } from '../keys.ts';
import { compileSeveral, fromLists } from './building-blocks.ts';
import { compileParameter } from './compile-match.ts';
import { breadths, type CompiledCondition, type Compiling, type DrivingCondition } from './compiled.ts';
import { allOf, isAmong, keyArray, resourceKeysOf, type Rows, rowsOf, unionAll } from './rows.ts';

const numbersOf = (types: readonly string[], { resourceTypes }: Compiling): SQL =>
  sql`${sql.param(types.map((type) => String(resourceTypes.get(type))))}::smallint[]`;

/** The keys of a reference parameter, one for each type that has it. */
const keysOf = (types: readonly string[], code: string, { hash }: Compiling): readonly string[] =>
  types.map((type) => parameterKey(hash, type, code));

function compileChain({ types, code, targets }: ChainCondition, context: Compiling): CompiledCondition {
  const keys = keysOf(types, code, context);
  const inner = targets.map(({ type, condition }) => ({ type, compiled: compileCondition(condition, context) }));
  const found = inner.map(({ compiled: { rows } }) => rows && resourceKeysOf(rows));
  return {
    breadth: Math.max(breadths.chain, ...inner.map(({ compiled }) => compiled.breadth)),
    ...(found.every((one) => one !== undefined) && {
      rows: chainRows(
        unionAll(found),
        keys,
        rowsOf(
          allOfTypes(
            targets.map(({ type }) => type),
            context.hash,
          ).rows,
        ),
        context,
      ),
    }),
    check(candidate) {
      const [reference, target] = [context.fresh(), context.fresh()];
      const isWanted = inner.map(
        ({ type, compiled }) =>
          sql`(${target}.resource_type = ${context.resourceTypes.get(type)}::smallint AND ${compiled.check(sql`${target}.resource_key`)})`,
      );
      const found = sql`SELECT resource_key, resource_type FROM resource WHERE self_key = ${reference}.target_key AND NOT deleted OFFSET 0`;
      return sql`EXISTS (SELECT FROM reference_index AS ${reference} CROSS JOIN LATERAL (${found}) AS ${target} WHERE ${reference}.resource_key = ${candidate} AND ${isAmong(sql`${reference}.parameter_key`, keys)} AND (${sql.join(isWanted, sql` OR `)}) OFFSET 0)`;
    },
  };
}

/** Who refers to these resources by one of the parameters. Read one after another: `OFFSET 0` keeps the planner from reading all references. */
function chainRows(keys: SQL, parameters: readonly string[], candidates: SQL, { fresh }: Compiling): Rows {
  const [found, target, reference] = [fresh(), fresh(), fresh()];
  const self = sql`SELECT self_key FROM resource WHERE resource_key = ${found}.resource_key OFFSET 0`;
  const targets = sql`SELECT ${target}.self_key AS list_key FROM (${keys}) AS ${found} CROSS JOIN LATERAL (${self}) AS ${target}`;
  const where = isAmong(sql`parameter_key`, parameters);
  const referring = sql`SELECT resource_key FROM reference_index WHERE target_key = ${target}.list_key AND ${where} OFFSET 0`;
  const statement = sql`SELECT ${reference}.resource_key FROM (${targets}) AS ${target} CROSS JOIN LATERAL (${referring}) AS ${reference}`;
  // of several parameters the references do not come in one order
  return parameters.length === 1
    ? { table: 'reference_index', column: 'target_key', targets, where, candidates, statement }
    : { statement };
}

function compileHas({ type, code, types, condition }: HasCondition, context: Compiling): CompiledCondition {
  const key = parameterKey(context.hash, type, code);
  const inner = compileCondition(condition, context);
  const { fresh } = context;
  return {
    breadth: Math.max(breadths.chain, inner.breadth),
    ...(inner.rows && { rows: { statement: referredBy(rowsOf(inner.rows), key, numbersOf(types, context), context) } }),
    check(candidate) {
      const [self, reference] = [fresh(), fresh()];
      const me = sql`SELECT self_key FROM resource WHERE resource_key = ${candidate} OFFSET 0`;
      return sql`EXISTS (SELECT FROM (${me}) AS ${self} CROSS JOIN reference_index AS ${reference} WHERE ${reference}.target_key = ${self}.self_key AND ${reference}.parameter_key = ${key}::bigint AND ${inner.check(sql`${reference}.resource_key`)} OFFSET 0)`;
    },
  };
}

/** What these resources refer to by the parameter. */
function referredBy(keys: SQL, parameter: string, types: SQL, { fresh }: Compiling): SQL {
  const [found, reference, target] = [fresh(), fresh(), fresh()];
  const references = sql`SELECT target_key FROM reference_index WHERE resource_key = ${found}.resource_key AND parameter_key = ${parameter}::bigint OFFSET 0`;
  const targets = sql`SELECT resource_key FROM resource WHERE self_key = ${reference}.target_key AND resource_type = ANY(${types}) AND NOT deleted OFFSET 0`;
  return sql`SELECT ${target}.resource_key FROM (${keys}) AS ${found} CROSS JOIN LATERAL (${references}) AS ${reference} CROSS JOIN LATERAL (${targets}) AS ${target}`;
}

function compileCompartment(
  { target, parameters }: CompartmentCondition,
  { hash, fresh }: Compiling,
): CompiledCondition {
  const keys = parameters.map(({ type, code }) => parameterKey(hash, type, code));
  const row = fresh();
  const where = sql`${row}.target_key = ${targetKey(hash, target)}::bigint AND ${row}.parameter_key = ANY(${keyArray(keys)})`;
  return {
    breadth: breadths.reference,
    rows: { statement: sql`SELECT ${row}.resource_key FROM reference_index AS ${row} WHERE ${where}` },
    check: (candidate) =>
      sql`EXISTS (SELECT FROM reference_index AS ${row} WHERE ${where} AND ${row}.resource_key = ${candidate} OFFSET 0)`,
  };
}

/** What the entries of the lists refer to. */
function compileList({ ids, types }: ListCondition, context: Compiling): CompiledCondition {
  const { fresh, resourceTypes, hash } = context;
  const list = fresh();
  const lists = sql`SELECT ${list}.resource_key FROM resource AS ${list} WHERE ${list}.resource_type = ${resourceTypes.get('List')}::smallint AND ${list}.id = ANY(${sql.param(ids)}::text[]) AND NOT ${list}.deleted`;
  const statement = referredBy(lists, parameterKey(hash, 'List', 'item'), numbersOf(types, context), context);
  const found = fresh();
  return {
    breadth: breadths.reference,
    rows: { statement },
    check: (candidate) => sql`${candidate} IN (SELECT ${found}.resource_key FROM (${statement}) AS ${found})`,
  };
}

/** Begins with the narrowest and checks the others. */
function compileAll(conditions: readonly Condition[], context: Compiling): CompiledCondition {
  const compiled = conditions.map((condition) => compileCondition(condition, context));
  const check = (candidate: SQL) => allOf(compiled.map((one) => one.check(candidate)));
  const drivers = compiled.filter(({ rows }) => rows).sort((one, other) => one.breadth - other.breadth);
  const [driver] = drivers;
  if (!driver?.rows) return { breadth: breadths.openRange, check };
  const others = compiled.filter((one) => one !== driver);
  const found = context.fresh();
  const checks = allOf(others.map((one) => one.check(sql`${found}.resource_key`)));
  const statement = sql`SELECT ${found}.resource_key FROM (${rowsOf(driver.rows)}) AS ${found} WHERE ${checks}`;
  return { breadth: driver.breadth, check, rows: others.length === 0 ? driver.rows : { statement } };
}

export function compileCondition(condition: Condition, context: Compiling): CompiledCondition {
  switch (condition.kind) {
    case 'parameter':
      return compileParameter(condition, context);
    case 'chain':
      return compileChain(condition, context);
    case 'has':
      return compileHas(condition, context);
    case 'compartment':
      return compileCompartment(condition, context);
    case 'list':
      return compileList(condition, context);
    case 'all':
      return compileAll(condition.conditions, context);
    case 'ofTypes':
      return allOfTypes(condition.types, context.hash);
    case 'any':
      return compileSeveral(condition.conditions, (one) => compileCondition(one, context));
    default: {
      const { check, breadth } = compileCondition(condition.condition, context);
      return { breadth: Math.max(breadth, breadths.openRange), check: (candidate) => sql`NOT ${check(candidate)}` };
    }
  }
}

/** All resources of the types. */
export function allOfTypes(types: readonly string[], hash: Compiling['hash']): DrivingCondition {
  const keys = types.map((type) => typeKey(hash, type));
  return fromLists({ table: 'token_index', lists: { column: 'token_key', type: 'bigint', keys } }, breadths.type);
}
