/** From a search to the SQL that answers it; building it is all that happens here. See docs/adr/0011-search-plans.md. */
import { type SQL, sql } from 'drizzle-orm';
import type { SearchPlan } from '../../search-ports.ts';
import { openCursor, type Start } from '../cursor.ts';
import type { SearchQuery } from '../search-query.ts';
import { allOfTypes } from './building-blocks.ts';
import { compileCondition } from './compile-condition.ts';
import {
  breadths,
  type CompileContext,
  type CompiledCondition,
  type Compiling,
  type DrivingCondition,
} from './compiled.ts';
import { compileContained } from './contained-search.ts';
import { countSome, driversOf, few, joined, ranked } from './drivers.ts';
import { keyPage } from './key-page.ts';
import { type Ordering, orderingOf } from './ordering.ts';
import { joinCodes, joinDates } from './join-conditions.ts';
import {
  allOf,
  createAliases,
  isLists,
  isTargets,
  type Reach,
  reachOf,
  resourceKeysOf,
  type Rows,
  rowsOf,
  type TargetRows,
} from './rows.ts';
import { selectVersions } from './select-versions.ts';
import { orderOf, type PageLimits, placesOf, scanPage, sortPage } from './sorted-page.ts';

export type { CompileContext } from './compiled.ts';

/** So many targets are always cheaper to begin with. */
const fewTargets = 20;
/** One in so many is met with soon. */
const broadShare = 20;

/** Targets that are a good part of all there are count as many: then what refers to them is soon met with in any order. All are counted no further than that takes. */
function countTargets({ targets, candidates }: Reach): SQL {
  const enough = sql`wanted.found * ${broadShare}::integer`;
  const isBroad = sql`wanted.found > ${fewTargets} AND ${enough} >= every.found`;
  const every = sql`SELECT count(*)::integer AS found FROM (${candidates} LIMIT ${enough} + 1) AS counted`;
  return sql`SELECT CASE WHEN ${isBroad} THEN ${few + 1} ELSE wanted.found END AS found FROM (${countSome(targets)}) AS wanted CROSS JOIN LATERAL (${every}) AS every`;
}

class Compilation {
  readonly #conditions: readonly CompiledCondition[];
  readonly #all: DrivingCondition;
  readonly #ordering: Ordering;
  readonly #limits: PageLimits;
  readonly #fresh: () => SQL;
  /** What a search could begin with, the narrowest by its kind first. */
  readonly #drivers: readonly DrivingCondition[];

  constructor(query: SearchQuery, context: Compiling, start: Start | undefined) {
    this.#fresh = context.fresh;
    const conditions = query.criteria.map((condition) => compileCondition(condition, context));
    const ranges = joinDates(joined(conditions, context), query.types, context);
    this.#all = allOfTypes(query.types, context.hash);
    this.#ordering = orderingOf(ranges, query, context);
    this.#conditions = joinCodes(ranges, this.#ordering.covered, context);
    this.#limits = { limit: query.count + 1, start };
    this.#drivers = driversOf(this.#conditions);
  }

  /** Counts each driver up to a limit; undefined when it does not matter which is taken. */
  probes(): readonly SQL[] {
    const drivers = this.#drivers;
    const [first] = drivers;
    if (!first || first.breadth === breadths.id || this.#ordering.isNarrow) return [];
    const isOnly = drivers.length === 1 && (isLists(first.rows) || this.#ordering.covered.includes(first));
    if (isOnly && this.#ordering.keys.length === 0) return [];
    if (isOnly && this.#ordering.covered.includes(first)) return [];
    return drivers.map(({ rows }) => {
      const reach = this.#isByTargets(rows) ? rows : reachOf(rows);
      return reach ? countTargets(reach) : countSome(rowsOf(rows));
    });
  }

  /** True when a page is put together from the first few rows of each target, so that these count and not the rows. */
  #isByTargets(rows: Rows): rows is TargetRows {
    return this.#ordering.keys.length === 0 && isTargets(rows);
  }

  /** What beginning with a driver costs, in rows. */
  #costOf({ rows }: DrivingCondition, count: number): number {
    return this.#isByTargets(rows) ? Math.min(count * rows.cost, few + 1) : count;
  }

  /** The driver that finds least; among those that find much, one that comes in the order of the answer. */
  #choose(counts: readonly number[]): { readonly driver: DrivingCondition; readonly isFew: boolean } {
    const [first] = this.#drivers;
    if (first?.breadth === breadths.id) return { driver: first, isFew: true };
    const least = ranked(this.#drivers, counts, (driver, count) => this.#costOf(driver, count));
    const [narrowest] = least;
    if (narrowest && narrowest.count <= few) return { driver: narrowest.driver, isFew: true };
    const listed = least.find(({ driver }) => isLists(driver.rows));
    return { driver: listed?.driver ?? this.#all, isFew: false };
  }

  #others(...done: readonly CompiledCondition[]): readonly CompiledCondition[] {
    return this.#conditions.filter((condition) => !done.includes(condition));
  }

  page(counts: readonly number[]): readonly SQL[] {
    const { keys, scans, covered } = this.#ordering;
    const { driver, isFew } = this.#choose(counts);
    const isBackward = this.#limits.start?.isBackward === true;
    if (keys.length === 0) {
      const found = keyPage(driver.rows, this.#others(driver), this.#limits);
      return [selectVersions(found, sql`found.resource_key ${isBackward ? sql`ASC` : sql`DESC`}`, 0)];
    }
    const isScanned = scans !== undefined && !(isFew && !covered.includes(driver) && !this.#ordering.isNarrow);
    const found = isScanned ? this.#scan(driver) : [this.#sorted(driver)];
    return found.map((statement) =>
      selectVersions(statement, orderOf(keys, isBackward, sql`found.`, !isScanned), placesOf(keys)),
    );
  }

  #sorted(driver: DrivingCondition): SQL {
    return sortPage(driver.rows, this.#others(driver), {
      keys: this.#ordering.keys,
      ...this.#limits,
      fresh: this.#fresh,
    });
  }

  /** The parts in the direction of the answer, and those without a value behind them. */
  #scan(driver: DrivingCondition): readonly SQL[] {
    const { keys, scans = [], covered, hasMissing } = this.#ordering;
    const [key] = keys;
    const { start, limit } = this.#limits;
    const isBackward = start?.isBackward === true;
    const startsAtMissing = start?.values[0] === null;
    const descending = key?.descending === true;
    const others = this.#others(...covered);
    const isReversed = descending !== isBackward;
    // going back from among the missing, the values come last and from their end
    const limits = startsAtMissing ? { limit, start: { isBackward, values: [], resourceKey: '' } } : { limit, start };
    const valued =
      startsAtMissing && !isBackward
        ? []
        : (isReversed ? scans.toReversed() : scans).map((scan) =>
            scanPage(scan, others, { ...limits, isFromEnd: startsAtMissing, descending, fresh: this.#fresh }),
          );
    const missing = hasMissing && (!isBackward || startsAtMissing) ? [this.#missing(driver)] : [];
    return isBackward ? [...missing, ...valued] : [...valued, ...missing];
  }

  /** Resources without a value to sort by. */
  #missing(driver: DrivingCondition): SQL {
    const { keys } = this.#ordering;
    const [key] = keys;
    if (!key) throw new Error('Nothing is missing where nothing is sorted by');
    const { source, descending } = key;
    const { start, limit } = this.#limits;
    const isBackward = start?.isBackward === true;
    const [found, row] = [this.#fresh(), this.#fresh()];
    const candidate = sql`${found}.resource_key`;
    const isMissing = sql`NOT EXISTS (SELECT FROM ${source.from(row)} WHERE ${row}.resource_key = ${candidate} AND ${source.where(row)} OFFSET 0)`;
    const isReversed = descending !== isBackward;
    const after =
      start?.values[0] === null
        ? sql`${candidate} ${isReversed ? sql`<` : sql`>`} ${start.resourceKey}::bigint`
        : undefined;
    const where = allOf([after, isMissing, ...this.#others(driver).map(({ check }) => check(candidate))]);
    const nulls = source.types.map((type, index) => sql`NULL::${sql.raw(type)} AS ${sql.raw(`p${index + 1}`)}`);
    return sql`SELECT ${candidate}, ${sql.join(nulls, sql`, `)} FROM (${resourceKeysOf(driver.rows)}) AS ${found} WHERE ${where} ORDER BY ${candidate} ${isReversed ? sql`DESC` : sql`ASC`} LIMIT ${limit}`;
  }

  total(counts: readonly number[]): SQL {
    const [least] = ranked(this.#drivers, counts);
    const driver = least?.driver ?? this.#all;
    const candidate = sql`driver.resource_key`;
    const where = allOf(this.#others(driver).map(({ check }) => check(candidate)));
    return sql`SELECT count(*)::bigint AS total FROM (${resourceKeysOf(driver.rows)}) AS driver WHERE ${where}`;
  }
}

/** A page, unless only the number is wanted, and the number of all matches, if it is. Throws a FhirError 400 when the cursor is not of this search. */
export function compileSearch(query: SearchQuery, context: CompileContext): SearchPlan {
  const { types, cursor, count, total } = query;
  if (types.some((type) => !context.resourceTypes.has(type))) throw new Error('Not a resource type of R4');
  const start = cursor === undefined ? undefined : openCursor(cursor, query, context.cursorSecret);
  const compiling = { ...context, fresh: createAliases() };
  if (query.contained) return compileContained(query, compiling, start);
  const compilation = new Compilation(query, compiling, start);
  return {
    probes: compilation.probes(),
    limit: count + 1,
    ...(count > 0 && { page: (counts: readonly number[]) => compilation.page(counts) }),
    ...((count === 0 || total !== 'none') && { total: (counts: readonly number[]) => compilation.total(counts) }),
  };
}
