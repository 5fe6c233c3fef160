/** The tree of a search as SQL: parameters, chains and what is joined of them. https://hl7.org/fhir/R4/search.html#chaining */
import { type SQL, sql } from 'drizzle-orm';
import type { ChainCondition, CompartmentCondition, Condition, HasCondition, ListCondition } from '../condition.ts';
import { depthIntoContained } from '../chain-depth.ts';
import { companionCodes } from '../companions.ts';
import { withinContained } from '../contained.ts';
import { containedName, isContainedName, parameterKey, patientsKey, targetKey } from '../keys.ts';
import { allOfTypes, compileSeveral } from './building-blocks.ts';
import { compileParameter } from './compile-match.ts';
import { breadths, type CompiledCondition, type Compiling } from './compiled.ts';
import { containerOf } from './contained-keys.ts';
import { refersOut, refersWithin, type Target } from './link-checks.ts';
import { type Link, linkOf, listsOf, listsWithin, referredBy, referrersOf } from './links.ts';
import { compileLinked } from './patients-of-codes.ts';
import { allOf, anyOf, isAmong, keyArray, resourceKeysOf, rowsOf, unionAll } from './rows.ts';

/** Of each target of a chain. */
const rowsOfTarget = 10;

const numbersOf = (types: readonly string[], { resourceTypes }: Compiling): SQL =>
  sql`${sql.param(types.map((type) => String(resourceTypes.get(type))))}::smallint[]`;

/** Behind one more link of a chain. */
function behind(link: ChainCondition | HasCondition, context: Compiling): Compiling {
  return { ...context, linksLeft: (context.linksLeft ?? depthIntoContained(link)) - 1 };
}

/** The targets that stand in the same resource as the reference to them. */
function containedTargets({ targets }: ChainCondition, context: Compiling): readonly Target[] {
  if ((context.linksLeft ?? 0) < 0) return [];
  return targets.flatMap(({ type, condition }) => {
    const within = withinContained(condition, type);
    return within ? [{ type: containedName(type), compiled: compileCondition(within, context) }] : [];
  });
}

/** Undefined where one of the targets can only be told by checking each resource. */
function keysFound(targets: readonly Target[]): SQL | undefined {
  const found = targets.map(({ compiled: { rows } }) => rows && resourceKeysOf(rows));
  return found.every((one) => one !== undefined) ? unionAll(found) : undefined;
}

function chainRows(own: readonly Target[], contained: readonly Target[], link: Link, context: Compiling) {
  const [found, within] = [keysFound(own), keysFound(contained)];
  if (found === undefined || within === undefined) return undefined;
  const lists = listsOf(found, link, context);
  const candidates = allOfTypes(
    own.map(({ type }) => type),
    context.hash,
  );
  return referrersOf(
    contained.length === 0 ? lists : unionAll([lists, listsWithin(within, context)]),
    { parameters: link.keys, candidates: rowsOf(candidates.rows), cost: rowsOfTarget },
    context,
  );
}

function compileChain(chain: ChainCondition, outer: Compiling): CompiledCondition {
  const { targets, ...parameter } = chain;
  const context = behind(chain, outer);
  const link = linkOf(parameter, context);
  const own = targets.map(({ type, condition }) => ({ type, compiled: compileCondition(condition, context) }));
  const contained = containedTargets(chain, context);
  const rows = chainRows(own, contained, link, context);
  return {
    breadth: Math.max(breadths.chain, ...own.map(({ compiled }) => compiled.breadth)),
    ...(rows && { rows }),
    check(candidate) {
      const leadsOut = refersOut(candidate, link, { targets: own, context });
      if (contained.length === 0) return leadsOut;
      const container = isContainedName(chain.types[0]) ? containerOf(candidate) : candidate;
      return anyOf([leadsOut, refersWithin({ candidate, container }, link, { targets: contained, context })]);
    },
  };
}

function compileHas(has: HasCondition, context: Compiling): CompiledCondition {
  const { type, types, condition, ...parameter } = has;
  const link = linkOf({ ...parameter, types: [type] }, context);
  const inner = compileCondition(condition, behind(has, context));
  const { fresh } = context;
  const breadth = Math.max(breadths.chain, inner.breadth);
  if (inner.codes && parameter.code === companionCodes.patient) {
    const keys = inner.codes.map((token) => patientsKey(context.hash, token));
    const candidates = rowsOf(allOfTypes(types, context.hash).rows);
    return compileLinked({ keys, types: numbersOf(types, context), breadth, candidates, fresh });
  }
  return {
    breadth,
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
  // in parentheses, for it may be negated
  const check = (candidate: SQL) => sql`(${allOf(compiled.map((one) => one.check(candidate)))})`;
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
