/** The pack of R4's StructureDefinitions holds all of them, and what it leaves out changes no snapshot. https://hl7.org/fhir/R4/structuredefinition.html */
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import type { ElementDefinition, StructureDefinition } from 'fhir/r4.js';
import { createPack } from '../../src/definitions/pack.ts';
import { createSnapshots, isSnapshot, type Snapshot } from '../../src/profiles/snapshot/create-snapshots.ts';
import { schemasDirectory } from '../../src/tooling/generate-schemas.ts';
import { readOfficialDefinitions } from '../../src/tooling/schemas/official-definitions.ts';
import { structurePack } from '../../src/tooling/schemas/structure-pack.ts';

const official = readOfficialDefinitions();
const text = structurePack(official).get('structure-definitions.ndjson') ?? '';
const lines = text.split('\n').slice(0, -1);
const pack = createPack(join(schemasDirectory, 'structure-definitions.ndjson'));

const inPack = (url: string): StructureDefinition => pack.find(url) as StructureDefinition;

describe('the file', () => {
  test('has a line for each definition, sorted by url, which comes first', () => {
    const urls = official.structures.map(({ url }) => url);
    expect(lines).toHaveLength(648);
    expect(pack.urls()).toEqual(urls.toSorted((left, right) => (left < right ? -1 : 1)));
    for (const line of lines)
      expect(line).toMatch(/^\{"url":"[^"]+","version":"[^"]+","resourceType":"StructureDefinition",/);
  });

  test('is at most 4 MB', () => {
    expect(Buffer.byteLength(text)).toBeLessThan(4_000_000);
  });

  test('holds types as snapshots and profiles as differentials, without prose', () => {
    for (const { url } of official.structures) {
      const { derivation, snapshot, differential } = inPack(url);
      expect([url, snapshot === undefined, differential === undefined]).toEqual([
        url,
        derivation === 'constraint',
        derivation !== 'constraint',
      ]);
    }
    for (const prose of ['"definition":', '"comment":', '"mapping":', '"xpath":', '"contact":', '"alias":']) {
      expect(text).not.toContain(prose);
    }
  });

  test('tells where an extension may stand', () => {
    expect(inPack('http://hl7.org/fhir/StructureDefinition/patient-birthTime').context).toEqual([
      { type: 'element', expression: 'Patient.birthDate' },
    ]);
  });
});

/** What the pack is meant to keep of an element. Rules of types are left to the types. */
function keptOf(element: ElementDefinition): unknown {
  const { id, path, sliceName, min, max, base, contentReference, mustSupport, slicing } = element;
  const values = Object.entries(element).filter(([name]) => /^(fixed|pattern|minValue|maxValue|maxLength)/.test(name));
  const type = element.type?.map(({ code, profile, targetProfile }) => [code, profile, targetProfile]);
  const binding = element.binding && [element.binding.strength, element.binding.valueSet];
  const place = { id, path, sliceName, min, max, base, contentReference };
  return { ...place, mustSupport, slicing: slicing?.discriminator, values, type, binding };
}

const ofTypes = new Set(
  ['Element', 'Extension', 'DomainResource', 'Quantity'].map(
    (type) => `http://hl7.org/fhir/StructureDefinition/${type}`,
  ),
);

const rulesOf = ({ constraint = [] }: ElementDefinition): readonly unknown[] =>
  constraint
    .filter(({ source = '' }) => !ofTypes.has(source))
    .map(({ key, severity, human, expression }) => [key, severity, human, expression]);

describe('snapshots made of the pack', () => {
  const whole = new Map(official.structures.map((definition) => [definition.url, definition]));
  const fromWhole = createSnapshots({ find: (_type, canonical) => whole.get(canonical) as never });
  const fromPack = createSnapshots({ find: (_type, canonical) => pack.find(canonical) as never });

  const snapshots = official.structures.map((definition): readonly [Snapshot, Snapshot] => {
    const { snapshot: _snapshot, ...profile } = definition;
    const expected = fromWhole(definition.derivation === 'constraint' ? profile : definition);
    const made = fromPack(inPack(definition.url));
    if (!isSnapshot(expected) || !isSnapshot(made)) throw new Error(`no snapshot of ${definition.url}`);
    return [expected, made];
  });

  test('are those made of the whole definitions', () => {
    for (const [expected, made] of snapshots) expect(made.map(keptOf)).toEqual(expected.map(keptOf));
  });

  test('have every rule but those of types that all elements, extensions, resources or quantities share', () => {
    for (const [expected, made] of snapshots) expect(made.map(rulesOf)).toEqual(expected.map(rulesOf));
  });
});
