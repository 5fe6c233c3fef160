/** Every rule that R4 states as an error, broken: valid examples are changed until fhirpath.js says that the rule is false, and must then be refused by that rule. https://hl7.org/fhir/R4/conformance-rules.html#constraints */
import { createRequire } from 'node:module';
import { describe, expect, it } from '@jest/globals';
import type { Resource } from '../../../src/fhir/resource.ts';
import { compileInvariant } from '../../../src/fhirpath/invariant/compile-invariant.ts';
import { type Occurrence, occurrences } from '../../fhirpath/invariant/official-invariants.ts';
import { brokenExamples } from '../../support/broken-examples.ts';
import { definitions, exampleNames, readExample } from '../official.ts';
import { brokenByHand } from './by-hand.ts';
import { officialTypes, simpleQuantity } from './official-elements.ts';
import { type SchemaInvariant, schemaInvariants } from './schema-invariants.ts';
import { errorsOf } from './subject.ts';

type Json = Record<string, unknown>;

const require = createRequire(import.meta.url);
const fhirpath = require('fhirpath') as {
  compile(expression: object, model: unknown, options: object): (value: unknown, variables: object) => unknown[];
};
const model = require('fhirpath/fhir-context/r4') as unknown;
const options = { async: false, resolveInternalTypes: true, traceFn: () => {} };

/** Content for anything complex. */
const extension = [{ url: 'http://a.example/x', valueString: 'x' }];

/** Some value of a type, to be added where there is none. */
const samples: Readonly<Record<string, readonly unknown[]>> = {
  boolean: [true, false],
  integer: [5],
  positiveInt: [5],
  unsignedInt: [5],
  decimal: [-1, 1000.5],
  string: ['x', '#x'],
  code: ['x'],
  markdown: ['x'],
  uri: ['http://a.example/_history/1', 'x'],
  url: ['http://a.example'],
  canonical: ['http://a.example'],
  id: ['x'],
  date: ['1900-01-01', '2999-01-01'],
  dateTime: ['1900-01-01', '2999-01-01'],
  instant: ['1900-01-01T00:00:00Z', '2999-01-01T00:00:00Z'],
  time: ['12:00:00'],
  Reference: [{ reference: '#nobody' }, { display: 'x' }],
};

const capitalise = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

type Change = readonly (readonly [property: string, value: unknown])[];

/** Codes that other rules compare with. */
const literalsOf = ({ expression }: SchemaInvariant): readonly string[] =>
  [...expression.matchAll(/'([A-Za-z-]{2,20})'/g)].map(([, literal = '']) => literal);

/** Removals, additions, other values, and the same item twice. */
function* singleChanges(value: Json, type: string, rule: SchemaInvariant): Generator<readonly [string, unknown]> {
  for (const [property, child] of Object.entries(value)) {
    if (property === 'resourceType') continue;
    yield [property, undefined];
    if (Array.isArray(child)) yield [property, [...child, ...child]];
  }
  for (const [element, { types, many = false, choice = false }] of Object.entries(
    definitions.elements.type(type)?.elements ?? {},
  )) {
    for (const of of types.slice(0, 12)) {
      const property = choice ? element + capitalise(of) : element;
      const literals = of === 'code' || of === 'string' ? literalsOf(rule) : [];
      for (const sample of [...literals, ...(samples[of] ?? [{ extension }])]) {
        yield [property, many ? [sample] : sample];
      }
    }
  }
}

function* changesOf(value: Json, type: string, rule: SchemaInvariant): Generator<Change> {
  const singles = [...singleChanges(value, type, rule)];
  for (const one of singles) yield [one];
  for (const one of singles.slice(0, 60)) for (const other of singles) if (one[0] !== other[0]) yield [one, other];
}

function apply(value: Json, change: Change): () => void {
  const before = change.map(([property]) => [property, value[property]] as const);
  const put = (entries: Change): void => {
    for (const [property, one] of entries) {
      if (one === undefined) Reflect.deleteProperty(value, property);
      else value[property] = one;
    }
  };
  put(change);
  return () => put(before.toReversed());
}

const examples = exampleNames
  .filter((name) => !(name in brokenExamples))
  .map((name) => readExample(name))
  .filter(
    (resource) => definitions.resourceTypes.has(resource.resourceType) && JSON.stringify(resource).length < 40_000,
  );

/** A few places of each type, with the resource around each. */
function placesByType(): ReadonlyMap<string, readonly { readonly at: Occurrence; readonly whole: Resource }[]> {
  const places = new Map<string, { at: Occurrence; whole: Resource }[]>();
  for (const whole of examples) {
    for (const at of occurrences(whole, definitions)) {
      const list = places.get(at.type) ?? [];
      if (list.length < 3 && typeof at.value === 'object') places.set(at.type, [...list, { at, whole }]);
    }
  }
  return places;
}

const maximumTries = 20_000;

/** True when the oracle says that the rule is broken now. */
function oracleOf({ type, expression }: SchemaInvariant): (at: Occurrence) => boolean {
  const run = fhirpath.compile(
    { base: type, expression: expression.replaceAll(/\bas\((\w+)\)/g, 'ofType($1)') },
    model,
    options,
  );
  return ({ value, resource, rootResource }) => {
    try {
      return run(value, { resource, rootResource })[0] === false;
    } catch {
      return false;
    }
  };
}

type Outcome = 'told' | 'refused' | 'accepted' | 'no counterexample';

function tryRule(
  rule: SchemaInvariant,
  places: readonly { readonly at: Occurrence; readonly whole: Resource }[],
): Outcome {
  const holds = compileInvariant(rule.expression, rule.type, definitions.elements);
  const isBroken = oracleOf(rule);
  let tries = 0;
  for (const { at, whole } of places) {
    for (const change of changesOf(at.value as Json, at.type, rule)) {
      tries += 1;
      if (tries > maximumTries) return 'no counterexample';
      const undo = apply(at.value as Json, change);
      // ours only finds candidates quickly; the oracle decides
      const isFound = holds(at.value, at) === false && isBroken(at);
      const issues = isFound ? errorsOf(whole) : [];
      undo();
      if (!isFound) continue;
      if (issues.some(({ diagnostics }) => diagnostics.startsWith(`${rule.key}:`))) return 'told';
      return issues.length > 0 ? 'refused' : 'accepted';
    }
  }
  return 'no counterexample';
}

/** Rules about one element, which others of its type need not obey: broken by hand. */
const ofElements: ReadonlySet<string> = new Set([
  'org-2',
  'org-3',
  'ras-1',
  'tst-6',
  'tst-8',
  'tst-9',
  'tst-11',
  'tst-13',
  'sqty-1',
]);

/** Rules that nothing breaks, each with the reason. */
const unbroken: Readonly<Record<string, string>> = {
  'eld-11': 'is true of every type, as R4 wrote it',
};

/** `key: expression` of every error that HL7's StructureDefinitions state. */
const officialRules: ReadonlySet<string> = new Set(
  [...officialTypes, simpleQuantity].flatMap(({ snapshot }) =>
    (snapshot?.element ?? []).flatMap(({ constraint = [] }) =>
      constraint.filter(({ severity }) => severity === 'error').map(({ key, expression }) => `${key}: ${expression}`),
    ),
  ),
);

/** Checked by code of their own: they are about all that is in a resource, or about XHTML. The mutations break them. */
const outsideSchemas = ['dom-2', 'dom-3', 'dom-4', 'dom-5', 'txt-1', 'txt-2'];

describe('the rules of R4', () => {
  const places = placesByType();
  const rules = schemaInvariants().filter(
    ({ severity, key }) => severity === 'error' && !['ele-1', 'ext-1'].includes(key) && !ofElements.has(key),
  );
  const outcomes = rules
    .filter(({ type }) => places.has(type))
    .map((rule) => ({ key: rule.key, outcome: tryRule(rule, places.get(rule.type) ?? []) }));
  const having = (wanted: Outcome): readonly string[] =>
    outcomes.filter(({ outcome }) => outcome === wanted).map(({ key }) => key);

  it('are all those that HL7 states, as it states them', () => {
    const ours = new Set(
      schemaInvariants()
        .filter(({ severity }) => severity === 'error')
        .map(({ key, expression }) => `${key}: ${expression}`),
    );
    expect([...ours].filter((rule) => !officialRules.has(rule))).toEqual([]);
    const missing = [...officialRules].filter((rule) => !ours.has(rule)).map((rule) => rule.split(':')[0] ?? '');
    expect([...new Set(missing)].toSorted()).toEqual(outsideSchemas);
  });

  it('are broken by search, most of them, and then refuse by their name', () => {
    expect(having('accepted')).toEqual([]);
    expect(having('refused')).toEqual([]);
    expect(new Set(having('told')).size).toBeGreaterThan(120);
  });

  it.each(brokenByHand)('%s is broken by hand, and refuses by its name', (key, resource) => {
    const issues = errorsOf(resource);
    expect(issues.map(({ diagnostics }) => diagnostics.split(':')[0])).toContain(key);
  });

  it('are all broken, but where the reason is known', () => {
    const broken = new Set([...having('told'), ...brokenByHand.map(([key]) => key), ...outsideSchemas]);
    const keys = [...officialRules].map((rule) => rule.split(':')[0] ?? '');
    // every element has these two; the mutations break them everywhere
    const rest = keys.filter((key) => !broken.has(key) && key !== 'ele-1' && key !== 'ext-1');
    expect([...new Set(rest)].toSorted()).toEqual(Object.keys(unbroken).toSorted());
  });
});
