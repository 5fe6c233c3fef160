import { describe, expect, test } from '@jest/globals';
import { loadDefinitions } from '../../../src/definitions/load-definitions.ts';
import { compileInvariant } from '../../../src/fhirpath/invariant/compile-invariant.ts';
import { isSafePattern } from '../../../src/fhir/safe-pattern.ts';

const { elements } = loadDefinitions('schemas/r4');

const patient = {
  resourceType: 'Patient',
  id: 'p',
  active: true,
  birthDate: '1974-12-25',
  _birthDate: { extension: [{ url: 'http://a.example/time', valueDateTime: '1974-12-25T14:35:45-05:00' }] },
  _gender: { extension: [{ url: 'http://a.example/why', valueCode: 'unknown' }] },
  name: [
    { use: 'official', family: 'Chalmers', given: ['Peter', 'James'], _given: [null, { id: 'g2' }] },
    { use: 'usual', given: ['Jim'] },
  ],
  contained: [{ resourceType: 'Organization', id: 'o', name: 'Acme' }],
  managingOrganization: { reference: '#o' },
  multipleBirthInteger: 2,
};

const context = {
  resource: patient,
  rootResource: patient,
  resolve: (reference: string) => (reference === '#o' ? patient.contained[0] : undefined),
  memberOf: (_value: unknown, valueSet: string) => (valueSet === 'known' ? true : undefined),
};

const evaluate = (expression: string): boolean | undefined =>
  compileInvariant(expression, 'Patient', elements)(patient, context);

/** Each expression, and what it is of the patient above: true, false, or undefined for empty. */
const table: readonly (readonly [expression: string, expected: boolean | undefined])[] = [
  // existence
  ['name.exists()', true],
  ['photo.exists()', false],
  ['photo.empty()', true],
  ['gender.exists()', true],
  ['gender.hasValue()', false],
  ['birthDate.hasValue()', true],
  ["birthDate.extension('http://a.example/time').exists()", true],
  ["gender.extension('http://a.example/time').exists()", false],
  ['name.given.extension.exists()', false],
  ["name.given[1].id = 'g2'", true],
  ['Patient.name.family.exists()', true],
  ['Observation.value.exists()', false],
  ["name.exists(use = 'usual')", true],
  ['name.all(given.exists())', true],
  ['name.all(family.exists())', false],
  ['photo.all(url.exists())', true],
  ['multipleBirth.exists()', true],
  ['deceased.exists()', false],
  // logic with nothing
  ["active and photo.title = 'x'", undefined],
  ["active or photo.title = 'x'", true],
  ["active.not() and photo.title = 'x'", false],
  ["photo.title = 'x' implies active", true],
  ["active implies photo.title = 'x'", undefined],
  ['active xor active', false],
  ['{}', undefined],
  // filters and subsets
  ["name.where(use = 'official').given.count() = 2", true],
  ["name.select(given).first() = 'Peter'", true],
  ["name.given.last() = 'Jim'", true],
  ['name.given.tail().count() = 2', true],
  ["name.given.skip(1).take(1) = 'James'", true],
  ['name.given.isDistinct()', true],
  ['(name.given | name.given).count() = 3', true],
  ['name.given.combine(name.given).count() = 6', true],
  ['name.given.combine(name.given).isDistinct()', false],
  ["name.given.intersect('Jim' | 'Jack').count() = 1", true],
  ["name.given.exclude('Jim' | 'Jack').count() = 2", true],
  ["('Jim' | 'Peter').subsetOf(name.given)", true],
  ["name.given.supersetOf('Jack')", false],
  ["'Jim' in name.given", true],
  ["name.given contains 'Jack'", false],
  ["name[0].given[1] = 'James'", true],
  ['name[7].given.empty()', true],
  ['name.select($index = 1).last()', true],
  ['name.given.aggregate($total + 1, 0) = 3', true],
  ["iif(active, name[0].use, 'x') = 'official'", true],
  ['photo.iif(empty(), true, false)', true],
  // navigation
  ['descendants().where($this is Organization).exists()', true],
  ['children().ofType(HumanName).count() = 2', true],
  ["managingOrganization.resolve().name = 'Acme'", true],
  ['managingOrganization.resolve() is Organization', true],
  ['generalPractitioner.resolve().exists()', false],
  ["repeat(contained).id = 'o'", true],
  ['repeat(%resource).count() = 1', true],
  ["contained.where(('#' + id) in %resource.descendants().reference).count() = 1", true],
  ["contained.all(id in %resource.contained.where($this.id = 'o').id)", true],
  // types
  ['multipleBirth is integer', true],
  ['multipleBirth is Integer', true],
  ['multipleBirth is boolean', false],
  ['(multipleBirth as integer) > 1', true],
  ['multipleBirth.ofType(boolean).empty()', true],
  ['%resource is Patient', true],
  ['%resource is DomainResource', true],
  // comparison
  ['birthDate < @1980', true],
  ['birthDate < @1974', undefined],
  ['birthDate <= @1974-12-25', true],
  ['birthDate.extension.value <= @1974-12-25T19:35:45Z', true],
  ['1 < 2.0', true],
  ["'a' < 'b'", true],
  ["4 'mg' > 3 'mg'", true],
  ["4 'mg' > 3 'g'", undefined],
  ["'ABC  d' ~ 'abc d'", true],
  ["name.given ~ ('Jim' | 'James' | 'Peter')", true],
  ['name.given = name.given', true],
  ["name.given = 'Peter'", false],
  ['photo = photo', undefined],
  ['@T10:00:00 < @T10:00:00.5', true],
  ['@T10:00:00 = @T10:00:00.000', true],
  ['@T10:00 = @T10:00:30', undefined],
  ['@2020-05-01T10:00:00Z = @2020-05-01T12:00:00+02:00', true],
  ['@2020-05-01T10:00Z < @2020-05-01T10:00:30Z', undefined],
  ['@2020-05-01T10:00Z < @2020-05-01T10:01:30Z', true],
  ['@2020-13-45T10:00:00Z <= @2020-05-01T10:00:00Z', undefined],
  // texts and numbers
  ["name[0].family.startsWith('Ch')", true],
  ["name[0].family.endsWith('rs')", true],
  ["name[0].family.contains('alm')", true],
  ["name[0].family.matches('[A-Z][a-z]+')", true],
  ["name[0].family.matches('[A-Z]')", false],
  ["name[0].family.replace('Ch', 'K') = 'Kalmers'", true],
  ["name[0].family.replaceMatches('a.', '') = 'Chmers'", true],
  ["name[0].family.substring(2, 3) = 'alm'", true],
  ["name[0].family.indexOf('l') = 3", true],
  ['name[0].family.length() = 8', true],
  ["name[0].family.upper() = 'CHALMERS'", true],
  ["'5'.toInteger() + 2 = 7", true],
  ["'x'.toInteger().exists()", false],
  ["'5.5'.convertsToDecimal()", true],
  ["5.toString() & 'x' = '5x'", true],
  ["photo.title & 'x' = 'x'", true],
  ['7 div 2 = 3 and 7 mod 2 = 1', true],
  ['1 / 0', undefined],
  ['-1 < 0', true],
  // FHIR
  ["memberOf('known')", true],
  ["memberOf('other')", undefined],
  ['%"vs-languages" = \'http://hl7.org/fhir/ValueSet/languages\'', true],
  ["%ucum = 'http://unitsofmeasure.org'", true],
  // what cannot be evaluated is empty, not an error
  ["name.given.startsWith('P')", undefined],
  ['name + 1 = 2', undefined],
];

describe('an expression', () => {
  test.each(table)('%s is %s', (expression, expected) => {
    expect(evaluate(expression)).toBe(expected);
  });

  const unknown = ['name.frobnicate()', 'name.where()', '%nobody', 'name.ofType(1)'];

  test.each(unknown)('%s is refused when it is compiled', (expression) => {
    expect(() => compileInvariant(expression, 'Patient', elements)).toThrow();
  });
});

describe('a pattern', () => {
  const patterns: readonly (readonly [pattern: string, safe: boolean])[] = [
    ['[A-Z]([A-Za-z0-9_]){0,254}', true],
    ['^[a-zA-Z0-9]+$', true],
    ['(a+)+', false],
    ['(a*)*b', false],
    ['(a|a)*', false],
    ['((a+)b?)+', false],
    ['(\\d{1,3}){1,100}x', false],
    ['(.)\\1', false],
    ['.*.*.*x', false],
    ['.*a.*', true],
    ['(?=a)b', false],
    ['a'.repeat(2_000), false],
  ];

  test.each(patterns)('%s may be run on what clients send: %s', (pattern, safe) => {
    expect(isSafePattern(pattern)).toBe(safe);
  });
});
