import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { createSubsetter } from '../../../src/search/subset/create-subsetter.ts';
import type { Subset } from '../../../src/search/subset/subset.ts';
import { brokenExamples } from '../../support/broken-examples.ts';
import { bundledValidator } from '../../support/validator.ts';
import { definitions } from '../registry.ts';

const subset = createSubsetter(definitions.elements);
const tag = '{"system":"http://terminology.hl7.org/CodeSystem/v3-ObservationValue","code":"SUBSETTED"}';

const observation = `{"resourceType":"Observation","id":"o","meta":{"versionId":"1","tag":[{"code":"mine"}]},
 "text":{"status":"generated","div":"<div>x</div>"},"status":"final","_status":{"id":"s"},
 "code":{"text":"c"},"valueQuantity":{"value":1.00,"unit":"mg"},"note":[{"text":"n"}],
 "component":[{"code":{"text":"d"},"valueInteger":1,"interpretation":[{"text":"high"}]}]}`;

const mark = `"meta":{"versionId":"1","tag":[{"code":"mine"},${tag}]}`;

describe('createSubsetter', () => {
  test.each<[Subset, string]>([
    [
      { kind: 'elements', elements: ['value'] },
      `{"resourceType":"Observation","id":"o",${mark},"status":"final","_status":{"id":"s"},"code":{"text":"c"},"valueQuantity":{"value":1.00,"unit":"mg"}}`,
    ],
    [
      { kind: 'elements', elements: ['Observation.note', 'Patient.name'] },
      `{"resourceType":"Observation","id":"o",${mark},"status":"final","_status":{"id":"s"},"code":{"text":"c"},"note":[{"text":"n"}]}`,
    ],
    [
      { kind: 'summary', mode: 'text' },
      `{"resourceType":"Observation","id":"o",${mark},"text":{"status":"generated","div":"<div>x</div>"},"status":"final","_status":{"id":"s"},"code":{"text":"c"}}`,
    ],
    [
      { kind: 'summary', mode: 'true' },
      `{"resourceType":"Observation","id":"o",${mark},"status":"final","_status":{"id":"s"},"code":{"text":"c"},"valueQuantity":{"value":1.00,"unit":"mg"},"component":[{"code":{"text":"d"},"valueInteger":1}]}`,
    ],
  ])('%j', (wanted, expected) => {
    expect(subset(observation, 'Observation', wanted)).toBe(expected);
  });

  test('leaves out the narrative alone, and marks once', () => {
    const once = subset(observation, 'Observation', { kind: 'summary', mode: 'data' });
    expect(once).not.toContain('"text":{"status"');
    expect(once).toContain('"note"');
    expect(subset(once, 'Observation', { kind: 'summary', mode: 'data' })).toBe(once);
  });

  test('makes a meta where there is none', () => {
    const patient = subset('{"resourceType":"Patient","active":true}', 'Patient', { kind: 'elements', elements: [] });
    expect(patient).toBe(`{"resourceType":"Patient","meta":{"tag":[${tag}]}}`);
  });

  const folder = path.dirname(new URL(import.meta.resolve('hl7.fhir.r4.examples/package.json')).pathname);
  const types: ReadonlySet<string> = new Set([
    'Patient',
    'Observation',
    'Encounter',
    'Condition',
    'Claim',
    'CarePlan',
    'Questionnaire',
    'Medication',
  ]);
  const examples = readdirSync(folder).filter((name) => types.has(name.split('-')[0] ?? '') && name.endsWith('.json'));
  const validate = bundledValidator();
  const modes: readonly Subset[] = [
    { kind: 'summary', mode: 'data' },
    { kind: 'summary', mode: 'true' },
    { kind: 'summary', mode: 'text' },
    { kind: 'elements', elements: ['identifier'] },
  ];

  test.each(modes)('official examples stay readable, and structurally valid: %j', (mode) => {
    const faults = examples.flatMap((name) => {
      if (name in brokenExamples) return [];
      const text = readFileSync(path.join(folder, name), 'utf8');
      const [type = ''] = name.split('-');
      const resource = JSON.parse(subset(text, type, mode)) as { resourceType: string; meta: { profile?: unknown } };
      // a profile may require what no summary has
      delete resource.meta.profile;
      // rules may speak of elements that were left out
      const issues = validate(resource).filter(
        ({ severity, code }) => severity === 'error' && ['required', 'structure'].includes(code),
      );
      return issues.map(({ diagnostics }) => `${name}: ${diagnostics}`);
    });
    expect(examples.length).toBeGreaterThan(150);
    expect(faults).toEqual([]);
  });
});
