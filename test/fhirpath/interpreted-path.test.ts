import { fileURLToPath } from 'node:url';
import { describe, expect, jest, test } from '@jest/globals';
import { loadDefinitions } from '../../src/definitions/load-definitions.ts';
import { interpretPath } from '../../src/fhirpath/interpreted-path.ts';

const { elements } = loadDefinitions(fileURLToPath(new URL('../../schemas/r4', import.meta.url)));

const patient = {
  resourceType: 'Patient',
  id: 'p',
  birthDate: '2000-02-28',
  _birthDate: { extension: [{ url: 'http://time', valueDateTime: '2000-02-28T10:00:00Z' }] },
  multipleBirthInteger: 2,
  name: [{ family: 'Ames', given: ['Ann', 'Bea'] }],
  generalPractitioner: [{ reference: 'Organization/o' }, { reference: 'http://198.51.100.1/fhir/Practitioner/b' }],
  extension: [
    { url: 'http://a', valueString: 'one' },
    { url: 'http://a', valueDecimal: 1.5 },
  ],
};

function found(expression: string, resource: object = patient): unknown[] {
  const values: unknown[] = [];
  interpretPath(expression, 'Patient', elements).evaluate(resource, (value, type) => values.push([type, value]));
  return values;
}

describe('interpretPath', () => {
  test.each<[string, unknown[]]>([
    ['Patient.name.family.upper()', [['string', 'AMES']]],
    [
      "Patient.name.given.select($this & '!')",
      [
        ['string', 'Ann!'],
        ['string', 'Bea!'],
      ],
    ],
    ['Patient.name.count()', [['integer', 1]]],
    ['Patient.multipleBirth', [['integer', 2]]],
    [
      'Patient.extension.value',
      [
        ['string', 'one'],
        ['decimal', 1.5],
      ],
    ],
    ['(Patient.extension.value as string)', [['string', 'one']]],
    ['Patient.extension.value.as(decimal)', [['decimal', 1.5]]],
    ["Patient.birthDate.extension('http://time').value", [['dateTime', '2000-02-28T10:00:00Z']]],
    ['Patient.birthDate + 1 day', [['date', '2000-02-29']]],
    ['%resource.id', [['string', 'p']]],
    ['Patient.generalPractitioner.where(resolve() is Organization).reference', [['string', 'Organization/o']]],
    ['Practitioner.name.count() | Patient.name.count()', [['integer', 1]]],
  ])('%s', (expression, expected) => {
    expect(found(expression)).toEqual(expected);
  });

  test('what a resource makes impossible yields nothing', () => {
    expect(found('Patient.name.given.upper()')).toEqual([]);
  });

  test('nothing is fetched', () => {
    const fetched = jest.spyOn(globalThis, 'fetch').mockRejectedValue(new Error('no network'));
    expect(found('Patient.generalPractitioner.resolve().name')).toEqual([]);
    expect(found("Patient.name.given.where(memberOf('http://198.51.100.1/ValueSet/v'))")).toEqual([]);
    expect(fetched).not.toHaveBeenCalled();
    fetched.mockRestore();
  });

  test('nothing is printed', () => {
    const printed = jest.spyOn(console, 'log').mockReturnValue(undefined);
    expect(found("Patient.name.family.trace('family')")).toEqual([['string', 'Ames']]);
    expect(printed).not.toHaveBeenCalled();
    printed.mockRestore();
  });

  test('the resource stays as it was', () => {
    const before = structuredClone(patient);
    found('Patient.extension.value | Patient.descendants()');
    expect(patient).toEqual(before);
  });

  test('a text that is no FHIRPath is refused', () => {
    expect(() => interpretPath('Patient..name', 'Patient', elements)).toThrow('position 8');
  });
});
