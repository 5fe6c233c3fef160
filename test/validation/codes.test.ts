/** What codes, units and displays may be, beside required bindings. https://hl7.org/fhir/R4/terminologies.html */
import { describe, expect, it, test } from '@jest/globals';
import type { Resource } from '../../src/fhir/resource.ts';
import { bundledValidator } from '../support/validator.ts';

type Json = Readonly<Record<string, unknown>>;

const units = {
  resourceType: 'StructureDefinition',
  url: 'http://a.example/units',
  name: 'Units',
  status: 'active',
  kind: 'resource',
  abstract: false,
  type: 'Observation',
  baseDefinition: 'http://hl7.org/fhir/StructureDefinition/Observation',
  derivation: 'constraint',
  differential: {
    element: [
      { id: 'Observation', path: 'Observation' },
      {
        id: 'Observation.value[x]',
        path: 'Observation.value[x]',
        type: [{ code: 'Quantity' }],
        binding: { strength: 'required', valueSet: 'http://hl7.org/fhir/ValueSet/ucum-units' },
      },
    ],
  },
};

const validate = bundledValidator([units]);

const observation = (fields: Json): Resource => ({
  resourceType: 'Observation',
  status: 'final',
  text: { status: 'generated', div: '<div xmlns="http://www.w3.org/1999/xhtml">x</div>' },
  code: { text: 'x' },
  ...fields,
});

/** Issues as `severity code expression`. */
const problems = (resource: Resource, profiles: readonly string[] = []): readonly string[] =>
  validate(resource, { level: 'warning', profiles }).map(
    ({ severity, code, expression }) => `${severity} ${code} ${expression?.join()}`,
  );

describe('a system', () => {
  test.each<[string, Json, readonly string[]]>([
    ['of a coding that is absolute', { method: { coding: [{ system: 'http://a.example', code: 'x' }] } }, []],
    ['of a coding that is a urn', { method: { coding: [{ system: 'urn:oid:1.2.3', code: 'x' }] } }, []],
    [
      'of a coding that is relative',
      { method: { coding: [{ system: 'methods', code: 'x' }] } },
      ['warning value Observation.method.coding[0].system'],
    ],
    [
      'of a unit that is relative',
      { valueQuantity: { value: 1, system: 'units', code: 'x' } },
      ['warning value Observation.value.system'],
    ],
    ['of an identifier that is absolute', { identifier: [{ system: 'http://a.example', value: 'x' }] }, []],
    [
      'of an identifier that is relative',
      { identifier: [{ system: 'mrn', value: 'x' }] },
      ['warning value Observation.identifier[0].system'],
    ],
  ])('%s', (_what, fields, expected) => {
    expect(problems(observation(fields))).toEqual(expected);
  });
});

describe('units of UCUM', () => {
  const quantity = (code: string): Json => ({ value: 1, system: 'http://unitsofmeasure.org', code });
  const warning = (expression: string): string => `warning code-invalid ${expression}`;

  test.each<[string, Json, readonly string[]]>([
    ['one that exists', { valueQuantity: quantity('mm[Hg]') }, []],
    ['one that does not', { valueQuantity: quantity('mmHg') }, [warning('Observation.value.code')]],
    [
      'one within a range',
      { referenceRange: [{ low: quantity('mg'), high: quantity('milligram') }] },
      [warning('Observation.referenceRange[0].high.code')],
    ],
    [
      'one that is a coding',
      { method: { coding: [{ system: 'http://unitsofmeasure.org', code: 'foo' }] } },
      [warning('Observation.method.coding[0].code')],
    ],
    ['one of another system', { valueQuantity: { value: 1, system: 'http://a.example', code: 'foo' } }, []],
  ])('%s', (_what, fields, expected) => {
    expect(problems(observation(fields))).toEqual(expected);
  });

  it('are an error where a profile requires one', () => {
    expect(problems(observation({ valueQuantity: quantity('mmHg') }), [units.url])).toContain(
      'error code-invalid Observation.value',
    );
    expect(problems(observation({ valueQuantity: quantity('mm[Hg]') }), [units.url])).toEqual([]);
  });
});
