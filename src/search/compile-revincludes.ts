/** What `_revinclude` adds to a page: the resources that point to its matches. https://hl7.org/fhir/R4/search.html#revinclude */
import { sql } from 'drizzle-orm';
import type { ResourceIdentity } from '../fhir/resource.ts';
import type { SearchPlan } from '../ports.ts';
import { referenceIndex } from '../store/tables.ts';
import type { CompileContext } from './compile-search.ts';
import { keyArray } from './posting.ts';
import type { Include } from './search-query.ts';
import { selectVersions } from './select-versions.ts';
import { parameterKey, targetKey } from './type-key.ts';

export interface RevincludeScope {
  readonly revincludes: readonly Include[];
  /** The matches of the page. */
  readonly matches: readonly ResourceIdentity[];
  /** At most so many rows, newest first. One more than one would take tells whether there are others. */
  readonly limit: number;
}

/** A plan with a page and no total; each resource comes once, however many of the matches it points to. */
export function compileRevincludes(
  { revincludes, matches, limit }: RevincludeScope,
  { hash }: Pick<CompileContext, 'hash'>,
): SearchPlan {
  const parameters = revincludes.map(({ type, code }) => parameterKey(hash, type, code));
  const targets = matches.map(({ type, id }) => targetKey(hash, `${type}/${id}`));
  const { targetKey: target, parameterKey: parameter, resourceKey } = referenceIndex;
  const found = sql`SELECT DISTINCT ${resourceKey} FROM ${referenceIndex} WHERE ${target} = ANY(${keyArray(targets)}) AND ${parameter} = ANY(${keyArray(parameters)}) ORDER BY ${resourceKey} DESC LIMIT ${limit}`;
  return { page: selectVersions(found, 'newest') };
}
