/** Profiles, references and value sets that lead back to themselves: a check looks at each of them once. https://hl7.org/fhir/R4/profiling.html */
import { describe, expect, it } from '@jest/globals';
import type { Resource } from '../../../src/fhir/resource.ts';
import { element, faultsBy, profile, profileUrl } from './profile.ts';

const reference = (type: string, ...targets: readonly string[]) => ({
  type: [{ code: type, targetProfile: targets.map(profileUrl) }],
});

describe('references in circles', () => {
  const faults = faultsBy([
    profile('set', 'Bundle', [
      element('Bundle.entry.resource', { type: [{ code: 'Patient', profile: [profileUrl('linked')] }] }),
    ]),
    profile('linked', 'Patient', [
      element('Patient.gender', { min: 1 }),
      element('Patient.link.other', reference('Reference', 'linked')),
    ]),
  ]);

  /** Patients who are all linked with each other. */
  const linked = (count: number, gendered: number): Resource => ({
    resourceType: 'Bundle',
    type: 'collection',
    entry: Array.from({ length: count }, (_, index) => ({
      fullUrl: `http://a.example/fhir/Patient/${index}`,
      resource: {
        resourceType: 'Patient',
        id: String(index),
        ...(index < gendered && { gender: 'female' }),
        link: Array.from({ length: count }, (_none, other) => ({
          other: { reference: `Patient/${other}` },
          type: 'seealso',
        })),
      },
    })),
  });

  it('are followed once', () => {
    expect(faults(linked(20, 20))).toEqual([]);
  });

  it('tell each fault where it is', () => {
    const found = faults(linked(3, 2));
    expect(found).toContain('Bundle.entry[2].resource.gender');
    expect(found).toContain('Bundle.entry[0].resource.link[2].other');
    expect(found.filter((one) => one.endsWith('.gender'))).toEqual(['Bundle.entry[2].resource.gender']);
  });
});

it('a profile whose root must be of itself or another', () => {
  const either = [{ code: 'Patient', profile: [profileUrl('a'), profileUrl('b')] }];
  const faults = faultsBy([
    profile('a', 'Patient', [element('Patient', { type: either })]),
    profile('b', 'Patient', [element('Patient', { type: either }), element('Patient.gender', { min: 1 })]),
  ]);
  expect(faults({ resourceType: 'Patient' })).toEqual([]);
});

it('an extension of itself, in a slice and beside it', () => {
  const self = { type: [{ code: 'Extension', profile: [profileUrl('e')] }] };
  const slicing = { discriminator: [{ type: 'value', path: 'url' }], rules: 'open' };
  const faults = faultsBy([
    profile('p', 'Patient', []),
    profile('e', 'Extension', [
      element('Extension.extension', { slicing, ...self }),
      element('Extension.extension:e', self),
      element('Extension.url', { fixedUri: profileUrl('e') }),
    ]),
  ]);
  let extension: object = { url: profileUrl('e'), valueString: 'x' };
  for (let level = 0; level < 25; level += 1) extension = { url: profileUrl('e'), extension: [extension] };
  expect(faults({ resourceType: 'Patient', extension: [extension] })).toEqual([]);
});

it('a list that has too many elements for so many slices', () => {
  const slices = Array.from({ length: 400 }, (_, index) => [
    element(`Patient.identifier:s${index}`),
    element(`Patient.identifier:s${index}.system`, { fixedUri: `http://b.example/${index}` }),
  ]);
  const slicing = { discriminator: [{ type: 'value', path: 'system' }], rules: 'open' };
  const faults = faultsBy([
    profile('sliced', 'Patient', [element('Patient.identifier', { slicing }), ...slices.flat()]),
  ]);
  const patient = (count: number): Resource => ({
    resourceType: 'Patient',
    identifier: Array.from({ length: count }, (_, index) => ({ system: 'http://c.example', value: String(index) })),
  });
  expect(faults(patient(1_000))).toEqual([]);
  expect(faults(patient(50_000))).toEqual(['Patient.identifier']);
});
