/** Audit records on their way into the table: one JSON parameter for any number of them, and the statement that inserts it. */
import type { AuditRecord } from '../ports.ts';
import { storableJson } from './storable-json.ts';

const columns = `recorded, request_id, agent, client, address, interaction, action, outcome, status,
  resource_type, resource_id, version, patient, query`;

/** Inserts the records of one parameter (`$1`), as a statement or as part of another one. */
export function auditInsertion(parameter: string): string {
  return `INSERT INTO audit_event (${columns})
SELECT ${columns} FROM json_to_recordset(${parameter}::json) AS a(
  recorded timestamptz, request_id text, agent text, client text, address text, interaction text, action text,
  outcome text, status smallint, resource_type text, resource_id text, version integer, patient text, query text)`;
}

function rowOf(record: AuditRecord) {
  return {
    recorded: record.recorded,
    request_id: record.requestId,
    agent: record.agent,
    client: record.client,
    address: record.address,
    interaction: record.interaction,
    action: record.action,
    outcome: record.outcome,
    status: record.status,
    resource_type: record.resourceType,
    resource_id: record.resourceId,
    version: record.version,
    patient: record.patient,
    query: record.query,
  };
}

/** The parameter of `auditInsertion`. Characters that PostgreSQL cannot hold become U+FFFD. */
export function auditRows(records: readonly AuditRecord[]): string {
  return storableJson(records.map(rowOf));
}
