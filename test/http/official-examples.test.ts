/** Every valid official example is stored over HTTP and read back as it was written, decimals included. https://hl7.org/fhir/R4/examples.html */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { type LosslessObject, parseLossless, stringifyLossless } from '../../src/json/lossless.ts';
import { brokenExamples } from '../support/broken-examples.ts';
import { startApi, type TestApi } from '../support/api.ts';

const folder = path.dirname(new URL(import.meta.resolve('hl7.fhir.r4.examples/package.json')).pathname);
// AuditEvents are written by the server alone, so those examples cannot be posted
const files = readdirSync(folder).filter(
  (name) => /^[A-Z].*\.json$/.test(name) && !(name in brokenExamples) && !name.startsWith('AuditEvent-'),
);

let api: TestApi;
beforeAll(async () => {
  api = await startApi();
});
afterAll(() => api.close());

/** Without what the server sets; numbers as they are written, members in their order. */
function withoutIdentity(text: string): string {
  const tree = parseLossless(text) as LosslessObject;
  const meta = tree.get('meta') as LosslessObject | undefined;
  meta?.delete('versionId');
  meta?.delete('lastUpdated');
  if (meta?.size === 0) tree.delete('meta');
  tree.delete('id');
  return stringifyLossless(tree);
}

async function check(name: string): Promise<string | undefined> {
  const text = readFileSync(path.join(folder, name), 'utf8');
  const { resourceType } = JSON.parse(text) as { resourceType: string };
  const created = await api.ask('POST', resourceType, { body: text });
  if (created.status !== 201) return `${name}: ${created.status} ${JSON.stringify(created.body?.issue?.[0])}`;
  const read = await api.ask('GET', `${resourceType}/${created.body.id}`);
  return withoutIdentity(read.text) === withoutIdentity(text) ? undefined : `${name}: differs`;
}

test('official examples are stored and read back equal', async () => {
  expect(files.length).toBeGreaterThan(5_000);
  const waiting = files.values();
  const faults: string[] = [];
  const worker = async (): Promise<void> => {
    for (const name of waiting) {
      const fault = await check(name);
      if (fault !== undefined) faults.push(fault);
    }
  };
  await Promise.all(Array.from({ length: 8 }, worker));
  expect(faults).toEqual([]);
}, 600_000);
