/** Snapshots that cannot be made, and those that are kept. https://hl7.org/fhir/R4/profiling.html#snapshot */
import { describe, expect, test } from '@jest/globals';
import type { StructureDefinition } from 'fhir/r4.js';
import { createSnapshots, type Snapshot } from '../../../src/profiles/snapshot/create-snapshots.ts';
import { usCore, withoutSnapshots } from './definitions.ts';
import { elementOf, profile, r4, resultOf } from './small-profiles.ts';

describe('what cannot be made', () => {
  const bloodPressure = usCore.find(({ id }) => id === 'us-core-blood-pressure');

  test('the missing base is named', () => {
    const vitals = 'http://hl7.org/fhir/us/core/StructureDefinition/us-core-vital-signs';
    expect(bloodPressure?.baseDefinition).toBe(vitals);
    expect(resultOf(profile(vitals, [{ path: 'Observation' }]))).toEqual({
      issue: {
        severity: 'error',
        code: 'not-found',
        diagnostics: `No snapshot can be made of http://example.org/profile: its base is not known: ${vitals}`,
      },
      missing: vitals,
    });
  });

  test('the missing base of a base is named', () => {
    const first = profile('http://example.org/nowhere', [{ path: 'Patient' }], 'first');
    const second = profile(first.url, [{ path: 'Patient' }], 'second');
    expect(resultOf(second, [...withoutSnapshots, first])).toMatchObject({ missing: 'http://example.org/nowhere' });
  });

  test('the missing type of an element is named', () => {
    const patient = withoutSnapshots.filter(({ id }) => id === 'Patient');
    expect(resultOf(profile('Patient', [{ path: 'Patient.name.family', min: 1 }]), patient)).toMatchObject({
      missing: `${r4}HumanName`,
    });
  });

  const loop = [
    profile('http://example.org/b', [{ path: 'Patient' }], 'a'),
    profile('http://example.org/a', [{ path: 'Patient' }], 'b'),
  ];

  const refused: readonly { readonly why: string; readonly definition: StructureDefinition | undefined }[] = [
    { why: 'an element that the base lacks', definition: profile('Patient', [{ path: 'Patient.shoeSize', min: 1 }]) },
    { why: 'a child that the type lacks', definition: profile('Patient', [{ path: 'Patient.name.shoe', min: 1 }]) },
    { why: 'another root than the base', definition: profile('Patient', [{ path: 'Person.name', min: 1 }]) },
    { why: 'two roots', definition: profile('Patient', [{ path: 'Patient' }, { path: 'Person' }]) },
    {
      why: 'deeper than any resource',
      definition: profile('Questionnaire', [{ path: `Questionnaire${'.item'.repeat(64)}` }]),
    },
    { why: 'a base that is built upon it', definition: loop[0] },
    {
      why: 'a type of its own',
      definition: { ...profile('Element', [{ path: 'Shoe' }]), derivation: 'specialization' },
    },
  ];

  test.each(refused)('$why', ({ definition }) => {
    if (!definition) throw new Error('nothing to refuse');
    const failure = resultOf(definition, [...withoutSnapshots, ...loop]);
    expect(failure).toMatchObject({ issue: { severity: 'error', code: 'processing' } });
    expect(failure).not.toHaveProperty('missing');
  });

  const chain = Array.from({ length: 40 }, (_, index) =>
    profile(index === 0 ? 'Patient' : `http://example.org/${index - 1}`, [{ path: 'Patient' }], String(index)),
  );

  test.each([
    [31, true],
    [32, false],
    [39, false],
  ])('the profile %i steps above the first is made: %s', (index, isMade) => {
    const definition = chain[index];
    if (!definition) throw new Error('the chain is too short');
    expect(Array.isArray(resultOf(definition, [...withoutSnapshots, ...chain]))).toBe(isMade);
  });

  test('slices of slices without end', () => {
    const names = Array.from({ length: 150 }, (_, index) => `s${index}`);
    const inner = names.map((sliceName) => ({ path: 'Observation.component.code.coding', sliceName }));
    const first = profile('Observation', inner, 'first');
    const outer = names.map((sliceName) => ({ path: 'Observation.component', sliceName }));
    expect(resultOf(profile(first.url, outer), [...withoutSnapshots, first])).toMatchObject({
      issue: { code: 'processing', diagnostics: expect.stringContaining('more than 20000 elements') },
    });
  });
});

describe('keeping', () => {
  const first = profile('Patient', [{ path: 'Patient.birthDate', min: 1 }], 'first');
  const second = profile(first.url, [{ path: 'Patient.name.family', min: 1 }], 'second');
  const known = new Map([...withoutSnapshots, first].map((definition) => [definition.url, definition]));
  const snapshots = createSnapshots({ find: (_type, canonical) => known.get(canonical) as never });

  test('a snapshot is made once', () => {
    expect(snapshots(second)).toBe(snapshots(second));
  });

  test('a snapshot is made anew when its base has changed', () => {
    const before = snapshots(second);
    known.set(first.url, profile('Patient', [{ path: 'Patient.birthDate', max: '0' }], 'first'));
    const after = snapshots(second) as Snapshot;
    expect(after).not.toBe(before);
    expect(elementOf(after, 'Patient.birthDate')).toMatchObject({ min: 0, max: '0' });
  });

  test('a snapshot is made anew when a profile that was unknown is known', () => {
    const extension = profile('Extension', [{ path: 'Extension.url', fixedUri: 'http://example.org/late' }], 'late');
    const asking = profile('Patient', [
      { path: 'Patient.extension', sliceName: 'late', type: [{ code: 'Extension', profile: [extension.url] }] },
      { path: 'Patient.extension.value[x]', min: 1 },
    ]);
    expect(elementOf(snapshots(asking) as Snapshot, 'Patient.extension:late.url').fixedUri).toBeUndefined();
    known.set(extension.url, extension);
    expect(elementOf(snapshots(asking) as Snapshot, 'Patient.extension:late.url').fixedUri).toBe(
      'http://example.org/late',
    );
  });

  test('a snapshot that failed is made when what was missing is known', () => {
    const base = profile('Patient', [{ path: 'Patient' }], 'base');
    const heir = profile(base.url, [{ path: 'Patient' }], 'heir');
    expect(snapshots(heir)).toMatchObject({ missing: base.url });
    known.set(base.url, base);
    expect(snapshots(heir)).toHaveLength(45);
  });

  test('nothing that went in is changed', () => {
    const before = JSON.stringify([...known.values()]);
    snapshots(
      profile(second.url, [
        { path: 'Patient.name', sliceName: 'x' },
        { path: 'Patient.name.given', max: '1' },
      ]),
    );
    expect(JSON.stringify([...known.values()])).toBe(before);
  });
});
