/** Patients of the size and shape that Synthea makes, 2–2.5 KB. https://hl7.org/fhir/R4/patient.html */
import { randomUUID } from 'node:crypto';
import { hl7Concept } from './codes.ts';
import type { Random } from './random.ts';

/** What searches look for. */
export interface PersonFacts {
  readonly family: string;
  readonly given: string;
  readonly gender: 'female' | 'male';
  readonly birthDate: string;
  readonly identifier: string;
}

export const patientIdentifierSystem = 'https://example.org/medical-record-number';

const familyStarts = ['Ander', 'Berg', 'Castil', 'Dick', 'Eller', 'Fried', 'Gold', 'Hart', 'Jacob', 'Lind'];
const familyEnds = ['son', 'mann', 'lo', 'ens', 'berg', 'rich', 'stein', 'well', 'sen', 'quist'];
const givenNames = ['Neomi', 'Ollie', 'Porsha', 'Ramona', 'Ursula', 'Wally', 'Abel', 'Carmen', 'Dagny', 'Elif'];
const cities = ['Lowell', 'Boston', 'Quincy', 'Salem', 'Worcester', 'Cambridge'];

const twoDigits = (number: number): string => String(number).padStart(2, '0');

/** A hundred family names with a number from 0 to 9 make a thousand, so that a name belongs to a few of 2,000 patients. */
export function randomPerson(random: Random): PersonFacts {
  const month = twoDigits(1 + random.below(12));
  return {
    family: `${random.pick(familyStarts)}${random.pick(familyEnds)}${random.below(10)}`,
    given: `${random.pick(givenNames)}${random.below(1_000)}`,
    gender: random.pick(['female', 'male']),
    birthDate: `${1930 + random.below(90)}-${month}-${twoDigits(1 + random.below(28))}`,
    identifier: randomUUID(),
  };
}

function usCoreExtensions({ gender }: PersonFacts, city: string): object[] {
  const usCore = 'http://hl7.org/fhir/us/core/StructureDefinition';
  const race = { system: 'urn:oid:2.16.840.1.113883.6.238', code: '2106-3', display: 'White' };
  return [
    {
      url: `${usCore}/us-core-race`,
      extension: [
        { url: 'ombCategory', valueCoding: race },
        { url: 'text', valueString: 'White' },
      ],
    },
    { url: `${usCore}/us-core-birthsex`, valueCode: gender === 'female' ? 'F' : 'M' },
    {
      url: 'http://hl7.org/fhir/StructureDefinition/patient-birthPlace',
      valueAddress: { city, state: 'Massachusetts', country: 'US' },
    },
    {
      url: 'http://synthetichealth.github.io/synthea/quality-adjusted-life-years',
      valueDecimal: 41.25,
    },
  ];
}

function identifiers({ identifier }: PersonFacts, random: Random): object[] {
  const number = () => String(100_000_000 + random.below(900_000_000));
  return [
    { type: hl7Concept('v2-0203', 'MR'), system: patientIdentifierSystem, value: identifier },
    { type: hl7Concept('v2-0203', 'SS'), system: 'http://hl7.org/fhir/sid/us-ssn', value: number() },
    { type: hl7Concept('v2-0203', 'DL'), system: 'urn:oid:2.16.840.1.113883.4.3.25', value: `S${number()}` },
  ];
}

export function makePatient(person: PersonFacts, random: Random): object {
  const city = random.pick(cities);
  return {
    resourceType: 'Patient',
    meta: { profile: ['http://hl7.org/fhir/us/core/StructureDefinition/us-core-patient'] },
    text: {
      status: 'generated',
      div: '<div xmlns="http://www.w3.org/1999/xhtml">A patient made up for measuring.</div>',
    },
    extension: usCoreExtensions(person, city),
    identifier: identifiers(person, random),
    active: true,
    name: [{ use: 'official', family: person.family, given: [person.given], prefix: ['Mx.'] }],
    telecom: [{ system: 'phone', value: `555-${100 + random.below(900)}-${1_000 + random.below(9_000)}`, use: 'home' }],
    gender: person.gender,
    birthDate: person.birthDate,
    address: [
      {
        line: [`${1 + random.below(999)} Main Street Unit ${1 + random.below(90)}`],
        city,
        state: 'MA',
        postalCode: `0${1_000 + random.below(9_000)}`,
        country: 'US',
      },
    ],
    maritalStatus: hl7Concept('v3-MaritalStatus', random.pick(['M', 'S'])),
    multipleBirthBoolean: false,
    communication: [
      {
        language: {
          coding: [{ system: 'urn:ietf:bcp:47', code: 'en-US', display: 'English (United States)' }],
          text: 'English (United States)',
        },
      },
    ],
  };
}
