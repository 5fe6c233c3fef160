/** Audit records as FHIR, shaped after IHE's Basic Audit Log Patterns. https://profiles.ihe.net/ITI/BALP/content.html https://hl7.org/fhir/R4/auditevent.html */
import type { Resource } from '../fhir/resource.ts';
import type { StoredAuditRecord } from '../ports.ts';
import { codes, type Coding, patternOf } from './audit-patterns.ts';

/** Which server tells: the observer of every event. */
export interface AuditSource {
  /** FHIR base URL, without a slash at its end. */
  readonly baseUrl: string;
  /** The address clients reach it at; the host of the base URL unless told otherwise. */
  readonly site?: string;
}

const ipAddress = '2';
const uri = '5';

const concept = (coding: Coding) => ({ coding: [coding] });
const identified = (value: string) => ({ identifier: { value } });

function agentsOf({ interaction, agent, client, address }: StoredAuditRecord, { baseUrl }: AuditSource) {
  const pattern = patternOf(interaction);
  return [
    {
      type: concept(pattern.client),
      who: identified(client),
      requestor: false,
      ...(address !== '' && { network: { address, type: ipAddress } }),
    },
    {
      type: concept(pattern.server),
      who: identified(baseUrl),
      requestor: false,
      network: { address: baseUrl, type: uri },
    },
    { type: concept(pattern.user), who: identified(agent), requestor: true },
  ];
}

/** `Type/id/_history/version`, as much of it as is known. */
function referenceOf({ resourceType, resourceId, version }: StoredAuditRecord): string | undefined {
  if (resourceType === undefined || resourceId === undefined) return undefined;
  const current = `${resourceType}/${resourceId}`;
  return version === undefined ? current : `${current}/_history/${version}`;
}

/** The query as it was asked, in base64: it may be anything. */
function queryOf({ resourceType, query }: StoredAuditRecord): string {
  return Buffer.from(`${resourceType ?? ''}?${query ?? ''}`).toString('base64');
}

function entitiesOf(record: StoredAuditRecord) {
  const reference = referenceOf(record);
  const { searches } = patternOf(record.interaction);
  const object = { type: codes.systemObject };
  return [
    { what: identified(record.requestId), type: codes.requestId },
    ...(reference === undefined ? [] : [{ what: { reference }, ...object, role: codes.domainResource }]),
    ...(searches || record.query !== undefined ? [{ ...object, role: codes.query, query: queryOf(record) }] : []),
    ...(record.patient === undefined
      ? []
      : [{ what: { reference: `Patient/${record.patient}` }, type: codes.person, role: codes.patient }]),
  ];
}

/** The profile that a record meets: there are none for failures, nor for what BALP does not know. */
function profileOf(record: StoredAuditRecord): string | undefined {
  const { profile, searches } = patternOf(record.interaction);
  if (profile === undefined || record.outcome !== '0' || record.address === '') return undefined;
  const isAbout = record.resourceId === undefined ? 'query' : 'resource';
  // a conditional interaction is about both, and the profiles know one
  if (searches ? isAbout !== 'query' : isAbout !== 'resource' || record.query !== undefined) return undefined;
  const name = record.patient === undefined ? profile : `Patient${profile}`;
  return `https://profiles.ihe.net/ITI/BALP/StructureDefinition/IHE.BasicAudit.${name}`;
}

/** The AuditEvent that a record is. */
export function toAuditEvent(record: StoredAuditRecord, source: AuditSource): Resource {
  const { id, recorded, interaction, action, outcome, status } = record;
  const profile = profileOf(record);
  const { subtype } = patternOf(interaction);
  return {
    resourceType: 'AuditEvent',
    id,
    meta: { versionId: '1', lastUpdated: recorded, ...(profile && { profile: [profile] }) },
    type: codes.rest,
    ...(subtype && { subtype: [subtype] }),
    action,
    recorded,
    outcome,
    ...(outcome !== '0' && { outcomeDesc: `HTTP ${status}` }),
    agent: agentsOf(record, source),
    source: {
      ...(source.site !== undefined && { site: source.site }),
      observer: identified(source.baseUrl),
      type: [codes.applicationServer],
    },
    entity: entitiesOf(record),
  };
}
