/** An AuditEvent as one row: the columns of the CSV export. https://profiles.ihe.net/ITI/BALP/content.html */
import type { AuditEvent } from './read-events.ts';

interface Coding {
  readonly code?: string;
}
interface Reference {
  readonly reference?: string;
  readonly identifier?: { readonly value?: string };
}
interface Agent {
  readonly who?: Reference;
  readonly requestor?: boolean;
  readonly network?: { readonly address?: string; readonly type?: string };
}
interface Entity {
  readonly what?: Reference;
  readonly type?: Coding;
  readonly role?: Coding;
  readonly query?: string;
}
interface Event {
  readonly id?: string;
  readonly recorded?: string;
  readonly action?: string;
  readonly outcome?: string;
  readonly outcomeDesc?: string;
  readonly subtype?: readonly Coding[];
  readonly agent?: readonly Agent[];
  readonly entity?: readonly Entity[];
}

/** Codes of http://terminology.hl7.org/CodeSystem/object-role. */
const roles = { patient: '1', resource: '4', query: '24' } as const;
/** Code of the entity that BALP keeps the request id in. */
const requestIdType = 'XrequestId';
const ipAddress = '2';

const valueOf = (who: Reference | undefined) => who?.identifier?.value ?? who?.reference;
const decode = (base64: string | undefined) => base64 && Buffer.from(base64, 'base64').toString('utf8');

function byRole({ entity = [] }: Event, role: string): Entity | undefined {
  return entity.find((one) => one.role?.code === role);
}

/** Each column's name and where its value stands. */
const readers: readonly (readonly [name: string, read: (event: Event) => string | undefined])[] = [
  ['recorded', ({ recorded }) => recorded],
  ['action', ({ action }) => action],
  ['interaction', ({ subtype }) => subtype?.[0]?.code],
  ['outcome', ({ outcome }) => outcome],
  ['outcome_description', ({ outcomeDesc }) => outcomeDesc],
  ['agent', ({ agent = [] }) => valueOf(agent.find(({ requestor }) => requestor)?.who)],
  ['client', ({ agent = [] }) => valueOf(agent[0]?.who)],
  ['address', ({ agent = [] }) => agent.find(({ network }) => network?.type === ipAddress)?.network?.address],
  ['patient', (event) => byRole(event, roles.patient)?.what?.reference],
  ['resource', (event) => byRole(event, roles.resource)?.what?.reference],
  ['query', (event) => decode(byRole(event, roles.query)?.query)],
  ['request_id', ({ entity = [] }) => valueOf(entity.find(({ type }) => type?.code === requestIdType)?.what)],
  ['id', ({ id }) => id],
];

/** Names of the columns, in order. */
export const columns: readonly string[] = readers.map(([name]) => name);

/** The cells of an event, in the order of `columns`; empty where it says nothing. */
export function flattenEvent(event: AuditEvent): readonly string[] {
  return readers.map(([, read]) => read(event as Event) ?? '');
}
