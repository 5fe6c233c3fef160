/** What a reference may look like. https://hl7.org/fhir/R4/references.html#literal */
import { expect, test } from '@jest/globals';
import type { Resource } from '../../src/fhir/resource.ts';
import { bundledValidator } from '../support/validator.ts';

type Json = Readonly<Record<string, unknown>>;

const validate = bundledValidator();

/** Of a list, whose items may be anything. */
const faults = (item: Json, more: Json = {}): readonly string[] => {
  const list = { resourceType: 'List', status: 'current', mode: 'working', entry: [{ item }], ...more };
  return validate(list as Resource).flatMap(({ expression = [] }) => expression);
};

const contained = { contained: [{ resourceType: 'Organization', id: 'o', name: 'x' }] };
const [reference, type] = ['List.entry[0].item.reference', 'List.entry[0].item.type'];

test.each<[string, Json, readonly string[]]>([
  ['a type and an id', { reference: 'Patient/1' }, []],
  ['a version', { reference: 'Patient/1/_history/2' }, []],
  ['a fragment of another resource', { reference: 'Patient/1#x' }, []],
  ['a search', { reference: 'Patient?identifier=http://a.example|1' }, []],
  ['an absolute URL', { reference: 'https://a.example/fhir/Patient/1' }, []],
  ['a URL that is no resource of FHIR', { reference: 'https://a.example/whatever' }, []],
  ['a urn', { reference: 'urn:uuid:0c3151bd-1cbf-4d64-b04d-cd9187a4c6e0' }, []],
  ['words alone', { display: 'x' }, []],
  ['no type of R4', { reference: 'Patients/1' }, [reference]],
  ['a search of no type of R4', { reference: 'Patients?identifier=1' }, [reference]],
  ['a type in another case', { reference: 'patient/1' }, [reference]],
  ['no type', { reference: '1' }, [reference]],
  ['no id', { reference: 'Patient' }, [reference]],
  ['an id with a space', { reference: 'Patient/a b' }, [reference]],
  ['an id that is too long', { reference: `Patient/${'x'.repeat(65)}` }, [reference]],
  ['a path from the root', { reference: '/Patient/1' }, [reference]],
  ['more than one id', { reference: 'Patient/1/2' }, [reference]],
  ['the type twice', { reference: 'Patient/1', type: 'Patient' }, []],
  ['two types', { reference: 'Patient/1', type: 'Group' }, [type]],
  ['two types, one in a URL', { reference: 'https://a.example/fhir/Patient/1', type: 'Group' }, [type]],
  ['a type that nobody can compare', { reference: 'urn:oid:1.2.3', type: 'Group' }, []],
  ['a logical model', { reference: 'Patient/1', type: 'http://a.example/model' }, []],
])('%s', (_what, item, expected) => {
  expect(faults(item)).toEqual(expected);
});

test('a contained resource has a type of its own', () => {
  expect(faults({ reference: '#o', type: 'Organization' }, contained)).toEqual([]);
  expect(faults({ reference: '#o', type: 'Patient' }, contained)).toEqual([type]);
});
