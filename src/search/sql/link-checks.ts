/** Whether one resource refers to another that satisfies its condition. https://hl7.org/fhir/R4/search.html#chaining */
import { type SQL, sql } from 'drizzle-orm';
import { allOfTypes } from './building-blocks.ts';
import type { CompiledCondition, Compiling } from './compiled.ts';
import { keysWithin } from './contained-keys.ts';
import type { Link } from './links.ts';
import { isAmong } from './rows.ts';

/** A type that a chain leads to, with what is asked of resources of it. */
export interface Target {
  readonly type: string;
  readonly compiled: CompiledCondition;
}

interface Checking {
  readonly targets: readonly Target[];
  readonly context: Compiling;
}

/** To a resource that is stored by itself. */
export function refersOut(candidate: SQL, { keys, leadTo }: Link, { targets, context }: Checking): SQL {
  const [reference, target] = [context.fresh(), context.fresh()];
  const isWanted = targets.map(
    ({ type, compiled }) =>
      sql`(${target}.resource_type = ${context.resourceTypes.get(type)}::smallint AND ${compiled.check(sql`${target}.resource_key`)})`,
  );
  return sql`EXISTS (SELECT FROM reference_index AS ${reference} CROSS JOIN LATERAL (${leadTo(sql`${reference}.target_key`)}) AS ${target} WHERE ${reference}.resource_key = ${candidate} AND ${isAmong(sql`${reference}.parameter_key`, keys)} AND (${sql.join(isWanted, sql` OR `)}) OFFSET 0)`;
}

/** To what stands in the same container: the target key of such a reference is the key of what it points to. */
export function refersWithin(
  { candidate, container }: { readonly candidate: SQL; readonly container: SQL },
  { keys }: Link,
  { targets, context: { fresh, hash } }: Checking,
): SQL {
  const reference = fresh();
  const target = sql`${reference}.target_key`;
  const [from, to] = keysWithin(container);
  const isWanted = targets.map(
    ({ type, compiled }) => sql`(${allOfTypes([type], hash).check(target)} AND ${compiled.check(target)})`,
  );
  return sql`EXISTS (SELECT FROM reference_index AS ${reference} WHERE ${reference}.resource_key = ${candidate} AND ${isAmong(sql`${reference}.parameter_key`, keys)} AND ${target} >= ${from} AND ${target} < ${to} AND (${sql.join(isWanted, sql` OR `)}) OFFSET 0)`;
}
