/** Expressions that ask for more work than any rule needs have no answer, and do not take long to give none. https://hl7.org/fhirpath/N1/ */
import { describe, expect, it, test } from '@jest/globals';
import { loadDefinitions } from '../../../src/definitions/load-definitions.ts';
import { compileInvariant } from '../../../src/fhirpath/invariant/compile-invariant.ts';

const { elements } = loadDefinitions('schemas/r4');

const patient = {
  resourceType: 'Patient',
  name: Array.from({ length: 300 }, (_, index) => ({ family: `f${index}`, given: [`a${index}`, `b${index}`] })),
};

function evaluate(expression: string): boolean | undefined {
  const context = { resource: patient, rootResource: patient };
  return compileInvariant(expression, 'Patient', elements)(patient, context);
}

const ten = '(1|2|3|4|5|6|7|8|9|10)';
const nested = (depth: number): string => (depth === 0 ? ten : `${ten}.select(${nested(depth - 1)})`);

describe('an expression', () => {
  test.each([
    ['that makes ever longer texts', "'a'.repeat($this & 'a').exists()"],
    ['that counts for ever', '1.repeat($this + 1).exists()'],
    ['of lists in lists in lists', `${nested(9)}.count() > 1`],
    ['that doubles a text', "name.given.aggregate($total & $total & 'x', 'x').length() > 1"],
    ['that replaces everything by much', "'aaaaaaaaaa'.replace('a', 'b'.replace('b', 'cccccccccc')).exists().not()"],
  ])('%s is over soon', (_what, expression) => {
    expect(evaluate(expression)).not.toBe(true);
  });

  test.each([
    ['looks at every element', 'descendants().where($this is string).count() = 900', true],
    ['compares all with all', 'name.all(family in %resource.name.family)', true],
    ['repeats', 'name.repeat(given).count() = 600', true],
    ['adds up', 'name.given.aggregate($total + 1, 0) = 600', true],
    ['of lists in lists', `${nested(3)}.count() = 10000`, true],
  ])('that %s has an answer', (_what, expression, expected) => {
    expect(evaluate(expression)).toBe(expected);
  });

  it('does not run elsewhere when it might never end there', () => {
    expect(() => evaluate('today().exists() and 1.repeat($this + 1).exists()')).toThrow();
    expect(() => evaluate(`today().exists() and ${nested(5)}.exists()`)).toThrow();
    expect(evaluate('today() > @2000-01-01 and name.where(given.exists()).exists()')).toBe(true);
  });
});

it('has as much for the next check', () => {
  expect(evaluate(`${nested(9)}.count() > 1`)).toBeUndefined();
  expect(evaluate('name.where(family.exists()).count() = 300')).toBe(true);
});
