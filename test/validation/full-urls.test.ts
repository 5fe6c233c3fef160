/** What fullUrls of a Bundle should be. https://hl7.org/fhir/R4/bundle-definitions.html#Bundle.entry.fullUrl */
import { expect, test } from '@jest/globals';
import { bundledValidator } from '../support/validator.ts';

type Json = Readonly<Record<string, unknown>>;

const validate = bundledValidator();
const narrative = { status: 'generated', div: '<div xmlns="http://www.w3.org/1999/xhtml">x</div>' };
const patient: Json = { resourceType: 'Patient', id: '1', text: narrative };

const warnings = (entry: Json, type = 'collection'): readonly string[] =>
  validate({ resourceType: 'Bundle', type, entry: [{ resource: patient, ...entry }] }, { level: 'warning' }).map(
    ({ severity, expression }) => `${severity} ${expression?.join()}`,
  );

const told = ['warning Bundle.entry[0].fullUrl'];

test.each<[string, Json, readonly string[]]>([
  ['of the resource', { fullUrl: 'http://a.example/fhir/Patient/1' }, []],
  ['a urn', { fullUrl: 'urn:uuid:0c3151bd-1cbf-4d64-b04d-cd9187a4c6e0' }, []],
  ['of no resource that one could tell', { fullUrl: 'http://a.example/whatever' }, []],
  ['of another id', { fullUrl: 'http://a.example/fhir/Patient/2' }, told],
  ['of another type', { fullUrl: 'http://a.example/fhir/Group/1' }, told],
  ['relative', { fullUrl: 'Patient/1' }, told],
])('%s', (_what, entry, expected) => {
  expect(warnings(entry)).toEqual(expected);
});

test('what is created has another id later', () => {
  const request = { method: 'POST', url: 'Patient' };
  expect(warnings({ fullUrl: 'http://a.example/fhir/Patient/2', request }, 'transaction')).toEqual([]);
});
