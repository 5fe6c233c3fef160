/** How elements are constrained, and how those below them come in. https://hl7.org/fhir/R4/profiling.html#cardinality */
import { describe, expect, test } from '@jest/globals';
import type { ElementDefinition } from 'fhir/r4.js';
import { withoutSnapshots } from './definitions.ts';
import { elementOf, idsUnder, profile, r4, snapshotOf, typesOf, type Stated } from './small-profiles.ts';

const keysOf = (element: ElementDefinition): readonly string[] => element.constraint?.map(({ key }) => key) ?? [];

describe('one element', () => {
  const narrow: readonly { readonly stated: Stated; readonly expected: object }[] = [
    { stated: { path: 'Patient.birthDate', min: 1 }, expected: { min: 1, max: '1', type: [{ code: 'date' }] } },
    { stated: { path: 'Patient.photo', max: '0' }, expected: { min: 0, max: '0' } },
    { stated: { path: 'Patient.deceased[x]', type: [{ code: 'boolean' }] }, expected: { type: [{ code: 'boolean' }] } },
    { stated: { path: 'Patient.active', fixedBoolean: true }, expected: { fixedBoolean: true, isModifier: true } },
    {
      stated: { path: 'Patient.maritalStatus', patternCodeableConcept: { text: 'x' } },
      expected: { patternCodeableConcept: { text: 'x' }, binding: { strength: 'extensible' } },
    },
    {
      stated: { path: 'Patient.gender', binding: { strength: 'required', valueSet: 'http://example.org/vs' } },
      expected: { binding: { strength: 'required', valueSet: 'http://example.org/vs' } },
    },
    { stated: { path: 'Patient.name', mustSupport: true }, expected: { mustSupport: true, max: '*' } },
    {
      stated: { path: 'Patient.contact', base: { path: 'Lie', min: 5, max: '5' } },
      expected: { base: { path: 'Patient.contact', min: 0, max: '*' } },
    },
  ];

  test.each(narrow)('$stated.path', ({ stated, expected }) => {
    const snapshot = snapshotOf(profile('Patient', [stated]));
    expect(elementOf(snapshot, stated.path)).toMatchObject(expected);
    expect(snapshot).toHaveLength(withoutSnapshots.find(({ id }) => id === 'Patient')?.snapshot?.element.length ?? 0);
  });

  test('rules add up, one of the same key is replaced, and those inherited name their source', () => {
    const rule = { key: 'x-1', severity: 'error' as const, human: 'first', expression: 'true' };
    const first = profile('Patient', [{ path: 'Patient', constraint: [rule] }], 'first');
    const second = profile(first.url, [{ path: 'Patient', constraint: [{ ...rule, key: 'x-2' }] }], 'second');
    const snapshot = snapshotOf(second, first);
    const root = elementOf(snapshot, 'Patient');
    expect(keysOf(root)).toEqual(['dom-2', 'dom-3', 'dom-4', 'dom-5', 'dom-6', 'x-1', 'x-2']);
    expect(root.constraint?.slice(-2)).toEqual([
      { ...rule, source: first.url },
      { ...rule, key: 'x-2' },
    ]);
    expect(elementOf(snapshot, 'Patient.contact').constraint).toContainEqual(
      expect.objectContaining({ key: 'pat-1', source: `${r4}Patient` }),
    );
  });

  test('a maximum value set stays when the binding is stated anew', () => {
    const valueSet = 'http://example.org/vs';
    const snapshot = snapshotOf(
      profile('Patient', [{ path: 'Patient.language', binding: { strength: 'required', valueSet } }]),
    );
    const { binding } = elementOf(snapshot, 'Patient.language');
    expect(binding).toMatchObject({ strength: 'required', valueSet });
    expect(binding?.extension?.map(({ url }) => url)).toContain(`${r4}elementdefinition-maxValueSet`);
  });

  test('mustSupport cannot be taken back', () => {
    const first = profile('Patient', [{ path: 'Patient.name', mustSupport: true }], 'first');
    const second = profile(first.url, [{ path: 'Patient.name', mustSupport: false }], 'second');
    expect(elementOf(snapshotOf(second, first), 'Patient.name').mustSupport).toBe(true);
  });

  test('a profile without a differential is its base', () => {
    expect(snapshotOf(profile('Patient', [])).map(({ id }) => id)).toContain('Patient.birthDate');
  });
});

describe('children', () => {
  test('of a data type', () => {
    const snapshot = snapshotOf(profile('Patient', [{ path: 'Patient.name.family', min: 1 }]));
    expect(idsUnder(snapshot, 'Patient.name')).toEqual(
      ['', '.id', '.extension', '.use', '.text', '.family', '.given', '.prefix', '.suffix', '.period'].map(
        (end) => `Patient.name${end}`,
      ),
    );
    expect(elementOf(snapshot, 'Patient.name.family')).toMatchObject({ min: 1, base: { path: 'HumanName.family' } });
    expect(elementOf(snapshot, 'Patient.name.given').max).toBe('*');
  });

  test('of a data type in a data type', () => {
    const snapshot = snapshotOf(profile('Patient', [{ path: 'Patient.identifier.assigner.display', max: '0' }]));
    expect(elementOf(snapshot, 'Patient.identifier.assigner.display').max).toBe('0');
    expect(idsUnder(snapshot, 'Patient.identifier.period')).toEqual(['Patient.identifier.period']);
  });

  test('of a primitive type: its extensions', () => {
    const snapshot = snapshotOf(
      profile('Patient', [
        {
          path: 'Patient.birthDate.extension',
          sliceName: 'time',
          type: [{ code: 'Extension', profile: [`${r4}patient-birthTime`] }],
        },
      ]),
    );
    expect(idsUnder(snapshot, 'Patient.birthDate.extension')).toEqual([
      'Patient.birthDate.extension',
      'Patient.birthDate.extension:time',
    ]);
  });

  test('of an id, whose type is of FHIRPath', () => {
    const snapshot = snapshotOf(profile('Patient', [{ path: 'Patient.id.extension', max: '0' }]));
    expect(idsUnder(snapshot, 'Patient.id')).toEqual(['Patient.id', 'Patient.id.id', 'Patient.id.extension']);
  });

  test('of a profile of a data type', () => {
    const type = [{ code: 'Quantity', profile: [`${r4}SimpleQuantity`] }];
    const snapshot = snapshotOf(
      profile('Observation', [
        { path: 'Observation.value[x]', type },
        { path: 'Observation.value[x].unit', min: 1 },
      ]),
    );
    expect(elementOf(snapshot, 'Observation.value[x].comparator').max).toBe('0');
    expect(elementOf(snapshot, 'Observation.value[x].unit').min).toBe(1);
  });

  test('of an unknown profile: those of the type', () => {
    const type = [{ code: 'Extension', profile: ['http://example.org/unknown'] }];
    const snapshot = snapshotOf(
      profile('Patient', [
        { path: 'Patient.extension', sliceName: 'a', type },
        { path: 'Patient.extension.url', fixedUri: 'http://example.org/unknown' },
      ]),
    );
    expect(elementOf(snapshot, 'Patient.extension:a.url').fixedUri).toBe('http://example.org/unknown');
    expect(elementOf(snapshot, 'Patient.extension:a.value[x]').max).toBe('1');
  });

  test('of several types: what every element has', () => {
    const snapshot = snapshotOf(profile('Observation', [{ path: 'Observation.value[x].extension', max: '0' }]));
    expect(idsUnder(snapshot, 'Observation.value[x]')).toEqual(
      ['', '.id', '.extension'].map((end) => `Observation.value[x]${end}`),
    );
  });

  test('of a content reference: those of what it refers to, and none of its constraints in this profile', () => {
    const snapshot = snapshotOf(
      profile('Observation', [
        { path: 'Observation.referenceRange.text', max: '0' },
        { path: 'Observation.component.referenceRange.low', min: 1 },
      ]),
    );
    const reference = elementOf(snapshot, 'Observation.component.referenceRange');
    expect(typesOf(reference)).toEqual(['BackboneElement']);
    expect(reference.contentReference).toBeUndefined();
    expect(elementOf(snapshot, 'Observation.component.referenceRange.low').min).toBe(1);
    expect(elementOf(snapshot, 'Observation.component.referenceRange.text').max).toBe('1');
  });

  test.each(['#Provenance.agent:Author', `${r4}Provenance#Provenance.agent`])(
    'of the content reference %s',
    (written) => {
      const provenance = withoutSnapshots.find(({ id }) => id === 'Provenance');
      const element = provenance?.snapshot?.element.map((one) =>
        one.contentReference === undefined ? one : { ...one, contentReference: written },
      );
      const base = { ...profile('Provenance', []), snapshot: { element: element ?? [] } };
      const heir = profile(base.url, [{ path: 'Provenance.entity.agent.who', max: '0' }], 'heir');
      expect(elementOf(snapshotOf(heir, base), 'Provenance.entity.agent.who').max).toBe('0');
    },
  );

  test('of a content reference into itself, as deep as is asked', () => {
    const snapshot = snapshotOf(
      profile('Questionnaire', [{ path: 'Questionnaire.item.item.item.linkId', maxLength: 9 }]),
    );
    expect(elementOf(snapshot, 'Questionnaire.item.item.item.linkId').maxLength).toBe(9);
    expect(elementOf(snapshot, 'Questionnaire.item.item.item.item').contentReference).toBe('#Questionnaire.item');
  });

  test('of a resource in a resource', () => {
    const snapshot = snapshotOf(
      profile('Bundle', [
        { path: 'Bundle.entry.resource', type: [{ code: 'Patient' }] },
        { path: 'Bundle.entry.resource.birthDate', min: 1 },
      ]),
    );
    expect(elementOf(snapshot, 'Bundle.entry.resource.birthDate').min).toBe(1);
  });
});
