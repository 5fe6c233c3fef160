/** `vesta validate` as a process of its own, with its threads, which need compiled files. */
import { execFile, execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { packageOf } from '../guides/packages.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'vesta-validate-'));

interface Outcome {
  readonly code: number;
  readonly lines: readonly string[];
}

function vesta(...words: string[]): Promise<Outcome> {
  const program = [path.resolve('dist/cli/main.js'), 'validate', ...words];
  return new Promise((resolve) => {
    execFile(process.execPath, program, (cause, stdout) => {
      const lines = stdout.trimEnd().split('\n');
      resolve({ code: cause ? Number(cause.code) : 0, lines });
    });
  });
}

beforeAll(() => {
  execFileSync(process.execPath, [path.resolve('src/tooling/build-if-needed.mjs')]);
  const lines = Array.from({ length: 3_000 }, (_, index) =>
    JSON.stringify({
      resourceType: 'Patient',
      id: `p${index}`,
      birthDate: index === 2_000 ? '2020-02-30' : '2020-02-28',
    }),
  );
  writeFileSync(path.join(folder, 'patients.ndjson'), `${lines.join('\n')}\n`);
  writeFileSync(path.join(folder, 'one.json'), '{\n  "resourceType": "Patient",\n  "gender": "x"\n}\n');
});

afterAll(() => rmSync(folder, { recursive: true }));

describe('vesta validate', () => {
  it('names file, line and element of each fault, and counts', async () => {
    const { code, lines } = await vesta('--threads', '2', folder);
    expect(code).toBe(1);
    expect(lines.slice(0, -1)).toEqual([
      `${path.join(folder, 'one.json')}:3:13: error Patient.gender: Must be a code of the required value set`,
      expect.stringContaining(`${path.join(folder, 'patients.ndjson')}:2001: error Patient.birthDate: `),
    ]);
    expect(lines.at(-1)).toMatch(/^3,001 resources in .*, 2 of them invalid$/);
  });

  it('takes a demanded profile that nobody knows for an error', async () => {
    const file = path.join(folder, 'valid.ndjson');
    writeFileSync(file, '{"resourceType":"Patient"}');
    const { code, lines } = await vesta('--profile', 'http://a.example/with-name', file);
    expect([code, lines[0]]).toEqual([1, expect.stringContaining('http://a.example/with-name is not known here')]);
  });

  it('knows the profiles of a package', async () => {
    const url = 'http://a.example/with-name';
    const withName = {
      resourceType: 'StructureDefinition',
      url,
      kind: 'resource',
      type: 'Patient',
      baseDefinition: 'http://hl7.org/fhir/StructureDefinition/Patient',
      derivation: 'constraint',
      differential: { element: [{ path: 'Patient' }, { path: 'Patient.name', min: 1 }] },
    };
    const guide = path.join(folder, 'guide.tgz');
    writeFileSync(guide, await packageOf([withName]));
    const file = path.join(folder, 'nameless.json');
    writeFileSync(file, '{"resourceType":"Patient"}');
    const { code, lines } = await vesta('--guide', guide, '--profile', url, file);
    expect([code, lines[0]]).toEqual([1, `${file}:1:1: error Patient.name: ${url} requires this element`]);
  });

  it('ends well when all is valid', async () => {
    const file = path.join(folder, 'valid.json');
    writeFileSync(file, '{"resourceType":"Patient"}');
    expect(await vesta(file)).toMatchObject({ code: 0 });
  });
});
