import { describe, expect, test } from '@jest/globals';
import { FhirError } from '../../src/fhir/fhir-error.ts';
import type { ResourceDocument } from '../../src/json/document.ts';
import { readDocument } from '../../src/json/read-document.ts';
import type { Change, IndexRows } from '../../src/ports.ts';
import { type CurrentState, planChanges } from '../../src/store/plan-changes.ts';

const rows: IndexRows = { tokens: ['1'], references: [], dates: [], numbers: [], strings: [], uris: [], words: [] };
const document = readDocument('{"resourceType":"Patient","active":true}') as ResourceDocument;
const indexed = { selfKey: '5', generation: 2, rows, patients: ['p'] };
const state = (version: number, more: Partial<CurrentState> = {}): CurrentState => ({
  resourceKey: '7',
  version,
  deleted: false,
  lastUpdated: 1_000,
  patients: ['old'],
  indexRows: '{}',
  ...more,
});
const update: Change = { type: 'Patient', id: 'p', method: 'PUT', kind: 'update', document, indexed };
const remove: Change = { type: 'Patient', id: 'p', method: 'DELETE', kind: 'delete' };

function plan(change: Change, before?: CurrentState, now = 5_000) {
  return planChanges([change], { current: () => before, newKey: () => '99', now });
}

function refusalOf(change: Change, before?: CurrentState): FhirError {
  try {
    plan(change, before);
  } catch (cause) {
    return cause as FhirError;
  }
  throw new Error('It was not refused');
}

describe('versions', () => {
  test('the first of a new resource', () => {
    const { results, versions } = plan(update);
    expect(results[0]).toMatchObject({ version: 1, outcome: 'created', lastUpdated: '1970-01-01T00:00:05.000Z' });
    expect(results[0]?.text).toContain('"id":"p"');
    expect(versions[0]).toMatchObject({ resourceKey: '99', patients: ['p'] });
  });

  test('the next of one that exists concerns both whose it was and whose it is', () => {
    const { results, versions } = plan(update, state(3));
    expect(results[0]).toMatchObject({ version: 4, outcome: 'updated', patients: ['old', 'p'] });
    expect(versions[0]).toMatchObject({ resourceKey: '7', patients: ['p'] });
  });

  test('after a deletion it counts on', () => {
    expect(plan(update, state(3, { deleted: true })).results[0]).toMatchObject({ version: 4, outcome: 'created' });
  });

  test('instants never go back', () => {
    const { results } = plan(update, state(3, { lastUpdated: 9_000 }));
    expect(results[0]?.lastUpdated).toBe('1970-01-01T00:00:09.001Z');
  });

  test('a deletion leaves a tombstone without rows', () => {
    const { results, versions } = plan(remove, state(3));
    expect(results[0]).toMatchObject({ version: 4, outcome: 'deleted', text: undefined, patients: ['old'] });
    expect(Object.values(versions[0]?.rows ?? {}).flat()).toEqual([]);
  });

  test.each([undefined, state(3, { deleted: true })])('deleting what is not there makes none: %#', (before) => {
    const { results, versions } = plan(remove, before);
    expect([results[0]?.outcome, versions]).toEqual(['unchanged', []]);
  });
});

describe('refusals', () => {
  test.each([
    ['another version', { ...update, expectedVersion: 2 }, state(3), 412],
    ['a version of nothing', { ...update, expectedVersion: 1 }, undefined, 412],
    ['deleting another version', { ...remove, expectedVersion: 2 }, state(3), 412],
    ['creating without permission', { ...update, mayCreate: false }, undefined, 404],
    ['creating again without permission', { ...update, mayCreate: false }, state(3, { deleted: true }), 410],
  ])('%s', (_what, change, before, status) => {
    const refusal = refusalOf(change, before);
    expect([refusal.status, refusal.position]).toEqual([status, 0]);
  });
});
