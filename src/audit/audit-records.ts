/** What a request did, as audit records: one per patient concerned. https://profiles.ihe.net/ITI/BALP/content.html */
import type { AuditAction, AuditOutcome, AuditRecord, Caller } from '../ports.ts';

/** Who asked, from where and when. */
export interface AuditedRequest {
  /** Absent when nobody was recognised. */
  readonly caller?: Caller | undefined;
  readonly requestId: string;
  /** IP address. */
  readonly address: string;
  /** ISO instant with milliseconds. */
  readonly now: string;
}

/** What was done, or attempted. A batch has one of these for itself and one for each entry. */
export interface AuditedInteraction {
  /** FHIR's code (`read`, `search-type`) or `$operation`. */
  readonly interaction: string;
  readonly type?: string | undefined;
  readonly id?: string | undefined;
  readonly version?: number | undefined;
  /** HTTP status of the answer. */
  readonly status: number;
  /** The search as it was asked: `name=value&name=value`. */
  readonly query?: string | undefined;
  /** Logical ids of the Patients whose data it was; repetitions do not matter. */
  readonly patients: readonly string[];
}

/** A record repeats its query for every patient, so a query longer than a URL may be is cut. In UTF-16 units. */
const maximumQuery = 8_192;
/** The largest `integer` of PostgreSQL; a client may ask for any version. */
const maximumVersion = 2_147_483_647;

const actions: ReadonlyMap<string, AuditAction> = new Map([
  ['create', 'C'],
  ['read', 'R'],
  ['vread', 'R'],
  ['history-instance', 'R'],
  ['history-type', 'R'],
  ['history-system', 'R'],
  ['capabilities', 'R'],
  ['update', 'U'],
  ['patch', 'U'],
  ['delete', 'D'],
]);

/** Searches, batches and operations are executed. https://hl7.org/fhir/R4/valueset-audit-event-action.html */
function actionOf(interaction: string): AuditAction {
  return actions.get(interaction) ?? 'E';
}

/** Minor failure: refused; serious failure: our fault. https://hl7.org/fhir/R4/valueset-audit-event-outcome.html */
function outcomeOf(status: number): AuditOutcome {
  if (status < 400) return '0';
  return status < 500 ? '4' : '8';
}

function isRecordable(version: number | undefined): version is number {
  return version !== undefined && Number.isInteger(version) && version >= 0 && version <= maximumVersion;
}

type Draft = { -readonly [Name in keyof AuditRecord]: AuditRecord[Name] };

/** The records of one interaction: one per distinct patient, or a single one that names none. Built by assignment: every request passes here, and spreading takes three times as long. */
export function auditRecords(
  { caller, requestId, address, now }: AuditedRequest,
  { interaction, type, id, version, status, query, patients }: AuditedInteraction,
): readonly AuditRecord[] {
  const record: Draft = {
    recorded: now,
    requestId,
    agent: caller?.agent ?? 'anonymous',
    client: caller?.client ?? 'anonymous',
    address,
    interaction,
    action: actionOf(interaction),
    outcome: outcomeOf(status),
    status,
  };
  if (type !== undefined) record.resourceType = type;
  if (id !== undefined) record.resourceId = id;
  if (isRecordable(version)) record.version = version;
  if (query !== undefined && query !== '') record.query = query.slice(0, maximumQuery);
  const [first, ...others] = new Set(patients);
  if (first === undefined) return [record];
  record.patient = first;
  return [record, ...others.map((patient) => ({ ...record, patient }))];
}
