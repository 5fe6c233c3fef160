/** What is committed in `schemas/r4` is what the official definitions give, to the byte. https://hl7.org/fhir/R4/downloads.html */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from '@jest/globals';
import { schemasDirectory, staleFiles } from '../../src/tooling/generate-schemas.ts';
import { schemaFiles } from '../../src/tooling/schemas/schema-files.ts';

const files = schemaFiles();

test('regenerating changes no byte', () => {
  expect(staleFiles(schemasDirectory, files)).toEqual([]);
});

describe('staleFiles', () => {
  const directory = mkdtempSync(join(tmpdir(), 'schemas-'));
  afterAll(() => rmSync(directory, { recursive: true }));

  test('names what is missing, differs or should not be there', () => {
    for (const [name, text] of Object.entries({ same: '1', other: '1', surplus: '1' })) {
      writeFileSync(join(directory, name), text);
    }
    const wanted = new Map([
      ['same', '1'],
      ['other', '2'],
      ['missing', '1'],
    ]);
    expect(staleFiles(directory, wanted)).toEqual(['missing', 'other', 'surplus'].map((name) => join(directory, name)));
  });
});

describe('the generated files', () => {
  const names = [...files.keys()];
  const inFolder = (folder: string): readonly string[] => names.filter((name) => name.startsWith(`${folder}/`));

  test('there is a schema for each resource type and data type', () => {
    expect(inFolder('resources')).toHaveLength(146);
    expect(inFolder('types')).toHaveLength(61);
    expect(inFolder('value-sets')).toHaveLength(212);
  });

  test('every reference leads to a schema', () => {
    const dangling = [...files.values()].flatMap((text) =>
      [...text.matchAll(/"\$ref": "fhir:([^"]+)"/g)].filter(([, id]) => !files.has(`${id}.schema.json`)),
    );
    expect(dangling).toEqual([]);
  });

  test('each names itself by its path', () => {
    for (const [name, text] of files) {
      if (!name.includes('/')) continue;
      expect(JSON.parse(text)).toMatchObject({
        $schema: 'https://json-schema.org/draft/2020-12/schema',
        $id: `fhir:${name.replace('.schema.json', '')}`,
      });
    }
  });

  test('end with one newline', () => {
    expect(names.filter((name) => !/[^\n]\n$/.test(files.get(name) ?? ''))).toEqual([]);
  });
});
