import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from '@jest/globals';
import { loadDefinitions } from '../../src/definitions/load-definitions.ts';
import type { Resource } from '../../src/fhir/resource.ts';
import type { IndexContext } from '../../src/search/search-type.ts';
import { createPatientsOf } from '../../src/search/compartments.ts';
import { createIndexer } from '../../src/search/index-resource.ts';
import { createSearchParameters } from '../../src/search/parameters.ts';
import { searchTypes } from '../../src/search/types/index.ts';
import { recordingTypes } from './recording-types.ts';
import { readableHash } from './row-recorder.ts';
import { canonicalUnit } from './scope.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));
const definitions = loadDefinitions(`${root}schemas/r4`);
const parameters = createSearchParameters(definitions);
const patientsOf = createPatientsOf(definitions);
/** Keys that can be read. */
const hash = (text: string): string => `#${text}`;

const index = createIndexer({ definitions, parameters, types: recordingTypes, hash, patientsOf, canonicalUnit });
const example = (name: string): Resource =>
  JSON.parse(readFileSync(`${root}node_modules/hl7.fhir.r4.examples/${name}.json`, 'utf8')) as Resource;

describe('what official examples give to the search types', () => {
  test.each(['Patient-example', 'Observation-blood-pressure', 'Encounter-f201', 'Bundle-father'])('%s', (name) => {
    expect([...index(example(name)).rows.tokens].sort()).toMatchSnapshot();
  });
});

describe('createIndexer', () => {
  test('gives every resource the token of its type', () => {
    expect(index({ resourceType: 'Basic' }).rows.tokens).toEqual(['#type|Basic']);
  });

  test('keeps apart what is contained, each in its place', () => {
    const rows = (contained: readonly unknown[]) => index({ resourceType: 'Condition', contained }).rows;
    const { tokens, contained } = rows([
      { resourceType: 'Basic', id: 'b' },
      'none',
      { resourceType: 'Group', id: 'g', type: 'person' },
    ]);
    expect(tokens).toEqual(['#type|Condition']);
    expect(contained?.map(({ tokens: [first] }) => first)).toEqual(['#type|#Basic', undefined, '#type|#Group']);
    expect(contained?.[2]?.tokens).toContain('type (code) "person"');
    expect(contained?.[0]?.strings).toEqual([['#parameter|#Basic|_id', 'b']]);
    expect([rows([]).contained, index({ resourceType: 'Condition' }).rows.contained]).toEqual([undefined, undefined]);
  });

  test('gives no more rows than a body has parts', () => {
    const indexAll = createIndexer({ definitions, parameters, types: searchTypes, hash, patientsOf, canonicalUnit });
    const many = <Item>(itemOf: (index: number) => Item) =>
      Array.from({ length: 200 }, (_, position) => itemOf(position));
    const { rows } = indexAll({
      resourceType: 'MedicationRequest',
      subject: { reference: 'Patient/1' },
      medicationCodeableConcept: { coding: many((position) => ({ system: 'http://a.example', code: `c${position}` })) },
      dosageInstruction: [{ timing: { event: many((position) => `${1800 + position}-01-01`) } }],
    });
    const counts = [rows.tokens, rows.references, rows.dates, rows.strings].map(({ length }) => length);
    expect(Math.max(...counts)).toBeLessThan(5 * 200);
  });

  test('tells whose data it is', () => {
    expect(index({ resourceType: 'Observation', subject: { reference: 'Patient/p' } }).patients).toEqual(['p']);
  });

  test('leaves out what columns hold', () => {
    const observation = { resourceType: 'Observation', id: 'o', meta: { lastUpdated: '2020-01-01T00:00:00Z' } };
    expect(index(observation).rows.tokens).toEqual(['#type|Observation']);
  });

  test('hands on the context of each value', () => {
    const contexts: IndexContext[] = [];
    const date = { index: (_value: unknown, context: IndexContext) => void contexts.push(context) };
    const indexDates = createIndexer({
      definitions,
      parameters,
      types: { date },
      hash,
      patientsOf,
      canonicalUnit,
      baseUrl: 'https://vesta.example/fhir',
    });
    const observation = { resourceType: 'Observation', effectivePeriod: { start: '2020' } };
    indexDates(observation);
    indexDates(observation);
    expect(contexts[0]).toEqual({
      resourceType: 'Observation',
      code: 'date',
      key: '#parameter|Observation|date',
      hash,
      canonicalUnit,
      elementType: 'Period',
      baseUrl: 'https://vesta.example/fhir',
    });
    expect(contexts[1]).toBe(contexts[0]);
  });

  describe('what is often asked together', () => {
    const indexAll = createIndexer({
      definitions,
      parameters,
      types: searchTypes,
      hash: readableHash,
      patientsOf,
      canonicalUnit,
      everyReference: true,
    });
    const observation = {
      resourceType: 'Observation',
      id: 'o',
      status: 'final',
      code: { coding: [{ system: 's', code: 'c' }] },
      subject: { reference: 'Patient/p' },
      effectivePeriod: { start: '2020-01-01', end: '2020-03-01' },
      note: [{ authorReference: { reference: 'Practitioner/a' } }],
    };
    const { rows } = indexAll(observation);
    const [both, code] = ['both s c', 'code c'].map((form) => `token parameter|Observation|code ${form}`);

    test('a code stands under each patient, in both of its forms', () => {
      const found = rows.references.filter(([target]) => target.startsWith('patients'));
      expect(found).toEqual([
        [`patients ${both}`, 'Patient/p'],
        [`patients ${code}`, 'Patient/p'],
      ]);
    });

    test('nothing stands under a patient who is contained', () => {
      const within = {
        ...observation,
        contained: [{ resourceType: 'Patient', id: 'p' }],
        subject: { reference: '#p' },
      };
      const { references, dates } = indexAll(within).rows;
      expect(references.filter(([target]) => target.startsWith('patients'))).toEqual([]);
      expect(dates.filter(([key]) => key.startsWith('patient '))).toEqual([]);
    });

    test('a date stands under each code and each patient, long ones twice under codes', () => {
      const found = rows.dates.map(([key]) => key).filter((key) => !key.startsWith('parameter'));
      expect(found.toSorted()).toEqual(
        [
          `dated parameter|Observation|date ${both}`,
          `dated parameter|Observation|date ${code}`,
          'long parameter|Observation|date',
          `long dated parameter|Observation|date ${both}`,
          `long dated parameter|Observation|date ${code}`,
          'patient parameter|Observation|date Patient/p',
        ].toSorted(),
      );
    });

    test('presence is said only of what has no row to show it', () => {
      expect(rows.tokens.filter((token) => token.startsWith('present'))).toEqual([]);
      const unwritten = { ...observation, code: { coding: [{ system: 's' }] } };
      const present = indexAll(unwritten).rows.tokens.filter((token) => token.startsWith('present'));
      expect(present).toEqual(['present parameter|Observation|code']);
    });

    test('a reference stands under no parameter only where no parameter leads to it', () => {
      const found = rows.references.filter(([, parameter]) => parameter === 'parameter|any reference');
      expect(found.map(([target]) => target)).toEqual(['Practitioner/a']);
    });
  });

  test('keeps equal values once', () => {
    const { rows } = index({ resourceType: 'Patient', name: [{ family: 'A' }, { family: 'A' }] });
    expect(rows.tokens.filter((token) => token.startsWith('family'))).toEqual(['family (string) "A"']);
  });

  test('takes a resource in the place of a reference for one, if the parameter may point to it', () => {
    const document = (resourceType: string) => ({
      resourceType: 'Bundle',
      entry: [{ resource: { resourceType, id: 'x' } }],
    });
    expect(index(document('Composition')).rows.tokens).toEqual([
      '#type|Bundle',
      'composition (Reference) {"reference":"Composition/x"}',
    ]);
    expect(index(document('MessageHeader')).rows.tokens).toEqual([
      '#type|Bundle',
      'message (Reference) {"reference":"MessageHeader/x"}',
    ]);
    expect(index(document('Patient')).rows.tokens).toEqual(['#type|Bundle']);
  });

  test('indexes a custom search parameter that only fhirpath.js can run', () => {
    const custom = {
      url: 'http://custom',
      code: 'initials',
      type: 'string',
      base: ['Patient'],
      expression: 'Patient.name.given.select($this.substring(0, 1))',
    } as const;
    const registry = createSearchParameters({ ...definitions, searchParameters: [custom] });
    const indexCustom = createIndexer({
      definitions,
      parameters: registry,
      types: recordingTypes,
      hash,
      patientsOf,
      canonicalUnit,
    });
    expect(indexCustom({ resourceType: 'Patient', name: [{ given: ['Ann', 'Bea'] }] }).rows.tokens).toEqual([
      '#type|Patient',
      'initials (string) "A"',
      'initials (string) "B"',
      '#present\u0000#parameter|Patient|initials',
    ]);
  });
});
