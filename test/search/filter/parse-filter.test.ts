import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { FhirError } from '../../../src/fhir/fhir-error.ts';
import type { FilterExpression } from '../../../src/search/filter/filter-expression.ts';
import { parseFilter } from '../../../src/search/filter/parse-filter.ts';

const is = (name: string, operator: string, value: string) => ({
  kind: 'comparison',
  path: [{ name }],
  operator,
  value,
});

describe('parseFilter', () => {
  test.each<[string, unknown]>([
    ['given eq "peter"', is('given', 'eq', 'peter')],
    ['birthdate ge 2014-10-10', is('birthdate', 'ge', '2014-10-10')],
    ['code eq http://loinc.org|1234-5', is('code', 'eq', 'http://loinc.org|1234-5')],
    ['given co "a \\"b\\" \\\\"', is('given', 'co', 'a "b" \\')],
    ['a eq 1 and b eq 2', { kind: 'and', operands: [is('a', 'eq', '1'), is('b', 'eq', '2')] }],
    [
      'a eq 1 or b eq 2 and c eq 3',
      {
        kind: 'and',
        operands: [{ kind: 'or', operands: [is('a', 'eq', '1'), is('b', 'eq', '2')] }, is('c', 'eq', '3')],
      },
    ],
    [
      'a eq 1 or (b eq 2 and c eq 3)',
      {
        kind: 'or',
        operands: [is('a', 'eq', '1'), { kind: 'and', operands: [is('b', 'eq', '2'), is('c', 'eq', '3')] }],
      },
    ],
    ['a ni v', is('a', 'ni', 'v')],
    [
      '(a eq 1 or b eq 2) and c eq 3',
      {
        kind: 'and',
        operands: [{ kind: 'or', operands: [is('a', 'eq', '1'), is('b', 'eq', '2')] }, is('c', 'eq', '3')],
      },
    ],
    ['not (a eq 1)', { kind: 'not', operand: is('a', 'eq', '1') }],
    ['not(a eq 1)', { kind: 'not', operand: is('a', 'eq', '1') }],
    ['not eq 1', is('not', 'eq', '1')],
    ['and eq and', is('and', 'eq', 'and')],
    [' ( a  pr true ) ', is('a', 'pr', 'true')],
    [
      'subject:Patient.name co "x"',
      { kind: 'comparison', path: [{ name: 'subject:Patient' }, { name: 'name' }], operator: 'co', value: 'x' },
    ],
    [
      'related[type eq comp].target eq 1',
      {
        kind: 'comparison',
        path: [{ name: 'related', filter: is('type', 'eq', 'comp') }, { name: 'target' }],
        operator: 'eq',
        value: '1',
      },
    ],
  ])('%s', (text, expression) => {
    expect(parseFilter(text)).toEqual(expression);
  });

  test.each([
    '',
    'secret',
    'a eq',
    'a xx secret',
    'a eq "secret',
    'a eq "secret\\n"',
    'a eq 1 b',
    'a eq 1 and',
    '(a eq secret',
    'a eq 1)',
    'a[b eq 1] eq 2',
    'a. eq 1',
    '1 eq 1',
    `${'('.repeat(30)}a eq 1${')'.repeat(30)}`,
    Array.from({ length: 201 }, () => 'a eq 1').join(' and '),
    'x'.repeat(9_000),
  ])('refuses %j and tells the place', (text) => {
    const refusal = expect.objectContaining({
      status: 400,
      issues: [
        expect.objectContaining({ expression: ['http._filter'], diagnostics: expect.not.stringContaining('secret') }),
      ],
    });
    expect(() => parseFilter(text)).toThrow(refusal);
  });

  const print = (expression: FilterExpression): string => {
    switch (expression.kind) {
      case 'comparison': {
        const path = expression.path.map(({ name, filter }) => name + (filter ? `[${print(filter)}]` : '')).join('.');
        return `${path} ${expression.operator} "${expression.value.replaceAll(/["\\]/g, '\\$&')}"`;
      }
      case 'not':
        return `not(${print(expression.operand)})`;
      default:
        return `(${expression.operands.map(print).join(` ${expression.kind} `)})`;
    }
  };

  const { expression: expressions } = fc.letrec<{ expression: FilterExpression; comparison: FilterExpression }>(
    (tie) => ({
      comparison: fc.record({
        kind: fc.constant('comparison' as const),
        path: fc.array(fc.record({ name: fc.constantFrom('a', 'b:C', 'not', 'd-e') }), { minLength: 1, maxLength: 3 }),
        operator: fc.constantFrom('eq' as const, 'co' as const, 'pr' as const),
        value: fc.string(),
      }),
      expression: fc.oneof(
        { maxDepth: 4 },
        tie('comparison'),
        fc.record({ kind: fc.constant('not' as const), operand: tie('expression') }),
        fc.record({
          kind: fc.constantFrom('and' as const, 'or' as const),
          operands: fc.array(tie('expression'), { minLength: 2, maxLength: 3 }),
        }),
      ),
    }),
  );

  test('reads what was printed', () => {
    fc.assert(fc.property(expressions, (expression) => expect(parseFilter(print(expression))).toEqual(expression)));
  });

  test('of anything else throws nothing but a refusal', () => {
    const pieces = fc.constantFrom(
      'a',
      ' ',
      'eq',
      '(',
      ')',
      '[',
      ']',
      '.',
      '"',
      '\\',
      'and',
      'or',
      'not',
      '\u0000',
      '1',
    );
    fc.assert(
      fc.property(fc.array(pieces, { maxLength: 30 }), (parts) => {
        try {
          parseFilter(parts.join(''));
        } catch (error) {
          expect(error).toBeInstanceOf(FhirError);
        }
      }),
    );
  });
});
