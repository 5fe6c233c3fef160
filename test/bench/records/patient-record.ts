/** The record of one patient in 50 resources, in the mix of types that Synthea's transactions have. https://hl7.org/fhir/R4/http.html#transaction */
import { randomUUID } from 'node:crypto';
import { makeTransaction, type BundleEntry } from './bundle.ts';
import { vitalSigns } from './codes.ts';
import { makeEncounter } from './encounter.ts';
import { makeVitalSign, randomInstant } from './observation.ts';
import { makePatient, randomPerson } from './patient.ts';
import type { Random } from './random.ts';
import * as visit from './visit.ts';

/** Resources in each record. */
export const recordSize = 50;
const visits = 3;

const entryOf = (resource: object, fullUrl = `urn:uuid:${randomUUID()}`): BundleEntry => ({ fullUrl, resource });

/** One of each for every visit. */
const ofEachVisit = [
  visit.makeCondition,
  visit.makeClaim,
  visit.makeExplanationOfBenefit,
  visit.makeDiagnosticReport,
  visit.makeDocumentReference,
  visit.makeImmunization,
  visit.makeProcedure,
  visit.makeMedicationRequest,
];

function careProviders(organization: string, practitioner: string): readonly BundleEntry[] {
  const npi = { system: 'http://hl7.org/fhir/sid/us-npi', value: randomUUID() };
  return [
    entryOf({ resourceType: 'Organization', identifier: [npi], active: true, name: 'PCP11647' }, organization),
    entryOf(
      {
        resourceType: 'Practitioner',
        identifier: [npi],
        active: true,
        name: [{ family: 'Shanahan', given: ['Julianna'], prefix: ['Dr.'] }],
        gender: 'female',
      },
      practitioner,
    ),
  ];
}

function visitEntries(context: visit.VisitContext, random: Random): readonly BundleEntry[] {
  return [
    entryOf(makeEncounter(context, random), context.encounter),
    ...ofEachVisit.map((make) => entryOf(make(context, random))),
    entryOf(makeVitalSign(random.pick(vitalSigns), context, random)),
  ];
}

/** Makes a whole record, new at each call. */
export function makePatientRecord(random: Random): object {
  const [patient, organization, practitioner] = [0, 1, 2].map(() => `urn:uuid:${randomUUID()}`) as [
    string,
    string,
    string,
  ];
  const contexts = Array.from({ length: visits }, () => ({
    patient,
    organization,
    practitioner,
    encounter: `urn:uuid:${randomUUID()}`,
    time: randomInstant(random),
    identifier: randomUUID(),
  }));
  const entries = [
    entryOf(makePatient(randomPerson(random), random), patient),
    ...careProviders(organization, practitioner),
    ...contexts.flatMap((context) => visitEntries(context, random)),
  ];
  const more = Array.from({ length: recordSize - entries.length }, () =>
    entryOf(makeVitalSign(random.pick(vitalSigns), random.pick(contexts), random)),
  );
  return makeTransaction([...entries, ...more]);
}
