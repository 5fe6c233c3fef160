/** The tree of a search as SQL: parameters, chains and what is joined of them. https://hl7.org/fhir/R4/search.html#chaining */
import { type SQL, sql } from 'drizzle-orm';
import type { ChainCondition, CompartmentCondition, Condition, HasCondition, ListCondition } from '../condition.ts';
import { parameterKey, targetKey } from '../keys.ts';
import { allOfTypes, compileSeveral } from './building-blocks.ts';
import { compileParameter } from './compile-match.ts';
import { breadths, type CompiledCondition, type Compiling } from './compiled.ts';
import { linkOf, listsOf, referredBy, referrersOf } from './links.ts';
import { allOf, isAmong, keyArray, resourceKeysOf, rowsOf, unionAll } from './rows.ts';

/** Of each target of a chain. */
const rowsOfTarget = 10;

const numbersOf = (types: readonly string[], { resourceTypes }: Compiling): SQL =>
  sql`${sql.param(types.map((type) => String(resourceTypes.get(type))))}::smallint[]`;

function compileChain({ targets, ...parameter }: ChainCondition, context: Compiling): CompiledCondition {
  const link = linkOf(parameter, context);
  const { keys, leadTo } = link;
  const inner = targets.map(({ type, condition }) => ({ type, compiled: compileCondition(condition, context) }));
  const found = inner.map(({ compiled: { rows } }) => rows && resourceKeysOf(rows));
  const candidates = allOfTypes(
    targets.map(({ type }) => type),
    context.hash,
  );
  return {
    breadth: Math.max(breadths.chain, ...inner.map(({ compiled }) => compiled.breadth)),
    ...(found.every((one) => one !== undefined) && {
      rows: referrersOf(
        listsOf(unionAll(found), link, context),
        { parameters: keys, candidates: rowsOf(candidates.rows), cost: rowsOfTarget },
        context,
      ),
    }),
    check(candidate) {
      const [reference, target] = [context.fresh(), context.fresh()];
      const isWanted = inner.map(
        ({ type, compiled }) =>
          sql`(${target}.resource_type = ${context.resourceTypes.get(type)}::smallint AND ${compiled.check(sql`${target}.resource_key`)})`,
      );
      return sql`EXISTS (SELECT FROM reference_index AS ${reference} CROSS JOIN LATERAL (${leadTo(sql`${reference}.target_key`)}) AS ${target} WHERE ${reference}.resource_key = ${candidate} AND ${isAmong(sql`${reference}.parameter_key`, keys)} AND (${sql.join(isWanted, sql` OR `)}) OFFSET 0)`;
    },
  };
}

function compileHas({ type, types, condition, ...parameter }: HasCondition, context: Compiling): CompiledCondition {
  const link = linkOf({ ...parameter, types: [type] }, context);
  const inner = compileCondition(condition, context);
  const { fresh } = context;
  return {
    breadth: Math.max(breadths.chain, inner.breadth),
    ...(inner.rows && {
      rows: { statement: referredBy(rowsOf(inner.rows), link, { types: numbersOf(types, context), context }) },
    }),
    check(candidate) {
      const [self, reference] = [fresh(), fresh()];
      return sql`EXISTS (SELECT FROM (${link.own(candidate)}) AS ${self} CROSS JOIN reference_index AS ${reference} WHERE ${reference}.target_key = ${self}.self_key AND ${isAmong(sql`${reference}.parameter_key`, link.keys)} AND ${inner.check(sql`${reference}.resource_key`)} OFFSET 0)`;
    },
  };
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
  const { fresh, resourceTypes } = context;
  const list = fresh();
  const lists = sql`SELECT ${list}.resource_key FROM resource AS ${list} WHERE ${list}.resource_type = ${resourceTypes.get('List')}::smallint AND ${list}.id = ANY(${sql.param(ids)}::text[]) AND NOT ${list}.deleted`;
  const items = linkOf({ types: ['List'], code: 'item' }, context);
  const statement = referredBy(lists, items, { types: numbersOf(types, context), context });
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
