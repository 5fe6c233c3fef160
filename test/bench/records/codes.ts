/** Codes that real records are full of. https://loinc.org, https://www.snomed.org */

export interface Code {
  readonly system: string;
  readonly code: string;
  readonly display: string;
}

export interface VitalSign extends Code {
  readonly unit: string;
  /** UCUM. */
  readonly unitCode: string;
  readonly low: number;
  readonly high: number;
}

const loinc = 'http://loinc.org';
const snomed = 'http://snomed.info/sct';

function vitalSign(code: string, display: string, [unit, unitCode]: [string, string], range: [number, number]) {
  return { system: loinc, code, display, unit, unitCode, low: range[0], high: range[1] } satisfies VitalSign;
}

export const vitalSigns: readonly [VitalSign, ...VitalSign[]] = [
  vitalSign('8867-4', 'Heart rate', ['/min', '/min'], [48, 120]),
  vitalSign('8302-2', 'Body height', ['cm', 'cm'], [90, 205]),
  vitalSign('29463-7', 'Body weight', ['kg', 'kg'], [12, 140]),
  vitalSign('8310-5', 'Body temperature', ['Cel', 'Cel'], [35, 40]),
  vitalSign('9279-1', 'Respiratory rate', ['/min', '/min'], [9, 32]),
];

const snomedCode = (code: string, display: string): Code => ({ system: snomed, code, display });

export const conditions: readonly Code[] = [
  snomedCode('59621000', 'Essential hypertension (disorder)'),
  snomedCode('44054006', 'Diabetes mellitus type 2 (disorder)'),
  snomedCode('195662009', 'Acute viral pharyngitis (disorder)'),
  snomedCode('10509002', 'Acute bronchitis (disorder)'),
  snomedCode('162864005', 'Body mass index 30+ - obesity (finding)'),
];

export const procedures: readonly Code[] = [
  snomedCode('430193006', 'Medication reconciliation (procedure)'),
  snomedCode('710824005', 'Assessment of health and social care needs (procedure)'),
  snomedCode('171207006', 'Depression screening (procedure)'),
];

export const medications: readonly Code[] = [
  { system: 'http://www.nlm.nih.gov/research/umls/rxnorm', code: '314076', display: 'lisinopril 10 MG Oral Tablet' },
  {
    system: 'http://www.nlm.nih.gov/research/umls/rxnorm',
    code: '860975',
    display: '24 HR metformin hydrochloride 500 MG Extended Release Oral Tablet',
  },
];

export const vaccines: readonly Code[] = [
  {
    system: 'http://hl7.org/fhir/sid/cvx',
    code: '140',
    display: 'Influenza, seasonal, injectable, preservative free',
  },
  { system: 'http://hl7.org/fhir/sid/cvx', code: '113', display: 'Td (adult) preservative free' },
];

export const encounterTypes: readonly Code[] = [
  snomedCode('162673000', 'General examination of patient (procedure)'),
  snomedCode('185345009', 'Encounter for symptom (procedure)'),
  snomedCode('390906007', 'Follow-up encounter (procedure)'),
];

/** A CodeableConcept of one code. */
export function concept({ system, code, display }: Code): object {
  return { coding: [{ system, code, display }], text: display };
}

/** A CodeableConcept of a code of HL7's terminology. */
export function hl7Concept(codeSystem: string, code: string): object {
  return { coding: [{ system: `http://terminology.hl7.org/CodeSystem/${codeSystem}`, code }] };
}
