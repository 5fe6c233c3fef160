import { describe, expect, test } from '@jest/globals';
import { inOneUnit, type Measured, Measurements } from '../../src/operations/measurements.ts';
import { createCanonicalUnits } from '../../src/search/canonical-quantity.ts';

const ucum = 'http://unitsofmeasure.org';
const canonicalUnit = createCanonicalUnits();

const measured = (number: number, code: string): Measured => ({ number, code });

describe('in one unit', () => {
  test.each<[string, readonly Measured[], string | undefined, readonly number[] | undefined]>([
    ['nothing', [], undefined, []],
    ['equal units as they are', [measured(5, 'mg'), measured(7, 'mg')], 'mg', [5, 7]],
    ['that of the first', [measured(5, 'mg'), measured(0.007, 'g')], 'mg', [5, 7]],
    ['that of the first, the other way', [measured(0.005, 'g'), measured(7, 'mg')], 'g', [0.005, 0.007]],
    ['temperatures, which have an offset', [measured(37, 'Cel'), measured(98.6, '[degF]')], 'Cel', [37, 37]],
    ['from Fahrenheit', [measured(98.6, '[degF]'), measured(37, 'Cel')], '[degF]', [98.6, 98.6]],
    ['what nobody knows, if it is the same', [measured(1, 'blips'), measured(2, 'blips')], 'blips', [1, 2]],
    ['what cannot be converted', [measured(5, 'mg'), measured(7, 'mm')], undefined, undefined],
    ['moles and grams', [measured(5, 'mmol/L'), measured(90, 'mg/dL')], undefined, undefined],
    ['what grows by powers', [measured(7, '[pH]'), measured(1, 'mol/L')], undefined, undefined],
    ['one that nobody knows', [measured(7, 'mg'), measured(1, 'blips')], undefined, undefined],
  ])('%s', (_name, values, code, numbers) => {
    const found = inOneUnit(values, canonicalUnit);
    expect([found?.unit?.code, found?.numbers]).toEqual([numbers && code, numbers]);
  });
});

const coding = (code: string) => ({ system: 's', code });
const concept = (...codes: string[]) => ({ coding: codes.map(coding) });
const quantity = (value: unknown, more: object = {}) => ({ value, system: ucum, code: 'mg', ...more });

/** `code`, number of values, and of all. */
function groupsOf(wanted: readonly string[], observations: readonly Record<string, unknown>[]) {
  const measurements = new Measurements(wanted.map(coding));
  observations.forEach((observation, index) => measurements.add({ id: String(index), ...observation }));
  return measurements.groups().map((group) => [group.coding.code, group.values.length, group.total]);
}

describe('values', () => {
  test.each<[string, Record<string, unknown>, number, number]>([
    ['a quantity', { valueQuantity: quantity(1) }, 1, 1],
    ['zero', { valueQuantity: quantity(0) }, 1, 1],
    ['no value', {}, 0, 1],
    ['a reason for none', { dataAbsentReason: { text: 'x' } }, 0, 1],
    ['a text', { valueString: '5' }, 0, 1],
    ['less than', { valueQuantity: quantity(1, { comparator: '<' }) }, 0, 1],
    ['no code', { valueQuantity: { value: 1, unit: 'mg' } }, 0, 1],
    ['another system of units', { valueQuantity: quantity(1, { system: 'urn:x' }) }, 0, 1],
    ['no number', { valueQuantity: quantity(undefined) }, 0, 1],
    ['a modifier extension', { valueQuantity: quantity(1), modifierExtension: [{ url: 'urn:not' }] }, 0, 1],
    ['an error', { valueQuantity: quantity(1), status: 'entered-in-error' }, 0, 0],
  ])('%s', (_name, members, values, total) => {
    expect(groupsOf(['a'], [{ code: concept('a'), ...members }])).toEqual([['a', values, total]]);
  });

  test('are grouped by the code that was asked for, otherwise by the first', () => {
    const panel = {
      code: concept('panel'),
      component: [
        { code: concept('x', 'a'), valueQuantity: quantity(1) },
        { code: concept('y', 'z'), valueQuantity: quantity(2) },
        { code: { text: 'no code' }, valueQuantity: quantity(3) },
      ],
    };
    expect(groupsOf(['a'], [panel, panel])).toEqual([['a', 2, 2]]);
    expect(groupsOf(['panel'], [panel])).toEqual([
      ['x', 1, 1],
      ['y', 1, 1],
    ]);
    expect(groupsOf(['panel', 'a', 'nowhere'], [panel])).toEqual([
      ['a', 1, 1],
      ['y', 1, 1],
      ['nowhere', 0, 0],
    ]);
  });

  test('of a panel count with those of its parts', () => {
    const panel = { code: concept('a'), valueQuantity: quantity(1), component: [{ code: concept('b') }] };
    expect(groupsOf(['a'], [panel])).toEqual([
      ['a', 1, 1],
      ['b', 0, 1],
    ]);
  });

  test('count once', () => {
    const same = { id: 'same', code: concept('a'), valueQuantity: quantity(1) };
    expect(groupsOf(['a'], [same, same])).toEqual([['a', 1, 1]]);
  });

  test('of something that is modified count in none of its parts', () => {
    const component = [{ code: concept('a'), valueQuantity: quantity(1) }];
    expect(groupsOf(['a'], [{ code: concept('p'), modifierExtension: [{ url: 'u' }], component }])).toEqual([
      ['a', 0, 1],
    ]);
  });
});

test('members are Observations of this server, of panels that were asked for', () => {
  const measurements = new Measurements([coding('a')]);
  const hasMember = ['Observation/1', 'http://here/Observation/2', 'http://there/Observation/3', 'MolecularSequence/4'];
  const panel = { id: 'p', code: concept('a'), hasMember: hasMember.map((reference) => ({ reference })) };
  const options = { isMember: false, baseUrl: 'http://here' };
  expect(measurements.membersOf(panel, options)).toEqual(['1', '2']);
  expect(measurements.membersOf({ ...panel, code: concept('b') }, options)).toEqual([]);
  expect(measurements.membersOf({ ...panel, code: concept('b') }, { ...options, isMember: true })).toEqual(['1', '2']);
  measurements.add({ id: '1', code: concept('a') });
  expect(measurements.membersOf(panel, options)).toEqual(['2']);
});
