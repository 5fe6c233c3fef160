import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { isAuditId } from '../../src/audit/audit-id.ts';
import { auditSearchParameters, parseAuditSearch } from '../../src/audit/audit-search.ts';
import { FhirError } from '../../src/fhir/fhir-error.ts';

const queryOf = (text: string) => parseAuditSearch(new URLSearchParams(text)).query;

test('without parameters it is the newest page', () => {
  expect(parseAuditSearch([])).toEqual({ query: { count: 100 }, total: false });
});

describe('date', () => {
  test.each([
    ['2024-02', { from: '2024-02-01T00:00:00.000Z', to: '2024-02-29T23:59:59.999Z' }],
    ['eq2024-02-01', { from: '2024-02-01T00:00:00.000Z', to: '2024-02-01T23:59:59.999Z' }],
    ['gt2024-02', { from: '2024-03-01T00:00:00.000Z' }],
    ['sa2024-02', { from: '2024-03-01T00:00:00.000Z' }],
    ['ge2024-02', { from: '2024-02-01T00:00:00.000Z' }],
    ['lt2024-02', { to: '2024-01-31T23:59:59.999Z' }],
    ['eb2024-02', { to: '2024-01-31T23:59:59.999Z' }],
    ['le2024-02', { to: '2024-02-29T23:59:59.999Z' }],
    ['gt9999', { from: '9999-12-31T23:59:59.999Z' }],
    ['lt0001', { to: '0001-01-01T00:00:00.000Z' }],
  ])('%s', (value, range) => {
    expect(queryOf(`date=${value}`)).toEqual({ count: 100, ...range });
  });

  test('given several times narrows', () => {
    expect(queryOf('date=ge2024&date=lt2025&date=ge2023&date=lt2026')).toEqual({
      count: 100,
      from: '2024-01-01T00:00:00.000Z',
      to: '2024-12-31T23:59:59.999Z',
    });
  });
});

describe('lists', () => {
  test.each([
    ['patient=p1', { patients: ['p1'] }],
    ['patient=Patient/p1,p2', { patients: ['p1', 'p2'] }],
    ['patient=p1&patient=p2', { patients: [] }],
    ['agent=nurse,the\\,doctor', { agents: ['nurse', 'the,doctor'] }],
    ['agent=back\\\\slash\\|\\$', { agents: ['back\\slash|$'] }],
    ['action=C,R&action=R,U', { actions: ['R'] }],
    ['action=http://hl7.org/fhir/audit-event-action|D', { actions: ['D'] }],
    ['action=http://elsewhere|D', { actions: [] }],
    ['outcome=0,12', { outcomes: ['0', '12'] }],
    ['outcome=http://hl7.org/fhir/audit-event-outcome|4', { outcomes: ['4'] }],
    ['subtype=read,http://hl7.org/fhir/restful-interaction|vread', { interactions: ['read', 'vread'] }],
    ['subtype=$everything', { interactions: ['$everything'] }],
    ['entity=Observation', { resources: [{ type: 'Observation' }] }],
    [
      'entity=Observation/o,Patient/p',
      {
        resources: [
          { type: 'Observation', id: 'o' },
          { type: 'Patient', id: 'p' },
        ],
      },
    ],
    ['_id=1,22', { ids: ['1', '22'] }],
    ['_id=x,0,-1,9223372036854775808', { ids: [] }],
  ])('%s', (text, expected) => {
    expect(queryOf(text)).toEqual({ count: 100, ...expected });
  });
});

describe('the page', () => {
  test.each([
    ['_count=0', { count: 0 }],
    ['_count=5', { count: 5 }],
    ['_count=1000000', { count: 1000 }],
    ['_sort=date', { count: 100, ascending: true }],
    ['_sort=-date', { count: 100, ascending: false }],
    ['_cursor=17', { count: 100, after: '17' }],
    ['_format=json&_pretty=true', { count: 100 }],
  ])('%s', (text, expected) => {
    expect(queryOf(text)).toEqual(expected);
  });

  test.each([
    ['none', false],
    ['estimate', true],
    ['accurate', true],
  ])('_total=%s: %s', (value, total) => {
    expect(parseAuditSearch([['_total', value]]).total).toBe(total);
  });
});

test.each([
  ['name=x', 'not-supported'],
  ['patient:missing=true', 'not-supported'],
  ['agent.identifier=x', 'not-supported'],
  ['constructor=x', 'not-supported'],
  ['date=ne2024', 'not-supported'],
  ['date=ap2024', 'not-supported'],
  ['date=2024,2025', 'not-supported'],
  ['date=', 'invalid'],
  ['date=2024-02-30', 'invalid'],
  ['patient=', 'invalid'],
  ['patient=,', 'invalid'],
  ['patient=Practitioner/p', 'invalid'],
  ['patient=..', 'invalid'],
  ['agent=', 'invalid'],
  ['agent=a%00b', 'invalid'],
  ['action=X', 'invalid'],
  ['outcome=1', 'invalid'],
  ['entity=observation', 'invalid'],
  ['entity=Observation/a/b', 'invalid'],
  ['entity=Observation/', 'invalid'],
  ['entity=Patient/a&entity=Observation/b', 'not-supported'],
  ['_count=-1', 'invalid'],
  ['_count=x', 'invalid'],
  ['_count=', 'invalid'],
  ['_sort=agent', 'not-supported'],
  ['_total=some', 'invalid'],
  ['_cursor=x', 'invalid'],
  ['_cursor=01', 'invalid'],
  [`_id=${'1,'.repeat(500)}1`, 'invalid'],
])('%s is refused', (text, code) => {
  expect(() => queryOf(text)).toThrow(
    expect.objectContaining({ status: 400, issues: [expect.objectContaining({ code, severity: 'error' })] }),
  );
});

test('a refusal names the parameter, never the value', () => {
  expect(() => queryOf('patient=John Doe')).toThrow(
    expect.objectContaining({ message: expect.not.stringContaining('John') }),
  );
  expect(() => queryOf('favourite=x')).toThrow('AuditEvent cannot be searched by favourite');
});

test('whatever is asked, the answer is a query or a 400', () => {
  const names = fc.oneof(fc.constantFrom(...auditSearchParameters.keys()), fc.string());
  const values = fc.oneof(fc.string({ unit: 'binary' }), fc.constantFrom('2024', 'a,b', 'C|R', '\\', '\\,', ','));
  fc.assert(
    fc.property(fc.array(fc.tuple(names, values), { maxLength: 4 }), (parameters) => {
      try {
        expect(parseAuditSearch(parameters).query.count).toBeLessThanOrEqual(1000);
      } catch (error) {
        expect(error).toBeInstanceOf(FhirError);
        expect((error as FhirError).status).toBe(400);
      }
    }),
  );
});

test.each([
  ['1', true],
  ['9223372036854775807', true],
  ['9223372036854775808', false],
  ['0', false],
  ['01', false],
  ['-1', false],
  ['1.5', false],
  ['1e3', false],
  ['', false],
  ['1\n', false],
])('%j is an audit id: %s', (text, expected) => {
  expect(isAuditId(text)).toBe(expected);
});
