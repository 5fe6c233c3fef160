/** Visits as Synthea makes them, some 1 KB. https://hl7.org/fhir/R4/encounter.html */
import { concept, encounterTypes } from './codes.ts';
import type { Random } from './random.ts';

export interface EncounterContext {
  readonly patient: string;
  readonly practitioner?: string;
  readonly organization?: string;
  /** ISO instant. */
  readonly time: string;
  readonly identifier: string;
}

function participant(practitioner: string, time: string): object {
  const primaryPerformer = {
    coding: [
      {
        system: 'http://terminology.hl7.org/CodeSystem/v3-ParticipationType',
        code: 'PPRF',
        display: 'primary performer',
      },
    ],
    text: 'primary performer',
  };
  return {
    type: [primaryPerformer],
    period: { start: time, end: time },
    individual: { reference: practitioner, display: 'Dr. Julianna Shanahan' },
  };
}

export function makeEncounter(context: EncounterContext, random: Random): object {
  const { patient, practitioner, organization, time, identifier } = context;
  return {
    resourceType: 'Encounter',
    meta: { profile: ['http://hl7.org/fhir/us/core/StructureDefinition/us-core-encounter'] },
    identifier: [{ use: 'official', system: 'https://example.org/visit-number', value: identifier }],
    status: 'finished',
    class: { system: 'http://terminology.hl7.org/CodeSystem/v3-ActCode', code: 'AMB' },
    type: [concept(random.pick(encounterTypes))],
    subject: { reference: patient, display: 'Neomi Hand' },
    ...(practitioner && { participant: [participant(practitioner, time)] }),
    period: { start: time, end: time },
    ...(organization && { serviceProvider: { reference: organization, display: 'PCP11647' } }),
  };
}
