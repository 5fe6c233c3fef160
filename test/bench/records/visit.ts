/** What a visit leaves behind in the books: diagnoses, reports, orders and bills in Synthea's shape. https://hl7.org/fhir/R4/resourcelist.html */
import { concept, conditions, encounterTypes, hl7Concept, medications, procedures, vaccines } from './codes.ts';
import type { Belonging } from './observation.ts';
import type { Random } from './random.ts';

export interface VisitContext extends Belonging {
  readonly practitioner: string;
  readonly organization: string;
  /** ISO instant. */
  readonly time: string;
  readonly identifier: string;
}

type Make = (context: VisitContext, random: Random) => object;

const usCore = (name: string) => ({ profile: [`http://hl7.org/fhir/us/core/StructureDefinition/us-core-${name}`] });
const note = { system: 'http://loinc.org', code: '34117-2', display: 'History and physical note' };
const noteText = Buffer.from(`# Chief Complaint\nNo complaints.\n\n${'# History of Present Illness\n'.repeat(12)}`);
const attachment = { contentType: 'text/plain; charset=utf-8', data: noteText.toString('base64') };
const dollars = (random: Random) => ({ value: Number((50 + random.fraction() * 900).toFixed(2)), currency: 'USD' });

export const makeCondition: Make = ({ patient, encounter, time }, random) => ({
  resourceType: 'Condition',
  meta: usCore('condition'),
  clinicalStatus: hl7Concept('condition-clinical', 'active'),
  verificationStatus: hl7Concept('condition-ver-status', 'confirmed'),
  category: [hl7Concept('condition-category', 'encounter-diagnosis')],
  code: concept(random.pick(conditions)),
  subject: { reference: patient },
  encounter: { reference: encounter },
  onsetDateTime: time,
  recordedDate: time,
});

export const makeProcedure: Make = ({ patient, encounter, time }, random) => ({
  resourceType: 'Procedure',
  status: 'completed',
  code: concept(random.pick(procedures)),
  subject: { reference: patient },
  encounter: { reference: encounter },
  performedPeriod: { start: time, end: time },
});

export const makeImmunization: Make = ({ patient, encounter, time }, random) => ({
  resourceType: 'Immunization',
  meta: usCore('immunization'),
  status: 'completed',
  vaccineCode: concept(random.pick(vaccines)),
  patient: { reference: patient },
  encounter: { reference: encounter },
  occurrenceDateTime: time,
  primarySource: true,
});

export const makeMedicationRequest: Make = ({ patient, encounter, practitioner, time }, random) => ({
  resourceType: 'MedicationRequest',
  meta: usCore('medicationrequest'),
  status: 'active',
  intent: 'order',
  medicationCodeableConcept: concept(random.pick(medications)),
  subject: { reference: patient },
  encounter: { reference: encounter },
  authoredOn: time,
  requester: { reference: practitioner, display: 'Dr. Julianna Shanahan' },
  dosageInstruction: [
    {
      sequence: 1,
      text: 'Take as needed.',
      asNeededBoolean: false,
      timing: { repeat: { frequency: 1, period: 1, periodUnit: 'd' } },
      doseAndRate: [{ doseQuantity: { value: 1 } }],
    },
  ],
});

export const makeDiagnosticReport: Make = ({ patient, encounter, practitioner, time }) => ({
  resourceType: 'DiagnosticReport',
  meta: usCore('diagnosticreport-note'),
  status: 'final',
  category: [{ coding: [note] }],
  code: { coding: [note] },
  subject: { reference: patient },
  encounter: { reference: encounter },
  effectiveDateTime: time,
  issued: time,
  performer: [{ reference: practitioner, display: 'Dr. Julianna Shanahan' }],
  presentedForm: [attachment],
});

export const makeDocumentReference: Make = (context) => ({
  resourceType: 'DocumentReference',
  meta: usCore('documentreference'),
  identifier: [{ system: 'https://example.org/document', value: context.identifier }],
  status: 'current',
  type: { coding: [note] },
  category: [
    {
      coding: [
        {
          system: 'http://hl7.org/fhir/us/core/CodeSystem/us-core-documentreference-category',
          code: 'clinical-note',
          display: 'Clinical Note',
        },
      ],
    },
  ],
  subject: { reference: context.patient },
  date: context.time,
  author: [{ reference: context.practitioner, display: 'Dr. Julianna Shanahan' }],
  custodian: { reference: context.organization, display: 'PCP11647' },
  content: [{ attachment }],
  context: { encounter: [{ reference: context.encounter }], period: { start: context.time, end: context.time } },
});

export const makeClaim: Make = ({ patient, encounter, organization, time }, random) => ({
  resourceType: 'Claim',
  status: 'active',
  type: hl7Concept('claim-type', 'institutional'),
  use: 'claim',
  patient: { reference: patient, display: 'Neomi Hand' },
  billablePeriod: { start: time, end: time },
  created: time,
  provider: { reference: organization, display: 'PCP11647' },
  priority: hl7Concept('processpriority', 'normal'),
  insurance: [{ sequence: 1, focal: true, coverage: { display: 'Blue Cross Blue Shield' } }],
  item: [
    { sequence: 1, productOrService: concept(random.pick(encounterTypes)), encounter: [{ reference: encounter }] },
    { sequence: 2, productOrService: concept(random.pick(procedures)), net: dollars(random) },
  ],
  total: dollars(random),
});

const benefitItem = (sequence: number, { encounter, time }: VisitContext, random: Random) => ({
  sequence,
  category: hl7Concept('ex-benefitcategory', '1'),
  productOrService: concept(random.pick(procedures)),
  servicedPeriod: { start: time, end: time },
  ...(sequence === 1 && { encounter: [{ reference: encounter }] }),
  net: dollars(random),
  adjudication: ['submitted', 'copay', 'eligible', 'deductible', 'benefit'].map((code) => ({
    category: hl7Concept('adjudication', code),
    amount: dollars(random),
  })),
});

export const makeExplanationOfBenefit: Make = (context, random) => ({
  resourceType: 'ExplanationOfBenefit',
  contained: [
    {
      resourceType: 'Coverage',
      id: 'coverage',
      status: 'active',
      type: { text: 'Blue Cross Blue Shield' },
      beneficiary: { reference: context.patient },
      payor: [{ display: 'Blue Cross Blue Shield' }],
    },
  ],
  identifier: [{ system: 'https://example.org/claim', value: context.identifier }],
  status: 'active',
  type: hl7Concept('claim-type', 'institutional'),
  use: 'claim',
  patient: { reference: context.patient },
  billablePeriod: { start: context.time, end: context.time },
  created: context.time,
  insurer: { display: 'Blue Cross Blue Shield' },
  provider: { reference: context.practitioner },
  outcome: 'complete',
  insurance: [{ focal: true, coverage: { reference: '#coverage', display: 'Blue Cross Blue Shield' } }],
  item: [1, 2].map((sequence) => benefitItem(sequence, context, random)),
  total: [{ category: hl7Concept('adjudication', 'submitted'), amount: dollars(random) }],
  payment: { amount: dollars(random) },
});
