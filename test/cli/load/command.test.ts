import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { vesta } from '../../../src/cli/program.ts';
import { run } from '../../../src/cli/run.ts';
import { type FakeApi, fakeApi } from '../fake-api.ts';
import { fakeTerminal } from '../fake-terminal.ts';

let folder: string;
let api: FakeApi;

beforeEach(async () => {
  folder = mkdtempSync(path.join(tmpdir(), 'vesta-load-'));
  api = await fakeApi(({ body }) =>
    body.includes('bad')
      ? { status: 400, body: { resourceType: 'OperationOutcome', issue: [{ severity: 'error', code: 'structure' }] } }
      : { status: 200, body: {} },
  );
});

afterEach(async () => {
  await api.close();
  rmSync(folder, { recursive: true, force: true });
});

function load(...words: readonly string[]) {
  const terminal = fakeTerminal();
  const options = ['--url', `${api.url}/`, '--token', 'secret', '--state', path.join(folder, 'state')];
  return run(vesta, ['load', ...words, ...options], terminal).then((code) => ({ code, terminal }));
}

describe('vesta load', () => {
  it('stores a file and says how fast', async () => {
    const file = path.join(folder, 'a.json');
    writeFileSync(file, '{"resourceType":"Bundle","type":"transaction","entry":[{},{}]}');
    const { code, terminal } = await load(file);
    expect(code).toBe(0);
    expect(terminal.printed[0]).toBe(`${file}: 2 resources`);
    expect(terminal.printed[1]).toMatch(/^Stored 2 resources in \d+\.\d s \([\d,]+ resources\/s\), 0 failures$/);
    expect(api.asked[0]).toMatchObject({ method: 'POST', url: '/fhir' });
  });

  it('ends with 1 and advice when something was not stored', async () => {
    const file = path.join(folder, 'a.json');
    writeFileSync(file, '{"resourceType":"Patient","id":"bad"}');
    const { code, terminal } = await load(file);
    expect(code).toBe(1);
    expect(terminal.complaints).toEqual([
      `FAILED ${file}: 400: structure`,
      'Run the same with --resume to send only what is missing',
    ]);
  });

  it('ends with 1 when a place does not exist, with 2 when there is nothing in it', async () => {
    expect((await load(path.join(folder, 'nowhere'))).code).toBe(1);
    expect((await load(folder)).code).toBe(2);
  });
});
