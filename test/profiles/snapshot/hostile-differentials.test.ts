/** Whatever a client stores as a StructureDefinition, making its snapshot ends in a snapshot or a failure. https://hl7.org/fhir/R4/security.html#input */
import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { ElementDefinitionType } from 'fhir/r4.js';
import { createSnapshots, isSnapshot } from '../../../src/profiles/snapshot/create-snapshots.ts';
import { conformanceOf, withoutSnapshots } from './definitions.ts';
import { profile } from './small-profiles.ts';

const snapshotOf = createSnapshots(conformanceOf(withoutSnapshots));

const name = fc.constantFrom('value[x]', 'valueQuantity', 'component', 'code', 'coding', 'extension', 'id', 'unit', '');
const sliceName = fc.constantFrom('a', 'a/b', 'a/b/c', '/', '', 'valueString', 'constructor', '__proto__', 'x.y:z');
const path = fc.array(name, { maxLength: 4 }).map((names) => ['Observation', ...names].join('.'));
const id = fc.oneof(path, fc.constantFrom('', '.', ':', 'Observation.component:a.code', 'Observation.value[x]:a'));

const element = fc.record(
  {
    path,
    sliceName,
    id,
    min: fc.nat(2),
    max: fc.constantFrom('0', '1', '*'),
    type: fc.constant<ElementDefinitionType[]>([]),
  },
  { requiredKeys: ['path'] },
);

test('any sequence of elements', () => {
  fc.assert(
    fc.property(fc.array(element, { maxLength: 8 }), (elements) => {
      const result = snapshotOf(profile('Observation', elements));
      if (!isSnapshot(result)) {
        expect(result.issue.severity).toBe('error');
        return;
      }
      expect(new Set(result.map(({ id: own }) => own)).size).toBe(result.length);
      expect(result[0]?.path).toBe('Observation');
    }),
    { numRuns: 500 },
  );
});

test.each([
  ['a path of a million steps', { path: `Patient${'.name'.repeat(1_000_000)}` }],
  ['an id of a million steps', { path: 'Patient.name', id: `Patient${'.name'.repeat(1_000_000)}` }],
  ['a slice of a million slices', { path: 'Patient.name', sliceName: '/'.repeat(1_000_000) }],
])('%s', (_what, stated) => {
  expect(snapshotOf(profile('Patient', [stated]))).toBeDefined();
});
