/** Random searches over official examples, each compared with what it means by the words of R4. `main.ts` runs more of them, over files of one's own. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { readExamples } from '../examples/example-store.ts';
import { createOracle, type Oracle } from './oracle.ts';

const runs = 300;

const types: ReadonlySet<string> = new Set(
  (
    'ActivityDefinition Appointment CarePlan CareTeam ChargeItem Claim Condition Coverage DiagnosticReport ' +
    'DocumentReference Encounter Goal Group Immunization Invoice Location Medication MedicationRequest ' +
    'MolecularSequence Observation Organization Patient Practitioner PractitionerRole Procedure Provenance ' +
    'Questionnaire RiskAssessment ServiceRequest Specimen ValueSet'
  ).split(' '),
);

let oracle: Oracle;
beforeAll(async () => {
  oracle = await createOracle(readExamples((type) => types.has(type)));
}, 120_000);
afterAll(() => oracle.close());

const prefixes = ['', ' eq', ' ne', ' gt', ' lt', ' ge', ' le', ' sa', ' eb', ' ap'];
const everyWay = [
  ...['date', 'number', 'quantity'].flatMap((kind) => prefixes.map((prefix) => kind + prefix)),
  ...['', ':exact', ':contains', ':missing'].map((modifier) => `string${modifier}`),
  ...['', ':not', ':text', ':in', ':not-in', ':above', ':below', ':of-type', ':missing'].map((one) => `token${one}`),
  ...['', ':[type]', ':identifier', ':missing'].map((modifier) => `reference${modifier}`),
  ...['', ':above', ':below', ':missing'].map((modifier) => `uri${modifier}`),
  'date:missing',
  'number:missing',
  'quantity:missing',
  'composite',
  'special',
];

test('every parameter finds exactly what it means, in every way that its type can be asked', async () => {
  for await (const { asked, expected, found } of oracle.sweep(3)) {
    expect({ asked, found }).toEqual({ asked, found: expected });
  }
  const { kinds } = oracle.tally();
  expect(everyWay.filter((way) => kinds[way] === undefined)).toEqual([]);
}, 600_000);

test('random searches find exactly what they mean, in order, over all pages there and back', async () => {
  const numbers = fc.array(fc.nat(100_000), { minLength: 60, maxLength: 60 });
  const property = fc.asyncProperty(numbers, async (chosen) => {
    const comparison = await oracle.compare(chosen);
    if (!comparison) return;
    const { asked, expected, found } = comparison;
    expect({ asked, found }).toEqual({ asked, found: expected });
  });
  await fc.assert(property, { numRuns: runs });
  const { searches, answered } = oracle.tally();
  expect(searches).toBeGreaterThan(runs / 3);
  expect(answered).toBeGreaterThan(searches / 4);
}, 600_000);
