import { describe, expect, jest, test } from '@jest/globals';
import { loadDefinitions } from '../../../src/definitions/load-definitions.ts';
import { canCompile, compileInvariant } from '../../../src/fhirpath/invariant/compile-invariant.ts';

const { elements } = loadDefinitions('schemas/r4');

const patient = {
  resourceType: 'Patient',
  birthDate: '1974-12-25',
  name: [{ family: 'Chalmers', given: ['Peter', 'James'] }],
  contained: [{ resourceType: 'Organization', id: 'o', name: 'Acme' }],
  managingOrganization: { reference: '#o', extension: [{ url: 'http://a.example/x' }] },
  multipleBirthInteger: 2,
};

const context = {
  resource: patient,
  rootResource: patient,
  resolve: (reference: string) => (reference === '#o' ? patient.contained[0] : undefined),
  memberOf: (_value: unknown, valueSet: string) => (valueSet === 'known' ? true : undefined),
  conformsTo: (_value: unknown, profile: string) => (profile === 'known' ? false : undefined),
};

const evaluate = (expression: string): boolean | undefined =>
  compileInvariant(expression, 'Patient', elements)(patient, context);

/** What is not compiled, and what it is of the patient above. */
const table: readonly (readonly [expression: string, expected: boolean | undefined])[] = [
  ['birthDate < today()', true],
  ['now() > @2020-01-01T00:00:00Z', true],
  ['timeOfDay().toString().length() > 0', true],
  ["'4 days'.toQuantity() = 4 days", true],
  ["'x'.convertsToQuantity()", false],
  ['birthDate + 18 years < @1993', true],
  ['birthDate - 1 month = @1974-11-25', true],
  ["'a,b'.split(',').count() = 2", true],
  ["name.given.join('-') = 'Peter-James'", true],
  ["'abcb'.lastIndexOf('b') = 3", true],
  ["'abc'.matchesFull('b')", false],
  ['2.power(3) = 8', true],
  ['100.log(10) = 2', true],
  ['1.exp() > 2.7 and 1.ln() = 0', true],
  ["'a'.encode('hex') = '61' and '61'.decode('hex') = 'a'", true],
  ["'<'.escape('html') = '&lt;' and '&lt;'.unescape('html') = '<'", true],
  ["multipleBirth.type().name = 'integer'", true],
  ['@2020.lowBoundary(6) = @2020-01', true],
  ['today() > @2020 and (multipleBirth as integer) = 2', true],
  ["today() > @2020 and managingOrganization.resolve().name = 'Acme'", true],
  ['today() > @2020 and generalPractitioner.resolve().exists()', false],
  ["today() > @2020 and managingOrganization.hasExtension('http://a.example/x')", true],
  ["today() > @2020 and memberOf('known')", true],
  ["today() > @2020 and memberOf('other')", undefined],
  ["today() > @2020 and conformsTo('known')", false],
  ["today() > @2020 and name.family.matches('[A-Z]')", false],
  ["today() > @2020 and name.family.replaceMatches('[a-z]', '') = 'C'", true],
  ['today() > @2020 and htmlChecks()', true],
  ['today() > @2020 and %resource.birthDate.exists() and %rootResource is Patient', true],
  ["today() > @2020 and %sct = 'http://snomed.info/sct'", true],
  ["today() > @2020 and %`vs-x` = 'http://hl7.org/fhir/ValueSet/x'", true],
  ["today() > @2020 and %'ext-x' = 'http://hl7.org/fhir/StructureDefinition/x'", true],
  // a pattern that could run away is not run
  ["today() > @2020 and name.family.matches('(a+)+')", undefined],
  // what cannot be evaluated is empty
  ["name.given.lastIndexOf('e')", undefined],
  ['name.given | today()', undefined],
];

describe('an expression that fhirpath.js runs', () => {
  test.each(table)('%s is %s', (expression, expected) => {
    expect(evaluate(expression)).toBe(expected);
    expect(canCompile(expression, 'Patient', elements)).toBe(false);
  });

  test('knows the extensions of a primitive', () => {
    const rule = compileInvariant('today() > @2020 and extension.exists()', 'date', elements);
    expect(rule('2020', context)).toBe(false);
    expect(rule('2020', context, { extension: [{ url: 'http://a.example/x' }] })).toBe(true);
    expect(rule(undefined, context, { extension: [{ url: 'http://a.example/x' }] })).toBe(true);
  });

  test('prints nothing of the value', () => {
    const spies = (['log', 'warn', 'error', 'info', 'debug'] as const).map((name) =>
      jest.spyOn(console, name).mockImplementation(() => {}),
    );
    expect(evaluate("today() > name.trace('of').birthDate")).toBeUndefined();
    for (const spy of spies) expect(spy).not.toHaveBeenCalled();
    for (const spy of spies) spy.mockRestore();
  });

  test('may evaluate itself again on the way', () => {
    const rule = compileInvariant("today() > @2020 and conformsTo('x') and conformsTo('y')", 'Patient', elements);
    const inner = { ...context, conformsTo: (_: unknown, profile: string) => profile === 'y' };
    const outer = { ...context, conformsTo: () => rule(patient, inner) === false };
    expect(rule(patient, outer)).toBe(true);
  });
});

describe('an expression that nobody knows', () => {
  const unknown = ['today(1)', 'today().frobnicate()', "split('a', name.frobnicate())", 'now() > %nobody', 'today() +'];

  test.each(unknown)('%s is refused when it is compiled', (expression) => {
    expect(() => compileInvariant(expression, 'Patient', elements)).toThrow();
    expect(canCompile(expression, 'Patient', elements)).toBe(false);
  });

  test('and one that is compiled is said to be', () => {
    expect(canCompile('name.exists() implies birthDate.exists()', 'Patient', elements)).toBe(true);
  });
});
