import { describe, expect, test } from '@jest/globals';
import { type AuditedInteraction, auditRecords } from '../../src/audit/audit-records.ts';

const request = {
  caller: { agent: 'nurse', client: 'ward', scopes: [] },
  requestId: 'r1',
  address: '10.0.0.1',
  now: '2026-11-22T10:00:00.000Z',
};
const read: AuditedInteraction = { interaction: 'read', type: 'Patient', id: 'p', status: 200, patients: ['p'] };

test('a record says who, whence, when, what, whose and with what outcome', () => {
  expect(auditRecords(request, { ...read, version: 3 })).toEqual([
    {
      recorded: '2026-11-22T10:00:00.000Z',
      requestId: 'r1',
      agent: 'nurse',
      client: 'ward',
      address: '10.0.0.1',
      interaction: 'read',
      action: 'R',
      outcome: '0',
      status: 200,
      resourceType: 'Patient',
      resourceId: 'p',
      version: 3,
      patient: 'p',
    },
  ]);
});

test.each([
  ['create', 'C'],
  ['read', 'R'],
  ['vread', 'R'],
  ['history-instance', 'R'],
  ['history-type', 'R'],
  ['history-system', 'R'],
  ['capabilities', 'R'],
  ['update', 'U'],
  ['patch', 'U'],
  ['delete', 'D'],
  ['search-type', 'E'],
  ['search-system', 'E'],
  ['batch', 'E'],
  ['transaction', 'E'],
  ['$everything', 'E'],
  ['constructor', 'E'],
])('the action of %s is %s', (interaction, action) => {
  expect(auditRecords(request, { ...read, interaction })[0]?.action).toBe(action);
});

test.each([
  [200, '0'],
  [201, '0'],
  [304, '0'],
  [400, '4'],
  [401, '4'],
  [403, '4'],
  [404, '4'],
  [412, '4'],
  [429, '4'],
  [500, '8'],
  [503, '8'],
])('the outcome of %d is %s', (status, outcome) => {
  expect(auditRecords(request, { ...read, status })[0]?.outcome).toBe(outcome);
});

describe('patients', () => {
  test('each has a record of their own, once', () => {
    const records = auditRecords(request, { ...read, patients: ['a', 'b', 'a', 'c'] });
    expect(records.map(({ patient }) => patient)).toEqual(['a', 'b', 'c']);
  });

  test('without any there is one record that names none', () => {
    const records = auditRecords(request, { ...read, patients: [] });
    expect(records).toHaveLength(1);
    expect(records[0]).not.toHaveProperty('patient');
  });
});

test('who is not recognised is anonymous', () => {
  const [record] = auditRecords({ ...request, caller: undefined }, { ...read, status: 401, patients: [] });
  expect(record).toMatchObject({ agent: 'anonymous', client: 'anonymous', outcome: '4' });
});

test('what is not known is left out', () => {
  const [record] = auditRecords(request, { interaction: 'search-system', query: '', status: 200, patients: [] });
  expect(Object.keys(record ?? {})).toEqual(
    expect.not.arrayContaining(['resourceType', 'resourceId', 'version', 'query', 'patient']),
  );
});

test.each([99_999_999_999, -1, 1.5, Number.NaN, Infinity])('version %d cannot be one and is left out', (version) => {
  expect(auditRecords(request, { ...read, version })[0]).not.toHaveProperty('version');
});

test('a query is kept as it was asked, but not without end', () => {
  const query = 'name=%C3%84&_id=' + 'x'.repeat(9_000);
  const [record] = auditRecords(request, { ...read, query });
  expect(record?.query).toBe(query.slice(0, 8_192));
});
