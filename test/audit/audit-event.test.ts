import { describe, expect, test } from '@jest/globals';
import { toAuditEvent } from '../../src/audit/audit-event.ts';
import type { StoredAuditRecord } from '../../src/ports.ts';
import { bundledValidator } from '../support/validator.ts';

const source = { baseUrl: 'https://vesta.example/fhir' };
const record: StoredAuditRecord = {
  id: '17',
  recorded: '2026-11-22T10:00:00.000Z',
  requestId: 'r1',
  agent: 'nurse',
  client: 'ward',
  address: '10.0.0.1',
  interaction: 'read',
  action: 'R',
  outcome: '0',
  status: 200,
  resourceType: 'Observation',
  resourceId: 'o',
  version: 2,
  patient: 'p',
};
const search: StoredAuditRecord = {
  ...withoutResource(record),
  interaction: 'search-type',
  action: 'E',
  resourceType: 'Observation',
  query: 'code=8867-4&patient=Ä',
};

function withoutResource(full: StoredAuditRecord): StoredAuditRecord {
  const { resourceId: _, version: __, ...rest } = full;
  return rest;
}

interface Event {
  meta: { profile?: string[] };
  subtype: { code: string; display: string }[];
  agent: { type: { coding: { code: string }[] }; requestor: boolean; network?: { type: string; address: string } }[];
  entity: { what?: { reference?: string; identifier?: { value: string } }; query?: string; role?: { code: string } }[];
  outcomeDesc?: string;
}
const eventOf = (changes: StoredAuditRecord): Event => toAuditEvent(changes, source) as unknown as Event;
const profileOf = (changes: StoredAuditRecord): string | undefined =>
  eventOf(changes).meta.profile?.[0]?.split('.').at(-1);

test('a read of one resource of one patient, in full', () => {
  expect(toAuditEvent(record, { ...source, site: 'main building' })).toEqual({
    resourceType: 'AuditEvent',
    id: '17',
    meta: {
      versionId: '1',
      lastUpdated: '2026-11-22T10:00:00.000Z',
      profile: ['https://profiles.ihe.net/ITI/BALP/StructureDefinition/IHE.BasicAudit.PatientRead'],
    },
    type: {
      system: 'http://terminology.hl7.org/CodeSystem/audit-event-type',
      code: 'rest',
      display: 'RESTful Operation',
    },
    subtype: [{ system: 'http://hl7.org/fhir/restful-interaction', code: 'read', display: 'read' }],
    action: 'R',
    recorded: '2026-11-22T10:00:00.000Z',
    outcome: '0',
    agent: [
      {
        type: {
          coding: [
            {
              system: 'http://dicom.nema.org/resources/ontology/DCM',
              code: '110152',
              display: 'Destination Role ID',
            },
          ],
        },
        who: { identifier: { value: 'ward' } },
        requestor: false,
        network: { address: '10.0.0.1', type: '2' },
      },
      {
        type: {
          coding: [
            { system: 'http://dicom.nema.org/resources/ontology/DCM', code: '110153', display: 'Source Role ID' },
          ],
        },
        who: { identifier: { value: 'https://vesta.example/fhir' } },
        requestor: false,
        network: { address: 'https://vesta.example/fhir', type: '5' },
      },
      {
        type: {
          coding: [
            {
              system: 'http://terminology.hl7.org/CodeSystem/v3-ParticipationType',
              code: 'IRCP',
              display: 'information recipient',
            },
          ],
        },
        who: { identifier: { value: 'nurse' } },
        requestor: true,
      },
    ],
    source: {
      site: 'main building',
      observer: { identifier: { value: 'https://vesta.example/fhir' } },
      type: [
        {
          system: 'http://terminology.hl7.org/CodeSystem/security-source-type',
          code: '4',
          display: 'Application Server',
        },
      ],
    },
    entity: [
      {
        what: { identifier: { value: 'r1' } },
        type: { system: 'https://profiles.ihe.net/ITI/BALP/CodeSystem/BasicAuditEntityType', code: 'XrequestId' },
      },
      {
        what: { reference: 'Observation/o/_history/2' },
        type: {
          system: 'http://terminology.hl7.org/CodeSystem/audit-entity-type',
          code: '2',
          display: 'System Object',
        },
        role: { system: 'http://terminology.hl7.org/CodeSystem/object-role', code: '4', display: 'Domain Resource' },
      },
      {
        what: { reference: 'Patient/p' },
        type: { system: 'http://terminology.hl7.org/CodeSystem/audit-entity-type', code: '1', display: 'Person' },
        role: { system: 'http://terminology.hl7.org/CodeSystem/object-role', code: '1', display: 'Patient' },
      },
    ],
  });
});

test.each([
  ['create', '110153', '110152', 'AUT'],
  ['update', '110153', '110152', 'AUT'],
  ['patch', '110153', '110152', 'AUT'],
  ['read', '110152', '110153', 'IRCP'],
  ['vread', '110152', '110153', 'IRCP'],
  ['history-instance', '110152', '110153', 'IRCP'],
  ['delete', '110150', 'custodian', 'AUT'],
  ['search-type', '110153', '110152', 'IRCP'],
  ['transaction', '110153', '110152', 'IRCP'],
])('the roles in %s are %s, %s and %s', (interaction, ...roles) => {
  const { agent } = eventOf({ ...record, interaction });
  expect(agent.map(({ type }) => type.coding[0]?.code)).toEqual(roles);
  expect(agent.map(({ requestor }) => requestor)).toEqual([false, false, true]);
});

test('a query is base64 of exactly what was asked, without a resource', () => {
  const { entity } = eventOf(search);
  const query = entity.find(({ role }) => role?.code === '24');
  expect(query).not.toHaveProperty('what');
  expect(Buffer.from(query?.query ?? '', 'base64').toString()).toBe('Observation?code=8867-4&patient=Ä');
});

test('a search of the whole system without parameters has a query all the same', () => {
  const { query: _, resourceType: __, ...rest } = search;
  const { entity } = eventOf({ ...rest, interaction: 'search-system' });
  expect(entity.find(({ role }) => role?.code === '24')?.query).toBe(Buffer.from('?').toString('base64'));
});

describe('the profile', () => {
  test.each([
    ['create', 'PatientCreate'],
    ['read', 'PatientRead'],
    ['vread', 'PatientRead'],
    ['update', 'PatientUpdate'],
    ['patch', 'PatientUpdate'],
    ['delete', 'PatientDelete'],
    ['history-instance', undefined],
    ['transaction', undefined],
    ['$everything', undefined],
  ])('of %s is %s', (interaction, profile) => {
    expect(profileOf({ ...record, interaction })).toBe(profile);
  });

  test('of a search is PatientQuery', () => {
    expect(profileOf(search)).toBe('PatientQuery');
  });

  test('without a patient is the plain one', () => {
    const { patient: _, ...rest } = record;
    expect(profileOf(rest)).toBe('Read');
  });

  test.each<[string, StoredAuditRecord]>([
    ['a failure', { ...record, outcome: '4', status: 403 }],
    ['a write without a resource', withoutResource({ ...record, interaction: 'create' })],
    ['a conditional write', { ...record, interaction: 'update', query: 'identifier=x' }],
    ['a request from nowhere', { ...record, address: '' }],
  ])('is not claimed for %s', (_, changed) => {
    expect(profileOf(changed)).toBeUndefined();
  });
});

test('a failure says its HTTP status', () => {
  expect(eventOf({ ...record, outcome: '4', status: 403 }).outcomeDesc).toBe('HTTP 403');
  expect(eventOf(record)).not.toHaveProperty('outcomeDesc');
});

test('an operation is the interaction operation, under its name', () => {
  expect(eventOf({ ...record, interaction: '$everything' }).subtype).toEqual([
    { system: 'http://hl7.org/fhir/restful-interaction', code: 'operation', display: '$everything' },
  ]);
});

test('what was refused before it was recognised has no subtype', () => {
  expect(eventOf({ ...record, interaction: 'unknown', outcome: '4' })).not.toHaveProperty('subtype');
});

test('an address that is not known makes no empty element', () => {
  expect(eventOf({ ...record, address: '' }).agent[0]).not.toHaveProperty('network');
});

describe('R4', () => {
  const validate = bundledValidator();
  const { patient: _, ...withoutPatient } = record;
  const bare = withoutResource(withoutPatient);

  test.each<[string, StoredAuditRecord]>([
    ...['create', 'read', 'vread', 'update', 'patch', 'delete', 'history-instance'].map(
      (interaction): [string, StoredAuditRecord] => [interaction, { ...record, interaction }],
    ),
    ['a search', search],
    ['a search of everything', { ...bare, interaction: 'search-system' }],
    ['a transaction', { ...bare, interaction: 'transaction', action: 'E' }],
    ['an operation', { ...record, interaction: '$everything', action: 'E' }],
    ['an IPv6 address', { ...record, address: '2001:db8::1' }],
    ['an unknown address', { ...record, address: '' }],
    ['a refusal', { ...bare, interaction: 'unknown', action: 'E', outcome: '4', status: 401, agent: 'anonymous' }],
    ['a failure', { ...record, outcome: '8', status: 503 }],
  ])('allows the event of %s', (_, one) => {
    expect(validate(toAuditEvent(one, source))).toEqual([]);
  });
});
