/** `:above` and `:below` of references as SQL: hierarchies are followed in it, from what is given or from the resource that is checked. https://hl7.org/fhir/R4/search.html#recursive */
import { type SQL, sql } from 'drizzle-orm';
import { parameterKey, targetKey } from '../keys.ts';
import type { HierarchyBranch } from '../match.ts';
import { allOfTypes, compileSeveral, type MatchOf, type Subject, unique } from './building-blocks.ts';
import { breadths, type CompiledCondition, type Compiling } from './compiled.ts';
import { referrersOf } from './links.ts';
import { isAmong, keyArray, rowsOf } from './rows.ts';

/** What `step` selects as `level_key` of a level that is known, again and again. `UNION` keeps each key once, so a circle ends. */
function levels(start: SQL, step: (known: SQL) => SQL, { fresh }: Compiling): SQL {
  const [level, next] = [fresh(), fresh()];
  const further = sql`SELECT ${next}.level_key FROM ${level} CROSS JOIN LATERAL (${step(sql`${level}.level_key`)}) AS ${next}`;
  return sql`WITH RECURSIVE ${level}(level_key) AS (${start} UNION ${further}) SELECT level_key FROM ${level}`;
}

/** What the resource with this key is part of. */
function stepUp(known: SQL, link: string, { fresh }: Compiling): SQL {
  const [self, reference] = [fresh(), fresh()];
  const resources = sql`SELECT resource_key FROM resource WHERE self_key = ${known} AND NOT deleted OFFSET 0`;
  const references = sql`SELECT target_key FROM reference_index WHERE resource_key = ${self}.resource_key AND parameter_key = ${link}::bigint OFFSET 0`;
  return sql`SELECT ${reference}.target_key AS level_key FROM (${resources}) AS ${self} CROSS JOIN LATERAL (${references}) AS ${reference}`;
}

/** What is part of the resource with this key. */
function stepDown(known: SQL, link: string, { fresh }: Compiling): SQL {
  const [reference, part] = [fresh(), fresh()];
  const references = sql`SELECT resource_key FROM reference_index WHERE target_key = ${known} AND parameter_key = ${link}::bigint OFFSET 0`;
  const parts = sql`SELECT self_key FROM resource WHERE resource_key = ${reference}.resource_key AND NOT deleted OFFSET 0`;
  return sql`SELECT ${part}.self_key AS level_key FROM (${references}) AS ${reference} CROSS JOIN LATERAL (${parts}) AS ${part}`;
}

/** Hierarchies are wide and not deep, so a resource is checked on the way up: from what it refers to, or from what was asked for, which is done once. */
function compileBranch(
  { type, code, targets, direction }: HierarchyBranch & Pick<MatchOf<'hierarchy'>, 'direction'>,
  { keys }: Subject,
  context: Compiling,
): CompiledCondition {
  const { hash, fresh } = context;
  const link = parameterKey(hash, type, code);
  const starts = keyArray(unique(targets.map((target) => targetKey(hash, target))));
  const up = (start: SQL) => levels(start, (known) => stepUp(known, link, context), context);
  const down = (start: SQL) => levels(start, (known) => stepDown(known, link, context), context);
  const given = sql`SELECT unnest(${starts})`;
  const wanted = direction === 'below' ? down(given) : up(given);
  const level = fresh();
  const candidates = rowsOf(allOfTypes([type], hash).rows);
  const lists = sql`SELECT ${level}.level_key AS list_key FROM (${wanted}) AS ${level}`;
  return {
    breadth: breadths.chain,
    // a check goes up some levels, so one look into each list is soon cheaper
    rows: referrersOf(lists, { parameters: keys, candidates, cost: 1 }, context),
    check(candidate) {
      const own = sql`SELECT target_key FROM reference_index WHERE resource_key = ${candidate} AND ${isAmong(sql`parameter_key`, keys)}`;
      const found = fresh();
      return direction === 'below'
        ? sql`EXISTS (SELECT FROM (${up(own)}) AS ${found} WHERE ${found}.level_key = ANY(${starts}) OFFSET 0)`
        : sql`EXISTS (SELECT FROM (${own}) AS ${found} WHERE ${found}.target_key = ANY(ARRAY(${up(given)})) OFFSET 0)`;
    },
  };
}

/** A reference to a resource that is above or below one of those given, or to that itself. */
export function compileHierarchy(
  { direction, branches }: MatchOf<'hierarchy'>,
  subject: Subject,
  context: Compiling,
): CompiledCondition {
  return compileSeveral(branches, (branch) => compileBranch({ ...branch, direction }, subject, context));
}
