import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { FhirError } from '../../src/fhir/fhir-error.ts';
import { type Expression, typeNameOf } from '../../src/fhirpath/ast.ts';
import { parse } from '../../src/fhirpath/parse.ts';
import { print } from '../../src/fhirpath/print.ts';
import { officialInvariants, officialSearchExpressions } from './official-expressions.ts';

/** The tree as nested lists, operator first. */
function outline(node: Expression | undefined): unknown {
  if (!node) return '';
  switch (node.kind) {
    case 'empty':
      return '{}';
    case 'literal':
      return `${node.type} ${node.text}`;
    case 'quantity':
      return `${node.value} ${node.system} ${node.unit}`;
    case 'variable':
      return `$${node.name}`;
    case 'constant':
      return `%${node.name}`;
    case 'member':
      return node.input ? ['.', outline(node.input), node.name] : node.name;
    case 'call':
      return [`${node.name}()`, outline(node.input), ...node.arguments.map(outline)];
    case 'indexer':
      return ['[]', outline(node.input), outline(node.index)];
    case 'polarity':
      return [node.operator, outline(node.operand)];
    case 'type':
      return [node.operator, outline(node.operand), node.type];
    default:
      return [node.operator, outline(node.left), outline(node.right)];
  }
}

/** Without positions. */
const bare = (node: Expression): unknown =>
  JSON.parse(JSON.stringify(node, (key, value: unknown) => (key === 'position' ? undefined : value)));

describe('terms', () => {
  test.each<[string, unknown]>([
    ['{}', '{}'],
    ['{ }', '{}'],
    ['true', 'boolean true'],
    ["'a b'", 'string a b'],
    ['42', 'integer 42'],
    ['1.50', 'decimal 1.50'],
    ['@2020-02', 'date 2020-02'],
    ['@2020-02-03T10:00Z', 'dateTime 2020-02-03T10:00Z'],
    ['@T10:00', 'time T10:00'],
    ["4.5 'mg'", '4.5 ucum mg'],
    ['1 day', '1 calendar day'],
    ['3 months', '3 calendar months'],
    ['$this', '$this'],
    ['%resource', '%resource'],
    ["%'vs-name'", '%vs-name'],
    ['%`ext-name`', '%ext-name'],
    ['%"ext-name"', '%ext-name'],
    ['((a))', 'a'],
    ['`div`', 'div'],
    ['`true`', 'true'],
    ['as', 'as'],
    ['contains', 'contains'],
    ['day', 'day'],
  ])('%s', (source, expected) => {
    expect(outline(parse(source))).toEqual(expected);
  });
});

describe('paths', () => {
  test.each<[string, unknown]>([
    ['Patient.name.given', ['.', ['.', 'Patient', 'name'], 'given']],
    ['text.`div`.exists()', ['exists()', ['.', 'text', 'div']]],
    ['entry[0].resource', ['.', ['[]', 'entry', 'integer 0'], 'resource']],
    ['a[b.count() - 1]', ['[]', 'a', ['-', ['count()', 'b'], 'integer 1']]],
    ["a.where(b = 'c')", ['where()', 'a', ['=', 'b', 'string c']]],
    ['iif(a, b, {})', ['iif()', '', 'a', 'b', '{}']],
    ['today()', ['today()', '']],
    ['value.as(Quantity)', ['as()', 'value', 'Quantity']],
    ['value.is(System.String)', ['is()', 'value', ['.', 'System', 'String']]],
    ['a.contains(b)', ['contains()', 'a', 'b']],
    ['repeat($this)', ['repeat()', '', '$this']],
    ['where(as(canonical) = a)', ['where()', '', ['=', ['as()', '', 'canonical'], 'a']]],
    ["%'a'.b", ['.', '%a', 'b']],
    ['(a | b).c', ['.', ['|', 'a', 'b'], 'c']],
  ])('%s', (source, expected) => {
    expect(outline(parse(source))).toEqual(expected);
  });
});

describe('precedence, from tight to loose', () => {
  test.each<[string, unknown]>([
    ['-a.b', ['-', ['.', 'a', 'b']]],
    ['-a[0]', ['-', ['[]', 'a', 'integer 0']]],
    ['-a * b', ['*', ['-', 'a'], 'b']],
    ['- + 1', ['-', ['+', 'integer 1']]],
    ['a + b * c', ['+', 'a', ['*', 'b', 'c']]],
    ['a div b mod c', ['mod', ['div', 'a', 'b'], 'c']],
    ['a - b - c', ['-', ['-', 'a', 'b'], 'c']],
    ['a & b + c', ['+', ['&', 'a', 'b'], 'c']],
    ['a + b is Quantity', ['is', ['+', 'a', 'b'], 'Quantity']],
    ['a as FHIR.Quantity', ['as', 'a', 'FHIR.Quantity']],
    ['a | b as Quantity', ['|', 'a', ['as', 'b', 'Quantity']]],
    ['a | b < c', ['<', ['|', 'a', 'b'], 'c']],
    ['a < b = c', ['=', ['<', 'a', 'b'], 'c']],
    ['a = b in c', ['in', ['=', 'a', 'b'], 'c']],
    ['a contains b and c', ['and', ['contains', 'a', 'b'], 'c']],
    ['a or b and c', ['or', 'a', ['and', 'b', 'c']]],
    ['a or b xor c', ['xor', ['or', 'a', 'b'], 'c']],
    ['a implies b or c', ['implies', 'a', ['or', 'b', 'c']]],
    ['a implies b implies c', ['implies', ['implies', 'a', 'b'], 'c']],
    ['a ~ b !~ c', ['!~', ['~', 'a', 'b'], 'c']],
    ['(a or b) and c', ['and', ['or', 'a', 'b'], 'c']],
    ['a.exists() and a != false', ['and', ['exists()', 'a'], ['!=', 'a', 'boolean false']]],
    ['resolve() is Patient', ['is', ['resolve()', ''], 'Patient']],
  ])('%s', (source, expected) => {
    expect(outline(parse(source))).toEqual(expected);
  });
});

describe('errors', () => {
  test.each([
    ['', 'an expression at position 0'],
    ['a.', 'a name at position 2'],
    ['a..b', 'a name at position 2'],
    ['a b', 'an operator or the end at position 2'],
    ['a = ', 'an expression at position 4'],
    ['= a', 'an expression at position 0'],
    ['a.where(b', '")" at position 9'],
    ['a.where(b,)', 'an expression at position 10'],
    ['(a', '")" at position 2'],
    ['a)', 'an operator or the end at position 1'],
    ['a[0', '"]" at position 3'],
    ['{a}', '"}" at position 1'],
    ['a is', 'a name at position 4'],
    ['a as 1', 'a name at position 5'],
    ['a.and', 'a name at position 2'],
    ['a.$this', 'a name at position 2'],
    ['%', 'a name at position 1'],
    ["'a' 'b'", 'an operator or the end at position 4'],
  ])('%p: expected %s', (source, message) => {
    expect(() => parse(source)).toThrow(message);
  });

  test('are the fault of whoever sent the expression: 400', () => {
    expect(() => parse('a.')).toThrow(expect.objectContaining({ status: 400 }));
  });

  test.each([
    ['parentheses', '('.repeat(101)],
    ['signs', '-'.repeat(102)],
    ['arguments', 'a('.repeat(101)],
    ['indexers', 'a['.repeat(101)],
  ])('refuse %s nested too deep', (_name, source) => {
    expect(() => parse(source)).toThrow('levels of nesting');
  });

  test('whatever the text, it is an expression or a FhirError', () => {
    const symbols = [
      'a',
      'Patient',
      '.',
      '(',
      ')',
      '[',
      ']',
      '{',
      '}',
      ',',
      '+',
      '-',
      '|',
      '=',
      ' and ',
      ' is ',
      ' as ',
      '1',
      '1.5',
      "'s'",
      '`d`',
      '@2020',
      '@T10',
      '%',
      '$this',
      ' ',
      '"',
      "'",
      '\\',
    ];
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...symbols), { maxLength: 40 }), (parts) => {
        try {
          const tree = parse(parts.join(''));
          expect(bare(parse(print(tree)))).toEqual(bare(tree));
        } catch (error) {
          if (!(error instanceof FhirError)) throw error;
        }
      }),
      { numRuns: 2000 },
    );
  });
});

describe('what R4 publishes', () => {
  const invariants = officialInvariants();
  const searches = officialSearchExpressions();

  test('is all of it', () => {
    expect(invariants.length).toBeGreaterThan(200);
    expect(searches.length).toBeGreaterThan(1000);
  });

  test.each(invariants.map((expression) => [expression]))('invariant %s', (expression) => {
    const tree = parse(expression);
    expect(bare(parse(print(tree)))).toEqual(bare(tree));
  });

  test('search parameters', () => {
    for (const expression of searches) {
      const tree = parse(expression);
      expect(bare(parse(print(tree)))).toEqual(bare(tree));
    }
  });
});

test('typeNameOf reads a type where an expression stands', () => {
  expect(typeNameOf(parse('FHIR.Quantity'))).toBe('FHIR.Quantity');
  expect(typeNameOf(parse("'Quantity'"))).toBeUndefined();
  expect(typeNameOf(parse('a().Quantity'))).toBeUndefined();
});
