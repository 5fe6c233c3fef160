/** What `_include` and `_revinclude` add to a page: the resources that its matches point to, and those that point to them. https://hl7.org/fhir/R4/search.html#include */
import { type SQL, sql } from 'drizzle-orm';
import type { ResourceIdentity } from '../fhir/resource.ts';
import type { SearchPlan } from '../search-ports.ts';
import { targetKey } from './keys.ts';
import type { LinkKind } from './link-kinds.ts';
import type { CompileContext } from './sql/compiled.ts';
import { linkThrough, listsOf, type ReferenceParameter, referredBy, referringTo } from './sql/links.ts';
import { createAliases, keyArray } from './sql/rows.ts';
import { selectVersions } from './sql/select-versions.ts';

export type { ReferenceParameter } from './sql/links.ts';

interface IncludeScope {
  readonly parameters: readonly ReferenceParameter[];
  /** The matches of the page. */
  readonly matches: readonly ResourceIdentity[];
  /** At most so many rows, newest first. One more than one would take tells whether there are others. */
  readonly limit: number;
}

export interface RevincludeScope extends IncludeScope {
  readonly via?: LinkKind;
}

export interface CanonicalIncludeScope extends IncludeScope {
  /** Of what is included. */
  readonly types: readonly string[];
}

type Context = Pick<CompileContext, 'hash'>;

const keysOf = (matches: readonly ResourceIdentity[], { hash }: Context): SQL =>
  keyArray(matches.map(({ type, id }) => targetKey(hash, `${type}/${id}`)));

const resourcesOf = (matches: readonly ResourceIdentity[], context: Context): SQL =>
  sql`SELECT resource_key FROM resource WHERE self_key = ANY(${keysOf(matches, context)}) AND NOT deleted`;

/** A plan with a page and no total. */
function planOf(found: SQL, limit: number): SearchPlan {
  const page = sql`${found} ORDER BY resource_key DESC LIMIT ${limit}`;
  const statements: readonly SQL[] = [selectVersions(page, sql`found.resource_key DESC`, 0)];
  return { probes: [], limit, page: () => statements };
}

/** What points to the matches; each resource comes once, however many of the matches it points to. */
export function compileRevincludes(
  { parameters, matches, limit, via = 'literal' }: RevincludeScope,
  { hash }: Context,
): SearchPlan {
  const context = { hash, fresh: createAliases() };
  const link = linkThrough(parameters, via, context);
  const keys = keyArray(link.keys);
  if (via === 'literal') {
    const targets = keysOf(matches, context);
    return planOf(
      sql`SELECT DISTINCT resource_key FROM reference_index WHERE target_key = ANY(${targets}) AND parameter_key = ANY(${keys})`,
      limit,
    );
  }
  const lists = listsOf(resourcesOf(matches, context), link, context);
  return planOf(sql`SELECT DISTINCT resource_key FROM (${referringTo(lists, link.keys, context)}) AS referring`, limit);
}

/** What canonicals of the matches lead to, each once; where literal references lead stands in the matches themselves. */
export function compileCanonicalIncludes(
  { parameters, matches, types, limit }: CanonicalIncludeScope,
  { hash, resourceTypes }: Pick<CompileContext, 'hash' | 'resourceTypes'>,
): SearchPlan {
  const context = { hash, fresh: createAliases() };
  const link = linkThrough(parameters, 'canonical', context);
  const numbers = sql`${sql.param(types.map((type) => String(resourceTypes.get(type))))}::smallint[]`;
  const statement = referredBy(resourcesOf(matches, context), link, { types: numbers, context });
  return planOf(sql`SELECT DISTINCT resource_key FROM (${statement}) AS referred`, limit);
}
