/** Searches of contained resources: the same conditions on other index rows, and beside them, with `_contained=both`, the ordinary ones. See docs/adr/0014-contained-resources.md. */
import { type SQL, sql } from 'drizzle-orm';
import type { SearchPlan } from '../../search-ports.ts';
import { ofContained } from '../contained.ts';
import type { Start } from '../cursor.ts';
import type { SearchQuery } from '../search-query.ts';
import { allOfTypes } from './building-blocks.ts';
import { compileCondition } from './compile-condition.ts';
import { breadths, type CompiledCondition, type Compiling, type DrivingCondition } from './compiled.ts';
import { containerOf } from './contained-keys.ts';
import { containerPage, firstOfContainer } from './container-page.ts';
import { countSome, driversOf, few, joined, ranked } from './drivers.ts';
import { keyPage } from './key-page.ts';
import { sortKeys } from './ordering.ts';
import { allOf, isLists, resourceKeysOf, rowsOf, unionAll } from './rows.ts';
import { selectContained } from './select-versions.ts';
import { orderOf, type PageLimits, placesOf, type SortKey, sortValued, withValues } from './sorted-page.ts';

/** One half of a search: ordinary resources, or contained ones. */
interface Branch {
  readonly conditions: readonly CompiledCondition[];
  readonly all: DrivingCondition;
  readonly drivers: readonly DrivingCondition[];
  readonly keys: readonly SortKey[];
  /** Its matches are returned as the resources around them. */
  readonly showsContainers: boolean;
}

/** What a branch begins with, and what it checks then. */
interface Begun {
  readonly branch: Branch;
  readonly driver: DrivingCondition;
  readonly others: readonly CompiledCondition[];
}

const onlyChecked = (check: CompiledCondition['check']): CompiledCondition => ({ breadth: breadths.openRange, check });

/** In resources of these types. */
function inTypes(types: readonly string[], { resourceTypes, fresh }: Compiling): CompiledCondition {
  const numbers = types.map((type) => String(resourceTypes.get(type)));
  const row = fresh();
  return onlyChecked(
    (candidate) =>
      sql`EXISTS (SELECT FROM resource AS ${row} WHERE ${row}.resource_key = ${containerOf(candidate)} AND ${row}.resource_type = ANY(${sql.param(numbers)}::smallint[]) OFFSET 0)`,
  );
}

/** In no resource that matches by itself, so that none comes twice. */
function inNoMatch({ conditions, all }: Branch): CompiledCondition {
  return onlyChecked((candidate) => {
    const container = containerOf(candidate);
    return sql`NOT (${allOf([all, ...conditions].map(({ check }) => check(container)))})`;
  });
}

function branchOf(query: SearchQuery, context: Compiling, more: readonly CompiledCondition[] = []): Branch {
  const conditions = [
    ...joined(
      query.criteria.map((condition) => compileCondition(condition, context)),
      context,
    ),
    ...more,
  ];
  return {
    conditions,
    all: allOfTypes(query.types, context.hash),
    drivers: driversOf(conditions),
    keys: sortKeys(query, context),
    showsContainers: false,
  };
}

function branchesOf(query: SearchQuery, context: Compiling): readonly Branch[] {
  const showsContainers = query.containedType !== 'contained';
  const own = query.contained === 'both' ? [branchOf(query, context)] : [];
  const within = query.containers ? [inTypes(query.containers, context)] : [];
  const once = showsContainers ? own.map(inNoMatch) : [];
  return [...own, { ...branchOf(ofContained(query), context, [...within, ...once]), showsContainers }];
}

/** The driver that finds least; among those that find much, one that comes in the order of keys. */
function begin(branch: Branch, counts: readonly number[]): Begun {
  const { drivers, all, conditions } = branch;
  const byCount = ranked(drivers, counts);
  const [least] = byCount;
  const listed = byCount.find(({ driver }) => isLists(driver.rows));
  const driver = (least && least.count <= few ? least : listed)?.driver ?? all;
  return { branch, driver, others: conditions.filter((condition) => condition !== driver) };
}

function pageByKey({ branch, driver, others }: Begun, limits: PageLimits): SQL {
  const page = branch.showsContainers ? containerPage : keyPage;
  return sql`SELECT resource_key FROM (${page(driver.rows, others, limits)}) AS branch`;
}

function valued({ branch, driver, others }: Begun, { fresh }: Compiling): SQL {
  const { keys, showsContainers } = branch;
  const values = withValues(driver.rows, others, { keys, fresh });
  return sql`SELECT * FROM (${showsContainers ? firstOfContainer(values, keys) : values}) AS branch`;
}

function countOf({ branch, driver, others }: Begun): SQL {
  const candidate = sql`driver.resource_key`;
  const counted = branch.showsContainers ? sql`DISTINCT ${containerOf(candidate)}` : sql`*`;
  return sql`(SELECT count(${counted}) FROM (${resourceKeysOf(driver.rows)}) AS driver WHERE ${allOf(others.map(({ check }) => check(candidate)))})`;
}

/** A plan like that of any other search; its page is one statement. */
export function compileContained(query: SearchQuery, context: Compiling, start: Start | undefined): SearchPlan {
  const { count, total } = query;
  const branches = branchesOf(query, context);
  const limits: PageLimits = { limit: count + 1, start };
  const isBackward = start?.isBackward === true;
  const [keys = []] = branches.map((branch) => branch.keys);

  function begun(counts: readonly number[]): readonly Begun[] {
    const left = [...counts];
    return branches.map((branch) => begin(branch, left.splice(0, branch.drivers.length)));
  }

  function page(counts: readonly number[]): readonly SQL[] {
    const parts = begun(counts);
    if (keys.length > 0) {
      const found = sortValued(unionAll(parts.map((one) => valued(one, context))), keys, limits);
      return [selectContained(found, orderOf(keys, isBackward, sql`found.`), placesOf(keys))];
    }
    const direction = isBackward ? sql`ASC` : sql`DESC`;
    const found = sql`SELECT resource_key FROM (${unionAll(parts.map((one) => pageByKey(one, limits)))}) AS either ORDER BY resource_key ${direction} LIMIT ${limits.limit}`;
    return [selectContained(found, sql`found.resource_key ${direction}`, 0)];
  }

  return {
    probes: branches.flatMap(({ drivers }) => drivers.map(({ rows }) => countSome(rowsOf(rows)))),
    limit: limits.limit,
    ...(count > 0 && { page }),
    ...((count === 0 || total !== 'none') && {
      total: (counts: readonly number[]) =>
        sql`SELECT (${sql.join(begun(counts).map(countOf), sql` + `)})::bigint AS total`,
    }),
  };
}
