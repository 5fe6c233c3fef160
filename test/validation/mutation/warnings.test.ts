/** The rules that R4 states as warnings, each broken and kept. https://hl7.org/fhir/R4/conformance-rules.html#constraints */
import { describe, expect, it, test } from '@jest/globals';
import type { Resource } from '../../../src/fhir/resource.ts';
import { bundledValidator } from '../../support/validator.ts';
import { schemaInvariants } from './schema-invariants.ts';

type Json = Readonly<Record<string, unknown>>;

const validate = bundledValidator();

/** Keys of the rules that warnings tell of. */
const warnedBy = (resource: Resource): readonly string[] =>
  validate(resource, { level: 'warning' })
    .filter(({ severity }) => severity === 'warning')
    .map(({ diagnostics }) => diagnostics.split(':')[0] ?? '');

/** A ChargeItemDefinition has no name. */
const unbroken: ReadonlySet<string> = new Set(['cid-0']);

const rules = schemaInvariants().filter(({ severity }) => severity === 'warning');
const aboutNames = rules.filter(({ key }) => key.endsWith('-0') && !unbroken.has(key));

describe('a name that is no name for a machine', () => {
  test.each(aboutNames.map(({ key, type }) => [key, type] as const))('breaks %s of %s', (key, type) => {
    const named = (name: string): Resource => ({ resourceType: type, name });
    expect(warnedBy(named('not for machines'))).toContain(key);
    expect(warnedBy(named('lowerCase'))).toContain(key);
    expect(warnedBy(named('For_Machines_2'))).not.toContain(key);
    expect(warnedBy({ resourceType: type })).not.toContain(key);
  });
});

const coded = (system: string, code: string): Json => ({
  coding: [{ system: `http://terminology.hl7.org/CodeSystem/${system}`, code }],
});
const condition = (more: Json): Resource => ({
  resourceType: 'Condition',
  subject: { reference: 'Patient/1' },
  ...more,
});
const structure = (element: Json): Resource => ({
  resourceType: 'StructureDefinition',
  differential: { element: [{ id: 'Patient', path: 'Patient' }, element] },
});
const problem = { category: [coded('condition-category', 'problem-list-item')] };

const others: Readonly<Record<string, readonly [broken: Resource, kept: Resource]>> = {
  'con-3': [condition(problem), condition({ ...problem, clinicalStatus: coded('condition-clinical', 'active') })],
  'nor-1': [{ resourceType: 'NutritionOrder' }, { resourceType: 'NutritionOrder', oralDiet: { instruction: 'x' } }],
  'eld-20': [
    structure({ id: 'Patient.Name', path: 'Patient.Name' }),
    structure({ id: 'Patient.name', path: 'Patient.name' }),
  ],
  'eld-21': [
    structure({ id: 'Patient.name', path: 'Patient.name', constraint: [{ key: 'a', severity: 'error', human: 'x' }] }),
    structure({
      id: 'Patient.name',
      path: 'Patient.name',
      constraint: [{ key: 'a', severity: 'error', human: 'x', expression: 'true' }],
    }),
  ],
};

test.each(Object.entries(others))('%s is broken, and kept', (key, [broken, kept]) => {
  expect(warnedBy(broken)).toContain(key);
  expect(warnedBy(kept)).not.toContain(key);
});

it('these are all', () => {
  const tried = [...unbroken, ...aboutNames.map(({ key }) => key), ...Object.keys(others)];
  expect(rules.map(({ key }) => key).toSorted()).toEqual(tried.toSorted());
});
