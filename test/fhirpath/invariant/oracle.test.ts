import { createRequire } from 'node:module';
import { describe, expect, it } from '@jest/globals';
import { loadDefinitions } from '../../../src/definitions/load-definitions.ts';
import { compileInvariant } from '../../../src/fhirpath/invariant/compile-invariant.ts';
import {
  type Occurrence,
  occurrences,
  type OfficialInvariant,
  officialInvariants,
  someExamples,
} from './official-invariants.ts';

const require = createRequire(import.meta.url);
const fhirpath = require('fhirpath') as {
  compile(expression: object, model: unknown, options: object): (value: unknown, variables: object) => unknown[];
};
const model = require('fhirpath/fhir-context/r4') as unknown;
const definitions = loadDefinitions('schemas/r4');

/** Examples of each type; with INVARIANT_EXAMPLES=1000 all of them, which takes minutes. */
const examplesOfType = Number(process.env['INVARIANT_EXAMPLES'] ?? 3);

/** Where fhirpath.js answers something else, and why ours is right. */
const known: Readonly<Record<string, string>> = {
  'que-7':
    'R4 means the element of type boolean when it writes Boolean; fhirpath.js tells FHIR.boolean from System.Boolean',
  'eld-16': 'fhirpath.js cannot compile the pattern',
  'eld-19': 'fhirpath.js cannot compile the pattern',
  'eld-20': 'fhirpath.js cannot compile the pattern',
};
/** matches() of R4 means the whole text, as in the reference validator; fhirpath.js is content with a part. */
const isWholeMatch = ({ expression }: OfficialInvariant): boolean =>
  expression.includes("matches('[A-Z]([A-Za-z0-9_]){0,254}')");

const options = {
  async: false,
  resolveInternalTypes: true,
  traceFn: () => {},
  userInvocationTable: {
    resolve: { fn: () => [], arity: { 0: [] } },
    htmlChecks: { fn: () => [true], arity: { 0: [] } },
  },
};

function oracleOf({ type, expression }: OfficialInvariant) {
  // `as` of several values filters them in R4
  const adapted = expression.replaceAll(/\bas\((\w+)\)/g, 'ofType($1)');
  const run = fhirpath.compile({ base: type, expression: adapted }, model, options);
  return ({ value, resource, rootResource }: Occurrence): unknown => {
    const found = run(value, { resource, rootResource });
    return found.length <= 1 ? found[0] : found;
  };
}

const rules = officialInvariants();

describe('compileInvariant', () => {
  it('compiles every rule that R4 states', () => {
    expect(rules.length).toBeGreaterThan(700);
    for (const { expression, type } of rules) {
      expect(() => compileInvariant(expression, type, definitions.elements)).not.toThrow();
    }
  });

  it('answers as fhirpath.js does, but where that is said to differ', () => {
    const checks = new Map<
      string,
      { rule: OfficialInvariant; ours: (at: Occurrence) => unknown; theirs: (at: Occurrence) => unknown }[]
    >();
    for (const rule of rules) {
      if (rule.key in known || isWholeMatch(rule)) continue;
      const ours = compileInvariant(rule.expression, rule.type, definitions.elements);
      const check = { rule, ours: (at: Occurrence) => ours(at.value, at), theirs: oracleOf(rule) };
      checks.set(rule.type, [...(checks.get(rule.type) ?? []), check]);
    }
    const places = someExamples(examplesOfType, definitions).flatMap((example) => [
      ...occurrences(example, definitions),
    ]);
    const compared = places.flatMap((at) =>
      (checks.get(at.type) ?? []).map(({ rule, ours, theirs }) => ({ rule, own: ours(at), other: theirs(at) })),
    );
    const differences = compared
      .filter(({ own, other }) => own !== other)
      .map(({ rule, own, other }) => `${rule.key} of ${rule.type}: ${String(own)}, fhirpath.js: ${String(other)}`);
    expect([...new Set(differences)]).toEqual([]);
    expect(compared.length).toBeGreaterThan(10_000);
  });
});
