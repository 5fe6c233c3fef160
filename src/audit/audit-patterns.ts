/** The codes of audit events and, for each interaction, the roles its agents play. https://profiles.ihe.net/ITI/BALP/content.html */

export interface Coding {
  readonly system: string;
  readonly code: string;
  readonly display?: string;
}

/** How the events of one interaction look. */
export interface AuditPattern {
  /** Absent when the request was refused before it was known what it wanted. */
  readonly subtype?: Coding;
  readonly client: Coding;
  readonly server: Coding;
  readonly user: Coding;
  /** Name of the BALP profile without `Patient`, where there is one. */
  readonly profile?: string;
  /** True when the event is about a query rather than a resource. */
  readonly searches: boolean;
}

const coding = (system: string, code: string, display: string): Coding => ({ system, code, display });
const hl7 = (name: string, code: string, display: string): Coding =>
  coding(`http://terminology.hl7.org/CodeSystem/${name}`, code, display);
const dicom = (code: string, display: string): Coding =>
  coding('http://dicom.nema.org/resources/ontology/DCM', code, display);

export const codes = {
  rest: hl7('audit-event-type', 'rest', 'RESTful Operation'),
  applicationServer: hl7('security-source-type', '4', 'Application Server'),
  person: hl7('audit-entity-type', '1', 'Person'),
  systemObject: hl7('audit-entity-type', '2', 'System Object'),
  patient: hl7('object-role', '1', 'Patient'),
  domainResource: hl7('object-role', '4', 'Domain Resource'),
  query: hl7('object-role', '24', 'Query'),
  requestId: { system: 'https://profiles.ihe.net/ITI/BALP/CodeSystem/BasicAuditEntityType', code: 'XrequestId' },
} as const satisfies Readonly<Record<string, Coding>>;

const application = dicom('110150', 'Application');
const destination = dicom('110152', 'Destination Role ID');
const source = dicom('110153', 'Source Role ID');
const custodian = hl7('provenance-participant-type', 'custodian', 'Custodian');
const author = hl7('v3-ParticipationType', 'AUT', 'author (originator)');
const recipient = hl7('v3-ParticipationType', 'IRCP', 'information recipient');

type Roles = Pick<AuditPattern, 'client' | 'server' | 'user'>;

/** The client sends data to the server. */
const writing: Roles = { client: source, server: destination, user: author };
/** The server sends data to the client. */
const reading: Roles = { client: destination, server: source, user: recipient };
/** The client sends a query; BALP counts its parameters, not what comes back. */
const querying: Roles = { client: source, server: destination, user: recipient };
const deleting: Roles = { client: application, server: custodian, user: author };

interface Shape {
  readonly roles: Roles;
  readonly profile?: string;
  readonly searches?: boolean;
}

const shapes: ReadonlyMap<string, Shape> = new Map<string, Shape>([
  ['create', { roles: writing, profile: 'Create' }],
  ['read', { roles: reading, profile: 'Read' }],
  ['vread', { roles: reading, profile: 'Read' }],
  ['update', { roles: writing, profile: 'Update' }],
  ['patch', { roles: writing, profile: 'Update' }],
  ['delete', { roles: deleting, profile: 'Delete' }],
  ['search-type', { roles: querying, profile: 'Query', searches: true }],
  ['search-system', { roles: querying, profile: 'Query', searches: true }],
  ['history-instance', { roles: reading }],
  ['history-type', { roles: reading }],
  ['history-system', { roles: reading }],
  ['capabilities', { roles: reading }],
]);

/** Batches, transactions, operations and whatever could not be recognised: the client sends, the user may do either. */
const otherShape: Shape = { roles: querying };

/** The codes of https://hl7.org/fhir/R4/valueset-restful-interaction.html beside those with a shape of their own. */
const otherInteractions: ReadonlySet<string> = new Set(['batch', 'transaction', 'operation']);

function subtypeOf(interaction: string): Coding | undefined {
  const isOperation = interaction.startsWith('$');
  if (!isOperation && !shapes.has(interaction) && !otherInteractions.has(interaction)) return undefined;
  return coding('http://hl7.org/fhir/restful-interaction', isOperation ? 'operation' : interaction, interaction);
}

function makePattern(interaction: string): AuditPattern {
  const { roles, profile, searches = false } = shapes.get(interaction) ?? otherShape;
  const subtype = subtypeOf(interaction);
  return { ...roles, searches, ...(subtype && { subtype }), ...(profile !== undefined && { profile }) };
}

const patterns: ReadonlyMap<string, AuditPattern> = new Map(
  [...shapes.keys(), ...otherInteractions].map((interaction) => [interaction, makePattern(interaction)]),
);

/** How events of an interaction look; operations have their name (`$everything`) as the display. */
export function patternOf(interaction: string): AuditPattern {
  return patterns.get(interaction) ?? makePattern(interaction);
}
