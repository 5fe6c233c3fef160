import { describe, expect, test } from '@jest/globals';
import { makePatientRecord, recordSize } from '../bench/records/patient-record.ts';
import { createRandom } from '../bench/records/random.ts';
import { workloads } from '../bench/workloads/index.ts';

interface Entry {
  readonly fullUrl: string;
  readonly resource: { readonly resourceType: string };
  readonly request: { readonly method: string; readonly url: string };
}

describe('makePatientRecord', () => {
  const { entry } = makePatientRecord(createRandom(7)) as { entry: readonly Entry[] };

  test('has the announced number of entries, each posted to its type', () => {
    expect(entry).toHaveLength(recordSize);
    for (const { resource, request } of entry) expect(request).toEqual({ method: 'POST', url: resource.resourceType });
  });

  test('refers only to what it brings', () => {
    const brought = new Set(entry.map(({ fullUrl }) => fullUrl));
    const references = JSON.stringify(entry.map(({ resource }) => resource)).match(/urn:uuid:[0-9a-f-]{36}/g) ?? [];
    expect(brought.size).toBe(recordSize);
    expect(references.length).toBeGreaterThan(recordSize);
    expect(references.filter((reference) => !brought.has(reference))).toEqual([]);
  });

  test('has records of about the size that real ones have', () => {
    const size = JSON.stringify(entry).length / recordSize;
    expect(size).toBeGreaterThan(1_000);
    expect(size).toBeLessThan(2_000);
  });
});

const data = {
  patients: [
    {
      id: 'p1',
      encounterId: 'e1',
      family: 'Hartson1',
      given: 'Ollie1',
      gender: 'female',
      birthDate: '1970-01-01',
      identifier: 'i1',
    },
  ],
  observations: [{ id: 'o1', patientId: 'p1', encounterId: 'e1' }],
} as const;

describe.each(workloads)('workload $name', (workload) => {
  const asked = (seed: number) => {
    const next = workload.requests(data, createRandom(seed));
    return Array.from({ length: 20 }, next);
  };

  test('asks the same again for the same seed, identifiers aside', () => {
    const paths = (seed: number) => asked(seed).map(({ method, path }) => `${method} ${path}`);
    expect(paths(1)).toEqual(paths(1));
  });

  test('never sends the same body twice', () => {
    const bodies = [...asked(1), ...asked(2)].flatMap(({ body }) => (body ? [JSON.stringify(body)] : []));
    expect(new Set(bodies).size).toBe(bodies.length);
  });

  test('uses no character that would have to be escaped in a URL', () => {
    for (const { path } of asked(3)) expect(path).toMatch(/^[\w/?=&%.:+-]*$/);
  });
});
