/** Updates of single resources. https://hl7.org/fhir/R4/http.html#update */
import { vitalSigns } from '../records/codes.ts';
import { makeVitalSign } from '../records/observation.ts';
import type { Workload } from './workload.ts';

export const update: Workload = {
  name: 'update',
  description: '`PUT Observation/[id]`, a random one of 2,000, with a changed value and time',
  expected: 200,
  contains: '"resourceType":"Observation"',
  resources: 1,
  stores: false,
  requests:
    ({ observations }, random) =>
    () => {
      const { id, patientId, encounterId } = random.pick(observations);
      const belonging = { patient: `Patient/${patientId}`, encounter: `Encounter/${encounterId}` };
      const body = { ...makeVitalSign(random.pick(vitalSigns), belonging, random), id };
      return { method: 'PUT', path: `Observation/${id}`, body };
    },
};
