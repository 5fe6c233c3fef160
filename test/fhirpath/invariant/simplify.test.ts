import { describe, expect, test } from '@jest/globals';
import { loadDefinitions } from '../../../src/definitions/load-definitions.ts';
import { compileInvariant } from '../../../src/fhirpath/invariant/compile-invariant.ts';
import { simplify } from '../../../src/fhirpath/invariant/simplify.ts';
import { parse } from '../../../src/fhirpath/parse.ts';
import { print } from '../../../src/fhirpath/print.ts';

const { elements } = loadDefinitions('schemas/r4');

const simplified = (expression: string, type = 'Patient') => print(simplify(parse(expression), type, elements));

describe('simplify', () => {
  const table: readonly (readonly [expression: string, simpler: string])[] = [
    ['name.all(use.exists())', 'name.empty() or name.all(use.exists())'],
    ["name.where(use = 'old').exists()", "name.exists() and name.where(use = 'old').exists()"],
    ["name.where(use = 'old')[0].given.empty()", "name.empty() or name.where(use = 'old')[0].given.empty()"],
    ["name.exists(use = 'old').not()", "(name.exists() and name.exists(use = 'old')).not()"],
    ['name.count() > 1', 'name.exists() and name.count() > 1'],
    ['name.count() <= 1', 'name.empty() or name.count() <= 1'],
    ['name.exists() = photo.exists()', '(name.exists() xor photo.exists()).not()'],
    ['name.exists() != photo.empty()', 'name.exists() xor photo.empty()'],
    ["gender in ('male' | 'female')", "gender = 'male' or gender = 'female'"],
  ];

  test.each(table)('%s is %s', (expression, simpler) => {
    expect(simplified(expression)).toBe(simpler);
  });

  /** Some are as simple already; of the others too little is known. */
  const unchanged = [
    'name.exists()',
    'name.given.empty()',
    'active = true',
    'name.exists() = active',
    "name.use in ('old' | 'usual')",
    "multipleBirth in ('a' | 'b')",
    "gender in (language | 'b')",
    '%resource.name.all(use.exists())',
    'name.combine(photo).isDistinct()',
    'frobnication.all(true)',
    'Patient.name.all(use.exists())',
  ];

  test.each(unchanged)('%s stays', (expression) => {
    expect(simplified(expression)).toBe(print(parse(expression)));
  });

  test('what a resource within a resource has is not known before', () => {
    expect(simplified('id.all(true)', 'Resource')).toBe('id.all(true)');
  });
});

describe('a large resource', () => {
  test('has the full URLs of its entries compared by hashing', () => {
    const entry = Array.from({ length: 5_000 }, (_, index) => ({
      fullUrl: `http://a.example/Patient/${index}`,
      resource: { resourceType: 'Patient', id: String(index) },
    }));
    const expression =
      "(type = 'history') or entry.where(fullUrl.exists()).select(fullUrl&resource.meta.versionId).isDistinct()";
    const rule = compileInvariant(expression, 'Bundle', elements);
    const bundle = { resourceType: 'Bundle', type: 'collection', entry };
    expect(rule(bundle, { resource: bundle, rootResource: bundle })).toBe(true);
    const again = { ...bundle, entry: [...entry, entry[0]] };
    expect(rule(again, { resource: again, rootResource: again })).toBe(false);
  });
});
