import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { loadDefinitions } from '../../../src/definitions/load-definitions.ts';
import { compileInvariant } from '../../../src/fhirpath/invariant/compile-invariant.ts';
import { officialInvariants } from './official-invariants.ts';

const { elements } = loadDefinitions('schemas/r4');

type Truth = boolean | undefined;

/** An expression and what it is of the patient below. */
interface Statement {
  readonly text: string;
  readonly truth: Truth;
}

const patient = { resourceType: 'Patient', active: true, gender: 'female', name: [{ use: 'usual' }] };
const context = { resource: patient, rootResource: patient };
const evaluate = (text: string): Truth => compileInvariant(text, 'Patient', elements)(patient, context);

const atoms: readonly Statement[] = [
  { text: 'true', truth: true },
  { text: 'active', truth: true },
  { text: 'name.exists()', truth: true },
  { text: "gender = 'female'", truth: true },
  { text: 'name.all(use.exists())', truth: true },
  { text: 'false', truth: false },
  { text: 'photo.exists()', truth: false },
  { text: 'name.family.exists()', truth: false },
  { text: "name.where(use = 'old').exists()", truth: false },
  { text: '{}', truth: undefined },
  { text: "language = 'de'", truth: undefined },
  { text: 'deceased', truth: undefined },
];

/** Tables of https://hl7.org/fhirpath/N1/#boolean-logic, told by what is enough to know. */
const operators: Readonly<Record<string, (left: Truth, right: Truth) => Truth>> = {
  and: (left, right) =>
    left === false || right === false ? false : left === true && right === true ? true : undefined,
  or: (left, right) => (left === true || right === true ? true : left === false && right === false ? false : undefined),
  xor: (left, right) => (left === undefined || right === undefined ? undefined : left !== right),
  implies: (left, right) =>
    left === false || right === true ? true : left === true && right === false ? false : undefined,
};

const { statement } = fc.letrec<{ statement: Statement }>((tie) => ({
  statement: fc.oneof(
    { maxDepth: 5, withCrossShrink: true },
    fc.constantFrom(...atoms),
    tie('statement').map(({ text, truth }) => ({
      text: `(${text}).not()`,
      truth: truth === undefined ? undefined : !truth,
    })),
    fc
      .tuple(tie('statement'), fc.constantFrom(...Object.keys(operators)), tie('statement'))
      .map(([left, operator, right]) => ({
        text: `(${left.text} ${operator} ${right.text})`,
        truth: operators[operator]?.(left.truth, right.truth),
      })),
  ),
}));

describe('logic of three values', () => {
  test('holds for statements of any depth', () => {
    fc.assert(
      fc.property(statement, ({ text, truth }) => expect(evaluate(text)).toBe(truth)),
      { numRuns: 500 },
    );
  });

  test('not (a and b) is not a or not b', () => {
    fc.assert(
      fc.property(statement, statement, ({ text: a }, { text: b }) =>
        expect(evaluate(`(${a} and ${b}).not()`)).toBe(evaluate(`(${a}).not() or (${b}).not()`)),
      ),
    );
  });

  test('a implies b is not a or b', () => {
    fc.assert(
      fc.property(statement, statement, ({ text: a }, { text: b }) =>
        expect(evaluate(`${a} implies ${b}`)).toBe(evaluate(`(${a}).not() or ${b}`)),
      ),
    );
  });
});

const rules = officialInvariants().map(({ expression, type }) => ({
  type,
  names: expression.match(/[a-z][A-Za-z]+/g) ?? [],
  invariant: compileInvariant(expression, type, elements),
}));

/** Values of any shape under the names that a rule asks for: what no schema has checked yet. */
const oddValue = (names: readonly string[]) => {
  const { value } = fc.letrec((tie) => ({
    value: fc.oneof(
      { maxDepth: 3 },
      fc.constantFrom(null, true, 0, 1.5, '', 'a', '#a', 'P1Y', '2020-13-45T99:99', '\u{1F600}', '__proto__'),
      fc.array(tie('value'), { maxLength: 3 }),
      fc.dictionary(fc.constantFrom(...names, 'resourceType', 'reference', 'constructor', 'toString'), tie('value'), {
        noNullPrototype: true,
      }),
    ),
  }));
  return value;
};

test('no value makes a rule throw', () => {
  const odd = fc.constantFrom(...rules).chain((rule) => fc.tuple(fc.constant(rule), oddValue(rule.names)));
  fc.assert(
    fc.property(odd, odd, ([{ invariant }, value], [, sibling]) => {
      const resource = typeof value === 'object' && value !== null ? value : {};
      expect([true, false, undefined]).toContain(invariant(value, { resource, rootResource: resource }, sibling));
    }),
    { numRuns: 3_000 },
  );
});
