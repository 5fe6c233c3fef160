/** Runs the SQL that `search/` built, with prepared statements for the shapes that come again. */
import { createHash } from 'node:crypto';
import type { SQL } from 'drizzle-orm';
import { PgDialect } from 'drizzle-orm/pg-core';
import type { QueryConfig } from 'pg';
import type { SearchPage, SearchPlan, SearchRow } from '../ports.ts';
import type { Queryable } from './connection.ts';
import { toStoredVersion, type TypeNumbers, type VersionRow } from './stored-version.ts';

interface FoundRow extends VersionRow {
  resource_key: string;
  position: string;
}

/** A connection keeps every prepared statement until it closes, so only this many shapes are prepared; rarer ones are planned each time. */
const maximumPrepared = 500;

export type RunSearch = (database: Queryable, plan: SearchPlan) => Promise<SearchPage>;

/** Searches with names for repeated statements; one per process. */
export function createSearchRunner(types: TypeNumbers): RunSearch {
  const dialect = new PgDialect();
  const names = new Map<string, string>();

  function nameOf(text: string): string | undefined {
    const known = names.get(text);
    if (known || names.size >= maximumPrepared) return known;
    const name = `search-${createHash('sha256').update(text).digest('hex').slice(0, 24)}`;
    names.set(text, name);
    return name;
  }

  function toQuery(statement: SQL): QueryConfig {
    const { sql: text, params: values } = dialect.sqlToQuery(statement);
    const name = nameOf(text);
    return { text, values, ...(name && { name }) };
  }

  return async (database, plan) => {
    const page = plan.page && (await database.query<FoundRow>(toQuery(plan.page)));
    const total = plan.total && (await database.query<{ total: string }>(toQuery(plan.total)));
    const rows = (page?.rows ?? []).map((row): SearchRow => ({
      ...toStoredVersion(row, types),
      resourceKey: row.resource_key,
      position: row.position,
    }));
    return { rows, ...(total && { total: Number(total.rows[0]?.total ?? 0) }) };
  };
}
