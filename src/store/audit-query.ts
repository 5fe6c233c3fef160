/** Searches of the audit log as SQL; every value is a parameter. */
import type { QueryConfig } from 'pg';
import { isAuditId } from '../audit/audit-id.ts';
import type { AuditFilter, AuditQuery } from '../ports.ts';
import { storableJson } from './storable-json.ts';

const columns = `audit_key, recorded, request_id, agent, client, address, interaction, action, outcome, status,
  resource_type, resource_id, version, patient, query`;

/** Collects conditions and the values their parameters stand for. */
interface Conditions {
  readonly texts: string[];
  readonly values: unknown[];
}

/** Adds a condition; `$` in it stands for the value, as often as it occurs. */
function add({ texts, values }: Conditions, text: string, value: unknown): void {
  values.push(value);
  texts.push(text.replaceAll('$', `$${values.length}`));
}

/** Stored texts have no U+0000, but have U+FFFD where one was. */
const storable = (texts: readonly string[]): string[] => texts.map((text) => text.replaceAll('\0', '\ufffd'));

const listColumns = {
  patients: 'patient',
  agents: 'agent',
  actions: 'action',
  outcomes: 'outcome',
  interactions: 'interaction',
} as const satisfies Partial<Record<keyof AuditFilter, string>>;

/** The row is about one of the resources; a Patient is also meant when it was that patient's data. */
const aboutResource = `EXISTS (
  SELECT FROM json_to_recordset($::json) AS wanted(type text, id text)
  WHERE wanted.type = resource_type AND (wanted.id IS NULL OR wanted.id = resource_id)
     OR wanted.type = 'Patient' AND wanted.id = patient)`;

function conditionsOf(filter: AuditFilter): Conditions {
  const conditions: Conditions = { texts: [], values: [] };
  if (filter.ids) add(conditions, 'audit_key = ANY($::bigint[])', filter.ids.filter(isAuditId));
  if (filter.from !== undefined) add(conditions, 'recorded >= $::timestamptz', filter.from);
  if (filter.to !== undefined) add(conditions, 'recorded <= $::timestamptz', filter.to);
  for (const [name, column] of Object.entries(listColumns)) {
    const list = filter[name as keyof typeof listColumns];
    if (!list) continue;
    // a single value by itself, so that an index on it gives the rows in order
    const [only, ...others] = storable(list);
    if (only !== undefined && others.length === 0) add(conditions, `${column} = $`, only);
    else add(conditions, `${column} = ANY($::text[])`, storable(list));
  }
  if (filter.resources) add(conditions, aboutResource, storableJson(filter.resources));
  return conditions;
}

const where = ({ texts }: Conditions): string => (texts.length > 0 ? `WHERE ${texts.join(' AND ')}` : '');

/** One page in the order of arrival, which is that of the keys. */
export function findStatement({ count, ascending = false, after, ...filter }: AuditQuery): QueryConfig {
  const conditions = conditionsOf(filter);
  if (after !== undefined) add(conditions, `audit_key ${ascending ? '>' : '<'} $::bigint`, after);
  const { values } = conditions;
  values.push(count);
  const text = `SELECT ${columns} FROM audit_event ${where(conditions)}
ORDER BY audit_key ${ascending ? 'ASC' : 'DESC'} LIMIT $${values.length}`;
  return { text, values };
}

/** How many rows match. */
export function countStatement(filter: AuditFilter): QueryConfig {
  const conditions = conditionsOf(filter);
  return { text: `SELECT count(*) FROM audit_event ${where(conditions)}`, values: conditions.values };
}
