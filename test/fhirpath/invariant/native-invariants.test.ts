/** The rules that are written in TypeScript say what their FHIRPath says. */
import { describe, expect, test } from '@jest/globals';
import { loadDefinitions } from '../../../src/definitions/load-definitions.ts';
import { compileInvariant, type InvariantContext } from '../../../src/fhirpath/invariant/compile-invariant.ts';
import { nativeInvariants } from '../../../src/validation/native-invariants.ts';
import { madeUpValues } from './made-up-values.ts';
import { occurrences, type OfficialInvariant, officialInvariants, someExamples } from './official-invariants.ts';

const definitions = loadDefinitions('schemas/r4');
const { elements } = definitions;

/** With INVARIANT_EXAMPLES=100000 all official examples. */
const examplesOfType = Number(process.env['INVARIANT_EXAMPLES'] ?? 6);
const madeUpOfRule = 60;

/** Where the two differ on purpose. */
const differences: Readonly<Record<string, string>> = {
  'tim-9': 'as FHIRPath it says nothing of several events, because `in` takes one value',
};

const rules = officialInvariants().filter(({ key }) => nativeInvariants.has(key));

type Json = Readonly<Record<string, unknown>>;

/** Native rules are about objects; a rule that cannot be told is not broken. */
function disagreements(rule: OfficialInvariant, values: Iterable<readonly [unknown, InvariantContext]>): string[] {
  const native = nativeInvariants.get(rule.key);
  const compiled = compileInvariant(rule.expression, rule.type, elements);
  const found: string[] = [];
  for (const [value, context] of values) {
    const own = native?.(value as Json, context);
    const other = compiled(value, context) !== false;
    if (own !== other) found.push(`${rule.key} of ${rule.type}: ${own}, compiled: ${other}`);
  }
  return found;
}

/** What `#id` means in a resource: one that the outermost contains, and `#` that one itself. */
function contextOf(resource: object, rootResource: object): InvariantContext {
  const { contained = [] } = rootResource as { contained?: readonly { id?: string }[] };
  return {
    resource,
    rootResource,
    resolve: (reference) => (reference === '#' ? rootResource : contained.find(({ id }) => `#${id}` === reference)),
  };
}

const byType = new Map<string, (readonly [unknown, InvariantContext])[]>();
for (const example of someExamples(examplesOfType, definitions)) {
  for (const { value, type, resource, rootResource } of occurrences(example, definitions)) {
    if (typeof value !== 'object' || value === null) continue;
    const known = byType.get(type) ?? [];
    byType.set(type, known);
    known.push([value, contextOf(resource, rootResource)]);
  }
}

describe('native invariants', () => {
  test('are all official ones', () => {
    const keys = new Set(rules.map(({ key }) => key));
    expect([...nativeInvariants.keys()].filter((key) => !keys.has(key))).toEqual([]);
  });

  test.each([...nativeInvariants.keys()])('%s', (key) => {
    const own = rules.filter((rule) => rule.key === key && elements.type(rule.type)?.kind !== 'primitive');
    const found = own.flatMap((rule) => {
      const context = contextOf({}, {});
      const madeUp = madeUpValues(rule, elements, own.length > 20 ? 5 : madeUpOfRule).map(
        (value) => [value, context] as const,
      );
      return [...disagreements(rule, byType.get(rule.type) ?? []), ...disagreements(rule, madeUp)];
    });
    expect([...new Set(found)].filter(() => !(key in differences))).toEqual([]);
  });

  test('that differ on purpose do not differ on examples', () => {
    const own = rules.filter(({ key }) => key in differences);
    expect(own.flatMap((rule) => disagreements(rule, byType.get(rule.type) ?? []))).toEqual([]);
  });
});
