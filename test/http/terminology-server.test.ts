/** Validation that needs a terminology server elsewhere. */
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { startApi, type TestApi } from '../support/api.ts';

let remote: Server;
let api: TestApi;
let isDown = false;

/** Knows one LOINC code. */
beforeAll(async () => {
  remote = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk: Buffer) => (body += chunk.toString()));
    request.on('end', () => {
      if (isDown) {
        response.writeHead(500).end();
        return;
      }
      const result = body.includes('"8867-4"');
      response.end(
        JSON.stringify({ resourceType: 'Parameters', parameter: [{ name: 'result', valueBoolean: result }] }),
      );
    });
  });
  await new Promise<void>((resolve) => remote.listen(0, '127.0.0.1', resolve));
  api = await startApi({ VESTA_TERMINOLOGY_URL: `http://127.0.0.1:${(remote.address() as AddressInfo).port}` });
  const definition = {
    resourceType: 'StructureDefinition',
    url: 'http://a.example/heart-rate',
    name: 'HeartRate',
    status: 'active',
    kind: 'resource',
    abstract: false,
    type: 'Observation',
    baseDefinition: 'http://hl7.org/fhir/StructureDefinition/Observation',
    derivation: 'constraint',
    differential: {
      element: [
        { id: 'Observation', path: 'Observation' },
        {
          id: 'Observation.code',
          path: 'Observation.code',
          binding: { strength: 'required', valueSet: 'http://elsewhere.example/ValueSet/heart-rates' },
        },
      ],
    },
  };
  expect((await api.ask('POST', 'StructureDefinition', { body: definition })).status).toBe(201);
});

afterAll(async () => {
  await api.close();
  remote.closeAllConnections();
  await new Promise((resolve) => remote.close(resolve));
});

const observation = (code: string) => ({
  resourceType: 'Observation',
  meta: { profile: ['http://a.example/heart-rate'] },
  status: 'final',
  code: { coding: [{ system: 'http://loinc.org', code }] },
});

it('accepts and refuses as the server says, and accepts what nobody can judge', async () => {
  expect((await api.ask('POST', 'Observation', { body: observation('8867-4') })).status).toBe(201);
  const refused = await api.ask('POST', 'Observation', { body: observation('1234-5') });
  expect([refused.status, refused.body.issue[0].expression]).toEqual([422, ['Observation.code']]);
  isDown = true;
  expect((await api.ask('POST', 'Observation', { body: observation('9999-9') })).status).toBe(201);
});
