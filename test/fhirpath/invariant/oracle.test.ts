/** fhirpath.js is the oracle: every official invariant, on the values of official examples that it is about, gives the same answer. */
import { describe, expect, it } from '@jest/globals';
import { loadDefinitions } from '../../../src/definitions/load-definitions.ts';
import { canCompile, compileInvariant } from '../../../src/fhirpath/invariant/compile-invariant.ts';
import { loadInterpreter } from '../../../src/fhirpath/interpreted-path.ts';
import { madeUpValues } from './made-up-values.ts';
import {
  type Occurrence,
  occurrences,
  type OfficialInvariant,
  officialInvariants,
  someExamples,
} from './official-invariants.ts';

const definitions = loadDefinitions('schemas/r4');
const { elements } = definitions;

/** Examples of each type, and values that each rule is asked of; with INVARIANT_EXAMPLES=100000 all of them, which takes minutes. */
const examplesOfType = Number(process.env['INVARIANT_EXAMPLES'] ?? 6);
const valuesOfRule = examplesOfType > 6 ? 2_000 : 40;
const madeUpOfRule = examplesOfType > 6 ? 3_000 : 100;

/** Where fhirpath.js answers something else, and why ours is right. */
const differences: readonly { readonly about: (rule: OfficialInvariant) => boolean; readonly because: string }[] = [
  {
    about: ({ expression }) => expression === "name.matches('[A-Z]([A-Za-z0-9_]){0,254}')",
    because: 'matches() of R4 means the whole text, as in the reference validator; there a part will do',
  },
  {
    about: ({ key }) => ['eld-16', 'eld-19', 'eld-20'].includes(key),
    because: 'the pattern is no pattern of Unicode mode, in which it is compiled there',
  },
  {
    about: ({ key }) => key === 'rng-2',
    because: 'quantities compare by value when their units are the same; there those without UCUM compare as objects',
  },
  {
    about: ({ key }) => key === 'eld-3',
    because: 'toInteger() of a text beyond 32 bits is empty; there it is a number',
  },
  {
    about: ({ key }) => key === 'que-7',
    because: 'R4 writes Boolean for the element type boolean; there it is System.Boolean and never that of an element',
  },
  {
    about: ({ key, type }) => key === 'ele-1' && type === 'xhtml',
    because: 'markup is a primitive and has a value; there it has none',
  },
  {
    about: ({ key, type }) => key === 'ele-1' && type === 'ExampleScenario.instance',
    because: 'resourceType is an element of it; there it is the mark of a resource, and no child',
  },
];

/** Where fhirpath.js gives up, ours may know, or tell nothing. */
const isError = (answer: unknown): boolean => typeof answer === 'string' && answer.startsWith('error');

const options = {
  async: false,
  resolveInternalTypes: true,
  traceFn: () => {},
  userInvocationTable: {
    resolve: { fn: () => [], arity: { 0: [] } },
    htmlChecks: { fn: () => [true], arity: { 0: [] } },
  },
} as const;
const { fhirpath, model } = loadInterpreter();

type Answer = (at: Occurrence) => unknown;

const capitalise = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

/** What fhirpath.js answers: a Boolean, nothing, an error. A primitive has its sibling only as a part of something else. */
function oracleOf({ type, expression }: OfficialInvariant): Answer {
  // `as` of several values filters them in R4
  const adapted = expression
    .replaceAll(/\bas\((\w+)\)/g, 'ofType($1)')
    .replaceAll(/\((\w+) as (\w+)\)/g, '$1.ofType($2)');
  const alone = fhirpath.compile({ base: type, expression: adapted }, model, options);
  const asPart = fhirpath.compile({ base: 'Extension', expression: `value.select(${adapted})` }, model, options);
  const name = `value${capitalise(type)}`;
  // a number cannot stand by itself there
  const isAlone = ({ value, sibling }: Occurrence) => sibling === undefined && typeof value !== 'number';
  return (at) => {
    const { value, sibling, resource, rootResource } = at;
    const variables = { resource, rootResource };
    try {
      const found = isAlone(at) ? alone(value, variables) : asPart({ [name]: value, [`_${name}`]: sibling }, variables);
      return found.length <= 1 ? found[0] : 'several values';
    } catch (cause) {
      return `error: ${(cause as Error).message.split('\n')[0]}`;
    }
  };
}

interface Check {
  readonly rule: OfficialInvariant;
  readonly ours: Answer;
  readonly theirs: Answer;
  readonly answers: Map<unknown, number>;
}

function checkOf(rule: OfficialInvariant): Check {
  const invariant = compileInvariant(rule.expression, rule.type, elements);
  const ours: Answer = (at) => invariant(at.value, at, at.sibling);
  return { rule, ours, theirs: oracleOf(rule), answers: new Map() };
}

const rules = officialInvariants();
const asked = ({ answers }: Check): number => [...answers.values()].reduce((sum, count) => sum + count, 0);

/** Each value as it is, without each of its properties, and with only that one: examples by themselves break no rule. */
function* variantsOf(at: Occurrence): Generator<Occurrence> {
  yield at;
  const { value, resource } = at;
  if (typeof value !== 'object' || value === null) return;
  for (const [name, part] of Object.entries(value)) {
    const { resourceType, [name]: _, ...others } = value as Readonly<Record<string, unknown>>;
    const type = resourceType === undefined ? {} : { resourceType };
    for (const changed of [
      { ...type, ...others },
      { ...type, [name]: part },
    ]) {
      yield { ...at, value: changed, ...(value === resource && { resource: changed, rootResource: changed }) };
    }
  }
}

/** Every value of the examples, and its variants. */
function* exampleValues(checks: ReadonlyMap<string, readonly Check[]>): Generator<readonly [Check, Occurrence]> {
  const examples = someExamples(examplesOfType, definitions);
  for (const occurrence of examples.flatMap((example) => [...occurrences(example, definitions)])) {
    const open = (checks.get(occurrence.type) ?? []).filter((check) => asked(check) < valuesOfRule);
    const variants = open.length === 0 ? [] : [...variantsOf(occurrence)];
    for (const at of variants) for (const check of open) yield [check, at];
  }
}

/** What is made up for each expression, for the first type that it is about. */
function* madeUp(checks: ReadonlyMap<string, readonly Check[]>): Generator<readonly [Check, Occurrence]> {
  const seen = new Set<string>();
  for (const check of [...checks.values()].flat()) {
    const { type, expression } = check.rule;
    if (seen.has(expression)) continue;
    seen.add(expression);
    for (const value of madeUpValues(check.rule, elements, madeUpOfRule)) {
      const resource = elements.type(type)?.kind === 'resource' ? (value as object) : { resourceType: 'Patient' };
      yield [check, { value, type, resource, rootResource: resource }];
    }
  }
}

/** Asks both; the differences as text. Where fhirpath.js gives up, ours is free to know. */
function compareAll(pairs: Iterable<readonly [Check, Occurrence]>): readonly string[] {
  const found = new Set<string>();
  for (const [{ rule, ours, theirs, answers }, at] of pairs) {
    const [own, other] = [ours(at), theirs(at)];
    answers.set(own, (answers.get(own) ?? 0) + 1);
    if (own !== other && !isError(other) && !differences.some(({ about }) => about(rule)))
      found.add(`${rule.key} of ${rule.type}: ${String(own)}, fhirpath.js: ${String(other)}`);
  }
  return [...found];
}

function allChecks(): ReadonlyMap<string, readonly Check[]> {
  const checks = new Map<string, Check[]>();
  for (const rule of rules) checks.set(rule.type, [...(checks.get(rule.type) ?? []), checkOf(rule)]);
  return checks;
}

/** How many distinct expressions were answered like this. */
function answered(checks: ReadonlyMap<string, readonly Check[]>, answer: unknown): number {
  const all = [...checks.values()].flat().filter(({ answers }) => answers.has(answer));
  return new Set(all.map(({ rule }) => rule.expression)).size;
}

describe('official invariants', () => {
  it('compile without fhirpath.js', () => {
    expect(rules.filter(({ expression, type }) => !canCompile(expression, type, elements))).toEqual([]);
    expect(new Set(rules.map(({ expression }) => expression)).size).toBe(195);
  });

  it('answer as fhirpath.js does on examples and parts of them', () => {
    const checks = allChecks();
    expect(compareAll(exampleValues(checks))).toEqual([]);
    expect(answered(checks, true)).toBeGreaterThan(180);
  }, 900_000);

  it('answer as fhirpath.js does on what is made up to break them', () => {
    const checks = allChecks();
    expect(compareAll(madeUp(checks))).toEqual([]);
    expect(answered(checks, false)).toBeGreaterThan(150);
  }, 900_000);
});
