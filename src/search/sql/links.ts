/** References as SQL: how they lead to resources, and who refers to what was found. https://hl7.org/fhir/R4/references.html */
import { type SQL, sql } from 'drizzle-orm';
import { aspectKey, ownCanonicalKey, parameterKey } from '../keys.ts';
import type { LinkKind } from '../link-kinds.ts';
import type { Compiling } from './compiled.ts';
import { isAmong, type Rows, type TargetRows } from './rows.ts';

/** A reference parameter of a type, by its code. */
export interface ReferenceParameter {
  readonly type: string;
  readonly code: string;
}

/** How references of a parameter lead to resources. */
export interface Link {
  /** Under which the references stand, one for each type that has the parameter. */
  readonly keys: readonly string[];
  /** Selects as `self_key` what references to a resource have as `target_key`. */
  own(resource: SQL): SQL;
  /** Selects `resource_key` and `resource_type` of what a `target_key` leads to. */
  leadTo(target: SQL): SQL;
}

/** By type and id. */
const literal: Omit<Link, 'keys'> = {
  own: (resource) => sql`SELECT self_key FROM resource WHERE resource_key = ${resource} OFFSET 0`,
  leadTo: (target) =>
    sql`SELECT resource_key, resource_type FROM resource WHERE self_key = ${target} AND NOT deleted OFFSET 0`,
};

/** By the URL and the version that resources have. */
function canonical({ hash, fresh }: Pick<Compiling, 'hash' | 'fresh'>): Omit<Link, 'keys'> {
  const owned = sql`parameter_key = ${ownCanonicalKey(hash)}::bigint`;
  return {
    own: (resource) =>
      sql`SELECT target_key AS self_key FROM reference_index WHERE resource_key = ${resource} AND ${owned} OFFSET 0`,
    leadTo(target) {
      const [owner, named] = [fresh(), fresh()];
      const owners = sql`SELECT resource_key FROM reference_index WHERE target_key = ${target} AND ${owned} OFFSET 0`;
      const resources = sql`SELECT resource_key, resource_type FROM resource WHERE resource_key = ${owner}.resource_key AND NOT deleted OFFSET 0`;
      return sql`SELECT ${named}.resource_key, ${named}.resource_type FROM (${owners}) AS ${owner} CROSS JOIN LATERAL (${resources}) AS ${named}`;
    },
  };
}

/** References of these parameters. */
export function linkThrough(
  parameters: readonly ReferenceParameter[],
  via: LinkKind,
  context: Pick<Compiling, 'hash' | 'fresh'>,
): Link {
  const { hash } = context;
  const keys = parameters.map(({ type, code }) => parameterKey(hash, type, code));
  if (via === 'literal') return { ...literal, keys };
  return { ...canonical(context), keys: keys.map((key) => aspectKey(hash, key, 'canonical')) };
}

/** References of the parameter that all of the types have. */
export const linkOf = (
  {
    types,
    code,
    via = 'literal',
  }: { readonly types: readonly string[]; readonly code: string; readonly via?: LinkKind },
  context: Compiling,
): Link =>
  linkThrough(
    types.map((type) => ({ type, code })),
    via,
    context,
  );

/** What references to these resources have as `target_key`, as `list_key`. */
export function listsOf(keys: SQL, { own }: Link, { fresh }: Pick<Compiling, 'fresh'>): SQL {
  const [found, target] = [fresh(), fresh()];
  return sql`SELECT ${target}.self_key AS list_key FROM (${keys}) AS ${found} CROSS JOIN LATERAL (${own(sql`${found}.resource_key`)}) AS ${target}`;
}

/** The same of contained resources: each has its own key. */
export function listsWithin(keys: SQL, { fresh }: Pick<Compiling, 'fresh'>): SQL {
  const found = fresh();
  return sql`SELECT ${found}.resource_key AS list_key FROM (${keys}) AS ${found}`;
}

/** What these resources refer to, as far as it is of one of the types. */
export function referredBy(
  found: SQL,
  { keys, leadTo }: Link,
  { types, context: { fresh } }: { readonly types: SQL; readonly context: Pick<Compiling, 'fresh'> },
): SQL {
  const [referring, reference, target] = [fresh(), fresh(), fresh()];
  const references = sql`SELECT target_key FROM reference_index WHERE resource_key = ${referring}.resource_key AND ${isAmong(sql`parameter_key`, keys)} OFFSET 0`;
  return sql`SELECT ${target}.resource_key FROM (${found}) AS ${referring} CROSS JOIN LATERAL (${references}) AS ${reference} CROSS JOIN LATERAL (${leadTo(sql`${reference}.target_key`)}) AS ${target} WHERE ${target}.resource_type = ANY(${types})`;
}

/** Who refers by one of the parameters to what `targets` selects as `list_key`. Read one after another: `OFFSET 0` keeps the planner from reading all references. */
export function referringTo(targets: SQL, parameters: readonly string[], { fresh }: Pick<Compiling, 'fresh'>): SQL {
  const [target, reference] = [fresh(), fresh()];
  const referring = sql`SELECT resource_key FROM reference_index WHERE target_key = ${target}.list_key AND ${isAmong(sql`parameter_key`, parameters)} OFFSET 0`;
  return sql`SELECT ${reference}.resource_key FROM (${targets}) AS ${target} CROSS JOIN LATERAL (${referring}) AS ${reference}`;
}

/** The same as rows to begin a search with; `candidates` selects all resources that could be referred to. */
export function referrersOf(
  targets: SQL,
  { parameters, ...costs }: { readonly parameters: readonly string[] } & Pick<TargetRows, 'candidates' | 'cost'>,
  context: Pick<Compiling, 'fresh'>,
): Rows {
  const statement = referringTo(targets, parameters, context);
  const where = isAmong(sql`parameter_key`, parameters);
  // of several parameters the references do not come in one order
  return parameters.length === 1
    ? { table: 'reference_index', column: 'target_key', targets, where, statement, ...costs }
    : { statement };
}
