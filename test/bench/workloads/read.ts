/** Reads of single resources. https://hl7.org/fhir/R4/http.html#read */
import type { Workload } from './workload.ts';

export const read: Workload = {
  name: 'read',
  description: '`GET Patient/[id]`, a random one of those seeded, 2 KB',
  expected: 200,
  contains: '"resourceType":"Patient"',
  resources: 1,
  stores: false,
  aim: 220,
  requests:
    ({ patients }, random) =>
    () => ({ method: 'GET', path: `Patient/${random.pick(patients).id}` }),
};
