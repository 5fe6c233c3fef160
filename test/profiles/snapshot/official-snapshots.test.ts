/** Snapshots made from differentials are those that HL7 publishes, but for peculiarities of its publisher that are listed here. https://hl7.org/fhir/R4/profiling.html#snapshot */
import { describe, expect, test } from '@jest/globals';
import type { ElementDefinition, StructureDefinition } from 'fhir/r4.js';
import { createSnapshots, isSnapshot, type Snapshot } from '../../../src/profiles/snapshot/create-snapshots.ts';
import { conformanceOf, differentialOf, official, snapshotIn, usCore, withoutSnapshots } from './definitions.ts';

/** What a check depends on, comparable. */
function factsOf(element: ElementDefinition): Readonly<Record<string, unknown>> {
  const { path, sliceName, min, max, base, maxLength, contentReference, mustSupport, slicing, binding } = element;
  const values = Object.entries(element).find(([name]) => /^(fixed|pattern|minValue|maxValue)[A-Z]/.test(name));
  return {
    path,
    sliceName,
    min,
    max,
    base: base && [base.path, base.min, base.max],
    maxLength,
    contentReference,
    mustSupport: mustSupport ?? false,
    slicing: slicing && [slicing.discriminator, slicing.rules, slicing.ordered ?? false],
    binding: binding && [binding.strength, binding.valueSet],
    type: element.type?.map(({ code, profile, targetProfile }) => [code, profile, targetProfile]),
    constraint: element.constraint?.map(({ key }) => key).sort(),
    values,
  };
}

const differs = (left: unknown, right: unknown): boolean => JSON.stringify(left) !== JSON.stringify(right);

/** The differences of two snapshots: `id`, and `absent`, `added` or the fact that differs. */
function differences(published: Snapshot, made: Snapshot): readonly string[] {
  const madeById = new Map(made.map((element) => [element.id, element]));
  const ids = new Set(published.map(({ id }) => id));
  const added = made.filter(({ id }) => !ids.has(id)).map(({ id }) => `${id} added`);
  const changed = published.flatMap((element) => {
    const other = madeById.get(element.id);
    if (!other) return [`${element.id} absent`];
    const facts = factsOf(other);
    const differing = Object.entries(factsOf(element)).filter(([name, fact]) => differs(fact, facts[name]));
    return differing.map(([name]) => `${element.id} ${name}`);
  });
  return [...changed, ...added];
}

const idsOf = (snapshot: Snapshot, among: Snapshot): readonly (string | undefined)[] => {
  const ids = new Set(among.map(({ id }) => id));
  return snapshot.map(({ id }) => id).filter((id) => ids.has(id));
};

interface Peculiarity {
  readonly reason: string;
  readonly in: readonly string[];
  readonly difference: RegExp;
}

const peculiarities: readonly Peculiarity[] = [
  {
    reason: 'the publisher makes valueQuantity a slice, but within a slice it renames value[x] and forgets the slicing',
    in: ['bp'],
    difference: /^Observation\.component:(Systolic|Diastolic)BP\.value\[x\]/,
  },
  {
    reason: 'the publisher unfolds the extensions of a profile of a data type, which constrains nothing in them',
    in: ['elementdefinition-de'],
    difference: /^ElementDefinition\.extension:(Question|AllowedUnits)\.[^.]+ absent$/,
  },
  {
    reason: 'the publisher leaves out what is sliced where the differential names slices only',
    in: ['catalog', 'familymemberhistory-genetic'],
    difference: / added$/,
  },
  {
    reason:
      'the publisher copies the rules of a profile into the element whose type it repeats; they are checked by that profile',
    in: ['cholesterol', 'hdlcholesterol', 'ldlcholesterol'],
    difference: /^Observation\.referenceRange\.(low|high) constraint$/,
  },
  {
    reason: 'the publisher lets a content reference lead to a slice, which is another name for the same children',
    in: ['provenance-relevant-history'],
    difference: /^Provenance\.entity\.agent contentReference$/,
  },
];

const isExplained = ({ id = '' }: StructureDefinition, found: string): boolean =>
  peculiarities.some((peculiarity) => peculiarity.in.includes(id) && peculiarity.difference.test(found));

const profiles = official.filter(({ derivation }) => derivation === 'constraint');
const differentialOnly = new Map(withoutSnapshots.map((definition) => [definition.url, definition]));
const snapshotOf = createSnapshots(conformanceOf(withoutSnapshots));

function made({ url }: StructureDefinition): Snapshot {
  const definition = differentialOnly.get(url);
  const result = definition && snapshotOf(definition);
  if (!result || !isSnapshot(result)) throw new Error(`${url}: ${JSON.stringify(result)}`);
  return result;
}

describe('the profiles and extensions of R4', () => {
  const compared = profiles.map((profile) => {
    const published = profile.snapshot?.element ?? [];
    return { profile, published, found: differences(published, made(profile)) };
  });

  test('there are 439 of them', () => {
    expect(profiles.map(({ type, kind }) => (type === 'Extension' ? type : kind)).sort()).toEqual([
      ...Array.from({ length: 393 }, () => 'Extension'),
      ...Array.from({ length: 3 }, () => 'complex-type'),
      ...Array.from({ length: 43 }, () => 'resource'),
    ]);
  });

  test('no element differs without a known reason', () => {
    const unexplained = compared.flatMap(({ profile, found }) =>
      found.filter((one) => !isExplained(profile, one)).map((one) => `${profile.id}: ${one}`),
    );
    expect(unexplained).toEqual([]);
  });

  test('99 % of the elements are equal in everything', () => {
    const total = compared.flatMap(({ published }) => published).length;
    const unequal = compared.flatMap(({ found }) => found.filter((one) => !one.endsWith(' added')));
    expect(total).toBe(5231);
    expect(unequal.length / total).toBeLessThan(0.01);
  });

  test('every peculiarity occurs', () => {
    for (const { in: ids, difference } of peculiarities) {
      const occurring = compared.filter(
        ({ profile, found }) => ids.includes(profile.id ?? '') && found.some((one) => difference.test(one)),
      );
      expect(occurring.map(({ profile }) => profile.id)).toEqual(ids);
    }
  });

  test('elements follow each other as published', () => {
    for (const { profile, published } of compared) {
      const own = made(profile);
      expect(idsOf(own, published)).toEqual(idsOf(published, own));
    }
  });
});

/** The same profile, its differential made anew from its snapshot. */
function restated(profile: StructureDefinition, snapshot: Snapshot, base: Snapshot): StructureDefinition {
  const { snapshot: _snapshot, ...others } = profile;
  return { ...others, differential: { element: differentialOf(snapshot, base) } };
}

function baseOf({ baseDefinition }: StructureDefinition): Snapshot {
  const base = differentialOnly.get(baseDefinition ?? '');
  return base?.derivation === 'constraint' ? made(base) : (base?.snapshot?.element ?? []);
}

test('the differential of a snapshot that was made makes the same snapshot', () => {
  for (const profile of profiles) {
    const snapshot = made(profile);
    const again = snapshotOf(restated(profile, snapshot, baseOf(profile)));
    expect(again).toEqual(snapshot);
  }
});

describe('US Core 5.0.1', () => {
  const onR4 = usCore.filter(({ baseDefinition = '' }) => differentialOnly.has(baseDefinition));

  test.each(onR4)('$id', (profile) => {
    const published = profile.snapshot?.element ?? [];
    const own = snapshotIn(withoutSnapshots, restated(profile, published, baseOf(profile)));
    expect(differences(published, own)).toEqual([]);
    expect(own.map(({ id }) => id)).toEqual(published.map(({ id }) => id));
  });

  test('a published snapshot is used as it is', () => {
    for (const profile of usCore) expect(snapshotOf(profile)).toBe(profile.snapshot?.element);
  });
});
