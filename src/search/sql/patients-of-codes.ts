/** Patients by a code of what refers to them, in the order in which the index has them. https://hl7.org/fhir/R4/search.html#has */
import { type SQL, sql } from 'drizzle-orm';
import type { CompiledCondition, DrivingCondition } from './compiled.ts';
import { allOf, isAmong, keyArray, type LinkedPatients } from './rows.ts';
import type { PageLimits } from './sorted-page.ts';

export interface LinkedOptions extends LinkedPatients {
  readonly breadth: number;
  /** Selects all that could be such patients. */
  readonly candidates: SQL;
  fresh(): SQL;
}

/** The target keys of a list, each once. */
function targetsOf(list: SQL, after: SQL | undefined, direction: SQL): SQL {
  const where = allOf([sql`target_key = ${list}`, after]);
  return sql`SELECT DISTINCT parameter_key AS self_key FROM reference_index WHERE ${where} ORDER BY parameter_key ${direction} OFFSET 0`;
}

const resourceOf = (target: SQL, types: SQL): SQL =>
  sql`SELECT resource_key FROM resource WHERE self_key = ${target}.self_key AND resource_type = ANY(${types}) AND NOT deleted OFFSET 0`;

/** Some resource has one of the codes and refers to this one. */
export function compileLinked(options: LinkedOptions): DrivingCondition {
  const { keys, types, breadth, candidates, fresh } = options;
  const [target, patient] = [fresh(), fresh()];
  const all = sql`SELECT DISTINCT parameter_key AS self_key FROM reference_index WHERE ${isAmong(sql`target_key`, keys)}`;
  return {
    breadth,
    linked: { keys, types },
    rows: {
      statement: sql`SELECT ${patient}.resource_key FROM (${all}) AS ${target} CROSS JOIN LATERAL (${resourceOf(target, types)}) AS ${patient}`,
      isDistinct: true,
      // each patient may be there many times: what is counted is never less than they are
      reach: {
        targets: sql`SELECT parameter_key FROM reference_index WHERE ${isAmong(sql`target_key`, keys)}`,
        candidates,
      },
    },
    check(candidate) {
      const [self, link] = [fresh(), fresh()];
      const me = sql`SELECT self_key FROM resource WHERE resource_key = ${candidate} OFFSET 0`;
      return sql`EXISTS (SELECT FROM (${me}) AS ${self} CROSS JOIN reference_index AS ${link} WHERE ${isAmong(sql`${link}.target_key`, keys)} AND ${link}.parameter_key = ${self}.self_key OFFSET 0)`;
    },
  };
}

/** Reads target keys in order until the page is full. */
export function linkedPage(
  { keys, types }: LinkedPatients,
  conditions: readonly CompiledCondition[],
  { start, limit, fresh }: PageLimits & { readonly fresh: () => SQL },
): SQL {
  const isBackward = start?.isBackward === true;
  const direction = isBackward ? sql`DESC` : sql`ASC`;
  const after = start && sql`parameter_key ${isBackward ? sql`<` : sql`>`} ${start.values[0] ?? null}::bigint`;
  const [target, patient] = [fresh(), fresh()];
  const where = allOf(conditions.map(({ check }) => check(sql`${patient}.resource_key`)));
  const pageOf = (list: SQL) =>
    sql`SELECT ${patient}.resource_key, ${target}.self_key AS p1 FROM (${targetsOf(list, after, direction)}) AS ${target} CROSS JOIN LATERAL (${resourceOf(target, types)}) AS ${patient} WHERE ${where} ORDER BY ${target}.self_key ${direction} LIMIT ${limit}`;
  const [only] = keys;
  if (keys.length === 1) return pageOf(sql`${only}::bigint`);
  // the first of each list are the first of all
  return sql`SELECT DISTINCT list.resource_key, list.p1 FROM unnest(${keyArray(keys)}) AS wanted(list_key) CROSS JOIN LATERAL (${pageOf(sql`wanted.list_key`)}) AS list ORDER BY list.p1 ${direction} LIMIT ${limit}`;
}
