/** The audit log in PostgreSQL: group commit for records, keyset paging for reading them. See docs/adr/0005-audit-durability.md. */
import { unavailable } from '../fhir/fhir-error.ts';
import type { AuditQuery, AuditRecord, AuditTrail, StoredAuditRecord } from '../ports.ts';
import type { Observe } from '../telemetry/observation.ts';
import { countStatement, findStatement } from './audit-query.ts';
import { auditInsertion, auditRows } from './audit-rows.ts';
import type { Queryable } from './connection.ts';
import { fromDatabase, isSqlError } from './pg-error.ts';

export interface AuditTrailOptions {
  /** Where records are written when it is not where they are read: a connection of its own is not kept waiting by searches. */
  readonly writer?: Queryable;
  /** Milliseconds after which a database that does not answer counts as gone; 10,000 unless told otherwise. */
  readonly timeoutMs?: number;
  /** Told of every failure to write. */
  readonly observe?: Observe;
}

export interface StoredAuditTrail extends AuditTrail {
  /** Refuses new records and resolves when those that wait are written. */
  close(): Promise<void>;
}

/** The records of one call: written together, and answered together. */
interface Waiting {
  readonly records: readonly AuditRecord[];
  readonly resolve: () => void;
  readonly reject: (reason: unknown) => void;
}

const maximumRows = 500;
const maximumWaitingRows = 10_000;

/** Takes whole calls from the front, as many as fit into one statement and at least one. */
function takeGroup(waiting: Waiting[]): readonly Waiting[] {
  let rows = 0;
  let calls = 0;
  for (const { records } of waiting) {
    if (calls > 0 && rows + records.length > maximumRows) break;
    rows += records.length;
    calls += 1;
  }
  return waiting.splice(0, calls);
}

/** Collects the records that arrive while others are being committed and commits them with one statement next. */
function createRecorder({ writer, timeoutMs, observe }: Required<AuditTrailOptions>) {
  // node-postgres knows the timeout of a single query, its types do not
  const insertion = { name: 'record-audit', text: auditInsertion('$1'), query_timeout: timeoutMs };
  const waiting: Waiting[] = [];
  let waitingRows = 0;
  let running: Promise<void> | undefined;
  let isClosed = false;

  function insert(group: readonly Waiting[]) {
    return writer.query({ ...insertion, values: [auditRows(group.flatMap(({ records }) => records))] });
  }

  async function write(group: readonly Waiting[]): Promise<void> {
    try {
      await insert(group);
      for (const { resolve } of group) resolve();
    } catch (error) {
      // a refused statement has written nothing, so that one bad record need not take the others with it
      if (isSqlError(error) && group.length > 1) {
        for (const one of group) await write([one]);
        return;
      }
      observe({ kind: 'audit-failed', records: group.reduce((sum, { records }) => sum + records.length, 0), error });
      for (const { reject } of group) reject(unavailable('The audit log cannot be written at the moment'));
    }
  }

  async function run(): Promise<void> {
    // lets the requests that are being answered in this turn of the event loop join
    await new Promise((resolve) => setImmediate(resolve));
    while (waiting.length > 0) {
      const group = takeGroup(waiting);
      await write(group);
      waitingRows -= group.reduce((sum, { records }) => sum + records.length, 0);
    }
    running = undefined;
  }

  return {
    record(records: readonly AuditRecord[]): Promise<void> {
      if (records.length === 0) return Promise.resolve();
      if (isClosed) return Promise.reject(unavailable('The server is stopping'));
      if (waitingRows > 0 && waitingRows + records.length > maximumWaitingRows) {
        return Promise.reject(unavailable('Too many audit records are waiting'));
      }
      return new Promise((resolve, reject) => {
        waiting.push({ records, resolve, reject });
        waitingRows += records.length;
        running ??= run();
      });
    },
    async close(): Promise<void> {
      isClosed = true;
      await running;
    },
  };
}

interface AuditRow {
  audit_key: string;
  recorded: Date;
  request_id: string;
  agent: string;
  client: string;
  address: string;
  interaction: string;
  action: StoredAuditRecord['action'];
  outcome: StoredAuditRecord['outcome'];
  status: number;
  resource_type: string | null;
  resource_id: string | null;
  version: number | null;
  patient: string | null;
  query: string | null;
}

function recordOf(row: AuditRow): StoredAuditRecord {
  return {
    id: row.audit_key,
    recorded: row.recorded.toISOString(),
    requestId: row.request_id,
    agent: row.agent,
    client: row.client,
    address: row.address,
    interaction: row.interaction,
    action: row.action,
    outcome: row.outcome,
    status: row.status,
    ...(row.resource_type !== null && { resourceType: row.resource_type }),
    ...(row.resource_id !== null && { resourceId: row.resource_id }),
    ...(row.version !== null && { version: row.version }),
    ...(row.patient !== null && { patient: row.patient }),
    ...(row.query !== null && { query: row.query }),
  };
}

/** The audit trail on a database. What `record` acknowledged is as durable as a commit is there (`synchronous_commit`). */
export function createAuditTrail(database: Queryable, options: AuditTrailOptions = {}): StoredAuditTrail {
  const { writer = database, timeoutMs = 10_000, observe = () => undefined } = options;
  return {
    ...createRecorder({ writer, timeoutMs, observe }),
    async find(query: AuditQuery) {
      try {
        const { rows } = await database.query<AuditRow>(findStatement(query));
        return rows.map(recordOf);
      } catch (error) {
        throw fromDatabase(error);
      }
    },
    async count(filter) {
      try {
        const { rows } = await database.query<{ count: string }>(countStatement(filter));
        return Number(rows[0]?.count ?? 0);
      } catch (error) {
        throw fromDatabase(error);
      }
    },
  };
}
