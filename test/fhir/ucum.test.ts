import { expect, jest, test } from '@jest/globals';
import { loadUcum } from '../../src/fhir/ucum.ts';

const ucum = loadUcum();

test('a unit is what it measures and what it is called', () => {
  expect(ucum.unitOf('mg')).toMatchObject({ name_: 'milligram', magnitude_: 0.001 });
  expect(ucum.convert(37, 'Cel', 'K')).toBeCloseTo(310.15);
});

test('nothing that is asked for reaches the console', () => {
  const log = jest.spyOn(console, 'log').mockImplementation(() => {});
  for (const code of ['()', ')(', 'm()', '{', '%|+7()]29647([2/s', 'Gauss']) expect(ucum.unitOf(code)).toBeUndefined();
  expect(log).not.toHaveBeenCalled();
  log.mockRestore();
});
