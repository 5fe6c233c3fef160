/** Runs the SQL that `search/` built, with prepared statements for the shapes that come again. */
import { createHash } from 'node:crypto';
import { type SQL, sql } from 'drizzle-orm';
import { PgDialect } from 'drizzle-orm/pg-core';
import type { QueryConfig } from 'pg';
import type { SearchPage, SearchPlan, SearchRow } from '../search-ports.ts';
import type { Queryable } from './connection.ts';
import { placeOf } from './contained-key.ts';
import { createRecentCounts } from './recent-counts.ts';
import { toStoredVersion, type TypeNumbers, type VersionRow } from './stored-version.ts';

interface FoundRow extends VersionRow {
  resource_key: string;
  position: (string | null)[];
}

/** A connection keeps every prepared statement until it closes, so only this many shapes are prepared; rarer ones are planned each time. */
const maximumPrepared = 500;

/** A statement as PostgreSQL is given it. */
export interface SearchStatement {
  readonly text: string;
  readonly values: unknown[];
}

const dialect = new PgDialect();

export function toStatement(statement: SQL): SearchStatement {
  const { sql: text, params: values } = dialect.sqlToQuery(statement);
  return { text, values };
}

function toSearchRow(row: FoundRow, types: TypeNumbers): SearchRow {
  const { resource_key: resourceKey, position } = row;
  const containedAt = placeOf(resourceKey);
  return { ...toStoredVersion(row, types), resourceKey, position, ...(containedAt !== undefined && { containedAt }) };
}

export type RunSearch = (database: Queryable, plan: SearchPlan) => Promise<SearchPage>;

/** Searches with names for repeated statements and a memory of what was counted; one per process. */
export function createSearchRunner(types: TypeNumbers, now: () => number): RunSearch {
  const names = new Map<string, string>();
  const counts = createRecentCounts(now);

  function nameOf(text: string): string | undefined {
    const known = names.get(text);
    if (known || names.size >= maximumPrepared) return known;
    const name = `search-${createHash('sha256').update(text).digest('hex').slice(0, 24)}`;
    names.set(text, name);
    return name;
  }

  function toQuery(statement: SQL): QueryConfig {
    const { text, values } = toStatement(statement);
    const name = nameOf(text);
    return { text, values, ...(name && { name }) };
  }

  /** What each probe finds; those that are not remembered are asked in one statement. */
  async function probe(database: Queryable, probes: readonly SQL[]): Promise<readonly number[]> {
    const keys = probes.map((one) => JSON.stringify(toStatement(one)));
    const unknown = probes.filter((_one, index) => counts.find(keys[index] ?? '') === undefined);
    if (unknown.length > 0) {
      const columns = unknown.map((one, index) => sql`(${one}) AS ${sql.raw(`c${index}`)}`);
      const { rows } = await database.query<Record<string, number>>(toQuery(sql`SELECT ${sql.join(columns, sql`, `)}`));
      for (const [index, one] of unknown.entries())
        counts.remember(keys[probes.indexOf(one)] ?? '', rows[0]?.[`c${index}`] ?? 0);
    }
    return keys.map((key) => counts.find(key) ?? 0);
  }

  async function read(database: Queryable, statements: readonly SQL[], limit: number): Promise<readonly FoundRow[]> {
    const found: FoundRow[] = [];
    for (const statement of statements) {
      if (found.length >= limit) break;
      const { rows } = await database.query<FoundRow>(toQuery(statement));
      found.push(...rows);
    }
    return found.slice(0, limit);
  }

  return async (database, { probes, page, total, limit }) => {
    const found = probes.length === 0 ? [] : await probe(database, probes);
    const rows = page ? await read(database, page(found), limit) : [];
    const counted = total && (await database.query<{ total: string }>(toQuery(total(found))));
    return {
      rows: rows.map((row) => toSearchRow(row, types)),
      ...(counted && { total: Number(counted.rows[0]?.total ?? 0) }),
    };
  };
}
