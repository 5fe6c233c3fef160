/** Creates of single resources. https://hl7.org/fhir/R4/http.html#create */
import { vitalSigns } from '../records/codes.ts';
import { makeVitalSign } from '../records/observation.ts';
import type { Workload } from './workload.ts';

export const create: Workload = {
  name: 'create',
  description: '`POST Observation`, a vital sign of 1 KB with its own value and time',
  expected: 201,
  contains: '"resourceType":"Observation"',
  resources: 1,
  stores: true,
  aim: 450,
  requests:
    ({ patients }, random) =>
    () => {
      const { id, encounterId } = random.pick(patients);
      const belonging = { patient: `Patient/${id}`, encounter: `Encounter/${encounterId}` };
      return { method: 'POST', path: 'Observation', body: makeVitalSign(random.pick(vitalSigns), belonging, random) };
    },
};
