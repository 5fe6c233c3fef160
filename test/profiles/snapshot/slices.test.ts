/** Slices of lists and of choices, stated or implied. https://hl7.org/fhir/R4/profiling.html#slicing */
import { describe, expect, test } from '@jest/globals';
import { elementOf, idsUnder, profile, r4, resultOf, snapshotOf, typesOf, type Stated } from './small-profiles.ts';

const bySystem = { discriminator: [{ type: 'value' as const, path: 'system' }], rules: 'open' as const };

describe('slices', () => {
  const sliced: readonly Stated[] = [
    { path: 'Patient.identifier', slicing: bySystem, min: 1 },
    { path: 'Patient.identifier', sliceName: 'mrn', min: 1, max: '1' },
    { path: 'Patient.identifier.system', fixedUri: 'http://example.org/mrn' },
    { path: 'Patient.identifier', sliceName: 'other' },
  ];

  test('stand behind what they slice, with children of their own', () => {
    const snapshot = snapshotOf(profile('Patient', sliced));
    const children = ['', '.id', '.extension', '.use', '.type', '.system', '.value', '.period', '.assigner'];
    expect(idsUnder(snapshot, 'Patient.identifier')).toEqual([
      'Patient.identifier',
      ...children.map((end) => `Patient.identifier:mrn${end}`),
      'Patient.identifier:other',
    ]);
    expect(elementOf(snapshot, 'Patient.identifier:mrn.system')).toMatchObject({
      path: 'Patient.identifier.system',
      fixedUri: 'http://example.org/mrn',
    });
  });

  test('have no minimum and no slicing unless they state one', () => {
    const snapshot = snapshotOf(profile('Patient', sliced));
    expect(elementOf(snapshot, 'Patient.identifier')).toMatchObject({ min: 1, slicing: bySystem });
    const other = elementOf(snapshot, 'Patient.identifier:other');
    expect(other).toMatchObject({ sliceName: 'other', min: 0, max: '*' });
    expect(other.slicing).toBeUndefined();
  });

  test('are inherited, constrained further and joined by others', () => {
    const first = profile('Patient', sliced, 'first');
    const second = profile(
      first.url,
      [
        { path: 'Patient.identifier', sliceName: 'third' },
        { id: 'Patient.identifier:mrn.value', path: 'Patient.identifier.value', min: 1 },
      ],
      'second',
    );
    const snapshot = snapshotOf(second, first);
    expect(snapshot.flatMap(({ sliceName }) => sliceName ?? [])).toEqual(['mrn', 'other', 'third']);
    expect(elementOf(snapshot, 'Patient.identifier:mrn')).toMatchObject({ min: 1, max: '1' });
    expect(elementOf(snapshot, 'Patient.identifier:mrn.value').min).toBe(1);
    expect(elementOf(snapshot, 'Patient.identifier').slicing).toEqual(bySystem);
  });

  test('of slices follow them and begin as they are', () => {
    const first = profile('Patient', sliced, 'first');
    const again: readonly Stated[] = [
      { path: 'Patient.identifier', sliceName: 'mrn', slicing: { ...bySystem, rules: 'closed' } },
      { path: 'Patient.identifier', sliceName: 'mrn/old' },
      { path: 'Patient.identifier', sliceName: 'mrn/old/oldest' },
      { path: 'Patient.identifier', sliceName: 'fourth' },
      { path: 'Patient.identifier', sliceName: 'mrn/new' },
    ];
    const snapshot = snapshotOf(profile(first.url, again, 'second'), first);
    expect(snapshot.flatMap(({ sliceName }) => sliceName ?? [])).toEqual([
      'mrn',
      'mrn/old',
      'mrn/old/oldest',
      'mrn/new',
      'other',
      'fourth',
    ]);
    expect(elementOf(snapshot, 'Patient.identifier:mrn').slicing?.rules).toBe('closed');
    expect(elementOf(snapshot, 'Patient.identifier:mrn/old')).toMatchObject({ min: 0, max: '1' });
    expect(elementOf(snapshot, 'Patient.identifier:mrn/old.system').fixedUri).toBe('http://example.org/mrn');
  });

  test('within slices belong to the slice that was named last before them, with ids or without', () => {
    const stated: readonly Stated[] = [
      { path: 'Observation.component', sliceName: 'a' },
      { path: 'Observation.component.code.coding', slicing: bySystem },
      { path: 'Observation.component.code.coding', sliceName: 'x', min: 1 },
      { path: 'Observation.component.code.coding.system', fixedUri: 'http://example.org/x' },
      { path: 'Observation.component', sliceName: 'b' },
      { path: 'Observation.component.code.text', min: 1 },
    ];
    const snapshot = snapshotOf(profile('Observation', stated));
    expect(elementOf(snapshot, 'Observation.component:a.code.coding:x.system').fixedUri).toBe('http://example.org/x');
    expect(elementOf(snapshot, 'Observation.component:b.code.text').min).toBe(1);
    expect(elementOf(snapshot, 'Observation.component:a.code.text').min).toBe(0);
    expect(snapshot.some(({ id = '' }) => id.startsWith('Observation.component.code.'))).toBe(false);
  });

  test('made-up ids are passed over', () => {
    const stated: readonly Stated[] = [
      { id: '1', path: 'Patient.identifier', sliceName: 'mrn' },
      { id: '2', path: 'Patient.identifier.value', min: 1 },
    ];
    expect(elementOf(snapshotOf(profile('Patient', stated)), 'Patient.identifier:mrn.value').min).toBe(1);
  });

  test('of extensions are by url without saying so', () => {
    const type = [{ code: 'Extension', profile: [`${r4}patient-religion`] }];
    const snapshot = snapshotOf(profile('Patient', [{ path: 'Patient.extension', sliceName: 'religion', type }]));
    expect(elementOf(snapshot, 'Patient.extension').slicing).toMatchObject({
      discriminator: [{ type: 'value', path: 'url' }],
      rules: 'open',
    });
    expect(elementOf(snapshot, 'Patient.extension:religion')).toMatchObject({ type, max: '*' });
  });

  test('within an extension', () => {
    const snapshot = snapshotOf(
      profile('Extension', [
        { path: 'Extension.extension', sliceName: 'when', min: 1, max: '1' },
        { path: 'Extension.extension.url', fixedUri: 'when' },
        { path: 'Extension.extension.value[x]', type: [{ code: 'date' }] },
        { path: 'Extension.value[x]', max: '0' },
      ]),
    );
    expect(elementOf(snapshot, 'Extension.extension:when.url').fixedUri).toBe('when');
    expect(typesOf(elementOf(snapshot, 'Extension.extension:when.value[x]'))).toEqual(['date']);
    expect(elementOf(snapshot, 'Extension.value[x]').max).toBe('0');
  });
});

const byType = { discriminator: [{ type: 'type', path: '$this' }], ordered: false };

describe('choices', () => {
  test('valueQuantity is the slice of value[x] that is a Quantity, and nothing else is left', () => {
    const snapshot = snapshotOf(
      profile('Observation', [
        { path: 'Observation.valueQuantity', min: 1 },
        { path: 'Observation.valueQuantity.unit', min: 1 },
      ]),
    );
    const choice = elementOf(snapshot, 'Observation.value[x]');
    expect(choice).toMatchObject({ slicing: { ...byType, rules: 'closed' }, min: 0 });
    expect(typesOf(choice)).toEqual(['Quantity']);
    expect(elementOf(snapshot, 'Observation.value[x]:valueQuantity')).toMatchObject({
      path: 'Observation.value[x]',
      sliceName: 'valueQuantity',
      min: 1,
      type: [{ code: 'Quantity' }],
    });
    expect(elementOf(snapshot, 'Observation.value[x]:valueQuantity.unit').path).toBe('Observation.value[x].unit');
  });

  test('two of them leave two types', () => {
    const snapshot = snapshotOf(
      profile('Observation', [
        { path: 'Observation.valueQuantity' },
        { path: 'Observation.valueString', maxLength: 5 },
      ]),
    );
    expect(typesOf(elementOf(snapshot, 'Observation.value[x]'))).toEqual(['Quantity', 'string']);
    expect(elementOf(snapshot, 'Observation.value[x]:valueString')).toMatchObject({ maxLength: 5 });
  });

  test('where the slicing is stated, a shortcut is one more slice and narrows nothing', () => {
    const slicing = { discriminator: [{ type: 'type' as const, path: '$this' }], rules: 'open' as const };
    const snapshot = snapshotOf(
      profile('Observation', [
        { path: 'Observation.value[x]', slicing },
        { path: 'Observation.valueString', maxLength: 5 },
      ]),
    );
    expect(elementOf(snapshot, 'Observation.value[x]').slicing).toEqual(slicing);
    expect(typesOf(elementOf(snapshot, 'Observation.value[x]'))).toHaveLength(11);
    expect(typesOf(elementOf(snapshot, 'Observation.value[x]:valueString'))).toEqual(['string']);
  });

  test('a slice by the name of a type has that type, and the slicing is by type', () => {
    const snapshot = snapshotOf(
      profile('Observation', [
        { path: 'Observation.value[x]', sliceName: 'valueCodeableConcept' },
        { path: 'Observation.value[x].coding', min: 1 },
      ]),
    );
    expect(elementOf(snapshot, 'Observation.value[x]').slicing).toEqual({ ...byType, rules: 'open' });
    expect(typesOf(elementOf(snapshot, 'Observation.value[x]:valueCodeableConcept'))).toEqual(['CodeableConcept']);
    expect(elementOf(snapshot, 'Observation.value[x]:valueCodeableConcept.coding').min).toBe(1);
  });

  test.each([undefined, 'Observation.value[x]:valueQuantity'])('a shortcut may carry a slice name; id: %s', (id) => {
    const stated = { path: 'Observation.valueQuantity', sliceName: 'valueQuantity', min: 1, ...(id && { id }) };
    const snapshot = snapshotOf(profile('Observation', [stated]));
    expect(elementOf(snapshot, 'Observation.value[x]:valueQuantity')).toMatchObject({
      min: 1,
      sliceName: 'valueQuantity',
    });
  });

  test('an inherited slice is found by its shortcut', () => {
    const snapshot = snapshotOf(
      profile(`${r4}bodyweight`, [{ path: 'Observation.valueQuantity.comparator', max: '0' }]),
    );
    expect(elementOf(snapshot, 'Observation.value[x]:valueQuantity.comparator').max).toBe('0');
    expect(elementOf(snapshot, 'Observation.value[x]:valueQuantity.unit').min).toBe(1);
  });

  test('a type that the base has taken away cannot be named', () => {
    expect(resultOf(profile(`${r4}bodyweight`, [{ path: 'Observation.valueString', min: 1 }]))).toMatchObject({
      issue: { severity: 'error', code: 'processing' },
    });
  });
});
