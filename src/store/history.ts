/** History of a resource, a type or the whole system, newest first, by keyset. https://hl7.org/fhir/R4/http.html#history */
import type { QueryConfig } from 'pg';
import { invalid } from '../fhir/fhir-error.ts';
import type { HistoryPage, HistoryScope } from '../ports.ts';
import type { Queryable } from './connection.ts';
import { toStoredVersion, type TypeNumbers, type VersionRow } from './stored-version.ts';

interface HistoryRow extends VersionRow {
  position: string;
}

const versionColumns = 'version, last_updated, method, deleted, patients, content';

/** All versions of one resource. $1 type, $2 id, $3 since. */
const versionsOfInstance = `
WITH known AS (
  SELECT resource_type, id, resource_key, ${versionColumns} FROM resource WHERE resource_type = $1 AND id = $2
), versions AS (
  SELECT resource_type, id, ${versionColumns} FROM known
  UNION ALL
  SELECT k.resource_type, k.id, h.version, h.last_updated, h.method, h.deleted, h.patients, h.content
  FROM known k JOIN resource_history h ON h.resource_key = k.resource_key
), wanted AS (
  SELECT * FROM versions
  WHERE last_updated >= $3::timestamptz
)`;

/** $4 before (version), $5 limit. */
const instanceStatement = `${versionsOfInstance}
SELECT *, version::text AS position FROM wanted
WHERE version < split_part($4, '.', 1)::bigint ORDER BY version DESC LIMIT $5`;
const instanceTotal = `${versionsOfInstance} SELECT count(*)::int AS total FROM wanted`;

const logTotal = `
SELECT count(*)::int AS total FROM change_log
WHERE last_updated >= $1::timestamptz`;
const typeTotal = `${logTotal} AND resource_type = $2`;

/** The change log in order, each entry with the version it speaks of. $1 since, $2 and $3 before, $4 limit, $5 type. */
function logStatement(scope: 'type' | 'system'): string {
  const tie = scope === 'type' ? 'l.resource_key' : 'l.sequence';
  const order =
    scope === 'type'
      ? `l.last_updated DESC, l.resource_key DESC, l.version DESC`
      : `l.last_updated DESC, l.sequence DESC`;
  const position = scope === 'type' ? `l.resource_key || '.' || l.version` : 'l.sequence::text';
  const below =
    scope === 'type'
      ? `(l.last_updated, l.resource_key, l.version) < ($2::timestamptz, split_part($3, '.', 1)::bigint, coalesce(nullif(split_part($3, '.', 2), ''), '0')::integer)`
      : `(l.last_updated, ${tie}) < ($2::timestamptz, split_part($3, '.', 1)::bigint)`;
  return `
SELECT r.resource_type, r.id, l.version, l.last_updated, l.method,
  l.method = 'DELETE' AS deleted,
  CASE WHEN r.version = l.version THEN r.patients ELSE h.patients END AS patients,
  CASE WHEN r.version = l.version THEN r.content ELSE h.content END AS content,
  ${position} AS position
FROM change_log l
JOIN resource r ON r.resource_key = l.resource_key
LEFT JOIN resource_history h ON h.resource_key = l.resource_key AND h.version = l.version
WHERE l.last_updated >= $1::timestamptz AND ${below}${scope === 'type' ? ' AND l.resource_type = $5' : ''}
ORDER BY ${order} LIMIT $4`;
}

const typeStatement = logStatement('type');
const systemStatement = logStatement('system');

interface Position {
  readonly time: string;
  /** Version, `resource key.version` or sequence, by scope. */
  readonly rest: string;
}

/** Above every version there is: plain bounds let the index be read as one range. */
const beginning: Position = { time: 'infinity', rest: '2147483647' };

const positionPattern = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z)_(\d{1,19}(?:\.\d{1,9})?)$/;

function readPosition(before: string | undefined): Position {
  if (before === undefined) return beginning;
  const match = positionPattern.exec(before);
  if (!match) throw invalid('This is not a page of a history', 'http._cursor');
  return { time: match[1] ?? '', rest: match[2] ?? '' };
}

function toPage(rows: readonly HistoryRow[], count: number, total: number, types: TypeNumbers): HistoryPage {
  const shown = rows.slice(0, count);
  const last = shown.at(-1);
  const more = rows.length > count && last;
  return {
    versions: shown.map((row) => toStoredVersion(row, types)),
    total,
    ...(more && { next: `${last.last_updated.toISOString()}_${last.position}` }),
  };
}

interface Statements {
  readonly page: QueryConfig;
  readonly total: QueryConfig;
}

function statementsFor(scope: HistoryScope, types: TypeNumbers): Statements {
  const { time, rest } = readPosition(scope.before);
  const since = scope.since ?? '-infinity';
  const limit = scope.count + 1;
  if (scope.type === undefined) {
    return {
      page: { name: 'history-system', text: systemStatement, values: [since, time, rest, limit] },
      total: { name: 'history-system-total', text: logTotal, values: [since] },
    };
  }
  const type = types.numberOf(scope.type);
  if (scope.id === undefined) {
    return {
      page: { name: 'history-type', text: typeStatement, values: [since, time, rest, limit, type] },
      total: { name: 'history-type-total', text: typeTotal, values: [since, type] },
    };
  }
  return {
    page: { name: 'history-instance', text: instanceStatement, values: [type, scope.id, since, rest, limit] },
    total: { name: 'history-instance-total', text: instanceTotal, values: [type, scope.id, since] },
  };
}

/** A page of history; an unknown id gives an empty page with total 0. Refuses a position that no page gave (400). */
export async function readHistory(database: Queryable, types: TypeNumbers, scope: HistoryScope): Promise<HistoryPage> {
  const statements = statementsFor(scope, types);
  const { rows } = await database.query<HistoryRow>(statements.page);
  const totals = await database.query<{ total: number }>(statements.total);
  return toPage(rows, scope.count, totals.rows[0]?.total ?? 0, types);
}
