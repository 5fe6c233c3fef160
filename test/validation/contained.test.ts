/** The rules for contained resources. https://hl7.org/fhir/R4/domainresource-definitions.html#DomainResource.contained */
import { describe, expect, test } from '@jest/globals';
import { containedIssues } from '../../src/validation/contained.ts';

type Json = Readonly<Record<string, unknown>>;

const inner = (fields: Json = {}): Json => ({ resourceType: 'Organization', id: 'a', ...fields });
const outer = (contained: readonly unknown[], fields: Json = { managingOrganization: { reference: '#a' } }): Json => ({
  resourceType: 'Patient',
  contained,
  ...fields,
});

const places = (resource: Json, path = 'Patient'): readonly (string | undefined)[] =>
  containedIssues(resource, path, 100).map(({ expression }) => expression?.[0]);

describe('contained resources', () => {
  test.each<[string, Json, readonly string[]]>([
    ['none', { resourceType: 'Patient' }, []],
    ['referred to', outer([inner()]), []],
    ['referred to by a canonical', outer([inner()], { instantiates: ['#a'] }), []],
    [
      'referred to by another one',
      outer([inner(), inner({ id: 'b', partOf: { reference: '#a' }, endpoint: [{ reference: '#' }] })], {}),
      [],
    ],
    ['referring to the container', outer([inner({ partOf: { reference: '#' } })], {}), []],
    ['tied to nothing (dom-3)', outer([inner()], {}), ['Patient.contained[0]']],
    ['without an id', outer([{ resourceType: 'Organization' }]), ['Patient.contained[0]']],
    ['with the same id twice', outer([inner(), inner()]), ['Patient.contained[1].id']],
    ['containing others (dom-2)', outer([inner({ contained: [inner()] })]), ['Patient.contained[0].contained']],
    ['with a version (dom-4)', outer([inner({ meta: { versionId: '1' } })]), ['Patient.contained[0].meta.versionId']],
    ['with a time (dom-4)', outer([inner({ meta: { lastUpdated: 'x' } })]), ['Patient.contained[0].meta.lastUpdated']],
    ['with a label (dom-5)', outer([inner({ meta: { security: [{}] } })]), ['Patient.contained[0].meta.security']],
    ['with a profile', outer([inner({ meta: { profile: ['urn:x'] } })]), []],
    ['of the wrong shape', outer([null, 1, 'a']), []],
    ['that are no list', { resourceType: 'Patient', contained: {} }, []],
  ])('%s', (_name, resource, expected) => {
    expect(places(resource)).toEqual(expected);
  });

  test('within a Bundle they are located there', () => {
    expect(places(outer([inner()], {}), 'Bundle.entry[0].resource')).toEqual(['Bundle.entry[0].resource.contained[0]']);
  });

  test('the number of issues is bounded', () => {
    const loose = Array.from({ length: 1000 }, (_, index) => inner({ id: `x${index}` }));
    expect(containedIssues(outer(loose), 'Patient', 10)).toHaveLength(10);
  });
});
