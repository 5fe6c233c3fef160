/** Transactions. https://hl7.org/fhir/R4/http.html#transaction */
import { makePatientRecord, recordSize } from '../records/patient-record.ts';
import type { Workload } from './workload.ts';

export const transaction: Workload = {
  name: 'transaction',
  description: `\`POST /\`, a Bundle of ${recordSize} resources of 13 types (63 KB) that refer to each other by \`urn:uuid\``,
  expected: 200,
  contains: '"type":"transaction-response"',
  resources: recordSize,
  stores: true,
  // who loads whole records keeps a few requests in flight, not dozens
  connections: 4,
  aim: 250,
  requests: (_data, random) => () => ({ method: 'POST', path: '', body: makePatientRecord(random) }),
};
