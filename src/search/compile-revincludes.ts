/** What `_revinclude` adds to a page: the resources that point to its matches. https://hl7.org/fhir/R4/search.html#revinclude */
import { type SQL, sql } from 'drizzle-orm';
import type { ResourceIdentity } from '../fhir/resource.ts';
import type { SearchPlan } from '../search-ports.ts';
import { parameterKey, targetKey } from './keys.ts';
import type { CompileContext } from './sql/compiled.ts';
import { keyArray } from './sql/rows.ts';
import { selectVersions } from './sql/select-versions.ts';

/** A reference parameter of a type, by its code. */
export interface ReferenceParameter {
  readonly type: string;
  readonly code: string;
}

export interface RevincludeScope {
  readonly parameters: readonly ReferenceParameter[];
  /** The matches of the page. */
  readonly matches: readonly ResourceIdentity[];
  /** At most so many rows, newest first. One more than one would take tells whether there are others. */
  readonly limit: number;
}

/** A plan with a page and no total; each resource comes once, however many of the matches it points to. */
export function compileRevincludes(
  { parameters, matches, limit }: RevincludeScope,
  { hash }: Pick<CompileContext, 'hash'>,
): SearchPlan {
  const keys = parameters.map(({ type, code }) => parameterKey(hash, type, code));
  const targets = matches.map(({ type, id }) => targetKey(hash, `${type}/${id}`));
  const found = sql`SELECT DISTINCT resource_key FROM reference_index WHERE target_key = ANY(${keyArray(targets)}) AND parameter_key = ANY(${keyArray(keys)}) ORDER BY resource_key DESC LIMIT ${limit}`;
  const statements: readonly SQL[] = [selectVersions(found, sql`found.resource_key DESC`, 0)];
  return { probes: [], limit, page: () => statements };
}
