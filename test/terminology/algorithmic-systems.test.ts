import { describe, expect, it, test } from '@jest/globals';
import { createAlgorithmicSystems, isAlgorithmicSystem } from '../../src/terminology/algorithmic-systems.ts';

const systems = createAlgorithmicSystems();
const ucum = 'http://unitsofmeasure.org';

const knows = (system: string, code: string): boolean => systems(system)?.find(code) !== undefined;

describe('UCUM', () => {
  test.each([
    'mg',
    '%',
    '1',
    'mm[Hg]',
    '10*3/uL',
    '{score}',
    '{RBC}/[HPF]',
    '/min',
    'mL/min/{1.73_m2}',
    'g.m/s2',
    'm-2',
    "[arb'U]/mL",
    '[degF]',
    'Cel',
    'meq/L',
  ])('knows %s', (code) => {
    expect(knows(ucum, code)).toBe(true);
  });

  // names, symbols that people write, other spellings, and members of JavaScript's objects
  test.each([
    'foo',
    'kilogram',
    'Gauss',
    'mmHg',
    'mcg',
    'IU/L',
    'mEq/L',
    'degC',
    '°C',
    'µg',
    'hr',
    '2mg',
    'm//s',
    'mg/',
    'm g',
    'm\n',
    '{a b}',
    '{',
    '',
    'constructor',
    '__proto__',
    'toString/L',
    'm'.repeat(101),
  ])('does not know %j', (code) => {
    expect(knows(ucum, code)).toBe(false);
  });

  it('says what a unit is called', () => {
    expect(systems(ucum)?.find('mg')).toEqual({ display: 'milligram' });
  });

  it('remembers what it looked up, also that there is no such unit', () => {
    const many = Array.from({ length: 10_000 }, (_, index) => `m${index}x`);
    for (const code of [...many, ...many, 'mg', 'mg']) expect(knows(ucum, code)).toBe(code === 'mg');
  });
});

describe('other systems of rules', () => {
  it('know well-formed codes', () => {
    expect(knows('urn:ietf:bcp:47', 'en-US')).toBe(true);
    expect(knows('urn:ietf:bcp:47', 'english language')).toBe(false);
    expect(knows('urn:ietf:bcp:13', 'text/plain; charset=utf-8')).toBe(true);
    expect(knows('urn:ietf:bcp:13', 'text')).toBe(false);
  });

  it('are few', () => {
    expect(['urn:ietf:bcp:13', 'urn:ietf:bcp:47', ucum].every(isAlgorithmicSystem)).toBe(true);
    expect(isAlgorithmicSystem('http://loinc.org')).toBe(false);
    expect(systems('http://loinc.org')).toBeUndefined();
  });
});
