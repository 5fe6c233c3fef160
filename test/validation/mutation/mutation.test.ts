/** Valid examples of every resource type, broken in each way that R4's definitions forbid: every one is refused, and where it is broken. */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from '@jest/globals';
import type { ValueSet } from 'fhir/r4.js';
import type { Resource } from '../../../src/fhir/resource.ts';
import { bundledValidator } from '../../support/validator.ts';
import { brokenExamples } from '../../support/broken-examples.ts';
import { definitions, exampleNames, readExample } from '../official.ts';
import { type Json, type Kind, kinds, type Mutation, mutationsOf, pathOf } from './mutations.ts';

const validate = bundledValidator();

/** Value sets that HL7 has expanded completely. */
function wholeValueSets(): ReadonlySet<string> {
  const directory = path.resolve('node_modules/hl7.fhir.r4.expansions');
  const names = readdirSync(directory).filter((name) => name.startsWith('ValueSet-'));
  const all = names.map((name) => JSON.parse(readFileSync(path.join(directory, name), 'utf8')) as ValueSet);
  const whole = all.filter(({ expansion }) => !expansion?.parameter?.some(({ name }) => name === 'limitedExpansion'));
  return new Set(whole.map(({ url = '' }) => url));
}

/** The two smallest examples of each type that are not tiny. */
function examplesOfEachType(): readonly Resource[] {
  const byType = new Map<string, { size: number; resource: Resource }[]>();
  for (const name of exampleNames) {
    if (name in brokenExamples) continue;
    const resource = readExample(name);
    if (!definitions.resourceTypes.has(resource.resourceType)) continue;
    const size = JSON.stringify(resource).length;
    if (size > 60_000) continue;
    const list = byType.get(resource.resourceType) ?? [];
    byType.set(resource.resourceType, [...list, { size, resource }]);
  }
  const chosen = [...byType.values()].map((list) => list.sort((one, other) => other.size - one.size).slice(0, 2));
  return chosen.flat().map(({ resource }) => resource);
}

interface Rate {
  tried: number;
  refused: number;
  located: number;
  readonly missed: string[];
}

const newRate = (): Rate => ({ tried: 0, refused: 0, located: 0, missed: [] });

/** Tries a mutation and puts everything back. */
function attempt(
  resource: Resource,
  { target, property, value, expression }: Mutation,
): 'accepted' | 'refused' | 'located' {
  const before = target[property];
  if (value === undefined) Reflect.deleteProperty(target, property);
  else target[property] = value;
  const issues = validate(resource);
  if (before === undefined) Reflect.deleteProperty(target, property);
  else target[property] = before;
  if (issues.length === 0) return 'accepted';
  return issues.some(({ expression: [at = ''] = [] }) => at.startsWith(expression)) ? 'located' : 'refused';
}

function tryAll(): ReadonlyMap<Kind, Rate> {
  const rates = new Map<Kind, Rate>(kinds.map((kind) => [kind, newRate()]));
  const whole = wholeValueSets();
  const seen = new Set<string>();
  for (const resource of examplesOfEachType()) {
    const type = resource.resourceType;
    const place = { target: resource as unknown as Json, type, expression: type };
    for (const mutation of mutationsOf(place, (url) => whole.has(url))) {
      // the same element of the same type breaks the same way the second time
      const key = `${mutation.kind} ${mutation.what} ${pathOf(mutation)}`;
      if (seen.has(key)) continue;
      seen.add(key);
      const rate = rates.get(mutation.kind) ?? newRate();
      const outcome = attempt(resource, mutation);
      rate.tried += 1;
      if (outcome !== 'accepted') rate.refused += 1;
      if (outcome === 'located') rate.located += 1;
      else rate.missed.push(`${outcome}: ${key}`);
    }
  }
  return rates;
}

describe('a mutation', () => {
  const rates = tryAll();
  const report = [...rates].map(([kind, { tried, refused, located, missed }]) => ({
    kind,
    tried,
    refused,
    located,
    missed,
  }));
  const file = process.env['MUTATION_REPORT'];
  if (file) writeFileSync(file, JSON.stringify(report, null, 1));

  it('is tried in every way', () => {
    expect(report.map(({ tried }) => tried > 30)).toEqual(kinds.map(() => true));
  });

  it.each(report)('of $kind is refused ($tried tried)', ({ missed }) => {
    expect(missed.filter((one) => one.startsWith('accepted'))).toEqual([]);
  });

  it.each(report)('of $kind is told where it is ($located of $tried)', ({ tried, located }) => {
    expect(located / tried).toBeGreaterThan(0.99);
  });
});
