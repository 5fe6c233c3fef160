/** The official examples of R4 and a validator, for the tests of this room. https://hl7.org/fhir/R4/downloads.html */
import { readFileSync, readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { loadDefinitions } from '../../src/definitions/load-definitions.ts';
import type { Resource } from '../../src/fhir/resource.ts';
import { schemasDirectory } from '../../src/tooling/generate-schemas.ts';

const directory = dirname(createRequire(import.meta.url).resolve('hl7.fhir.r4.examples/package.json'));

export const definitions = loadDefinitions(schemasDirectory);

export const exampleNames: readonly string[] = readdirSync(directory).filter(
  (name) => name.endsWith('.json') && name !== 'package.json',
);

export function readExample(name: string): Resource {
  return JSON.parse(readFileSync(join(directory, name), 'utf8')) as Resource;
}
