/** Valid examples of every resource type, broken in each way that R4's definitions forbid: every one is refused, and where it is broken. With MUTATION_REPORT=<file> the figures are written there. https://hl7.org/fhir/R4/validation.html */
import { writeFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import type { Resource } from '../../../src/fhir/resource.ts';
import { brokenExamples } from '../../support/broken-examples.ts';
import { exampleNames, readExample } from '../official.ts';
import { isAt, type Kind, kinds, type Mutation, whileChanged } from './mutation.ts';
import { mutationsOf } from './mutations.ts';
import { resourceTypes } from './official-elements.ts';
import { rareResources } from './rare-resources.ts';
import { errorsOf } from './subject.ts';

const perType = 2;
const maximumSize = 30_000;

/** The largest examples of each type that are not too large: they have most elements. */
function examplesOfEachType(): readonly Resource[] {
  const byType = new Map<string, { size: number; resource: Resource }[]>(resourceTypes.map((type) => [type, []]));
  for (const name of exampleNames) {
    if (name in brokenExamples) continue;
    const resource = readExample(name);
    const size = JSON.stringify(resource).length;
    if (size <= maximumSize) byType.get(resource.resourceType)?.push({ size, resource });
  }
  const chosen = [...byType.values()].map((list) => list.sort((one, other) => other.size - one.size).slice(0, perType));
  return [...chosen.flat().map(({ resource }) => resource), ...rareResources];
}

interface Rate {
  tried: number;
  refused: number;
  located: number;
  /** Which were not. */
  readonly missed: string[];
}

type Outcome = 'accepted' | 'refused elsewhere' | 'located';

function attempt(resource: Resource, { expression, changes }: Mutation): Outcome {
  const errors = whileChanged(changes, () => errorsOf(resource));
  if (errors.length === 0) return 'accepted';
  return errors.some(({ expression: [at = ''] = [] }) => isAt(at, expression)) ? 'located' : 'refused elsewhere';
}

/** The same fault of the same element of the same type is tried once. */
const identityOf = ({ kind, what, expression }: Mutation): string =>
  `${kind}: ${expression.replaceAll(/\[\d+\]/g, '')}: ${what}`;

function count(rate: Rate, outcome: Outcome, identity: string): void {
  rate.tried += 1;
  if (outcome !== 'accepted') rate.refused += 1;
  if (outcome === 'located') rate.located += 1;
  else rate.missed.push(`${outcome}: ${identity}`);
}

function tryAll(examples: readonly Resource[]): ReadonlyMap<Kind, Rate> {
  const rates = new Map<Kind, Rate>(
    kinds.map((kind) => [kind, { tried: 0, refused: 0, located: 0, missed: [] }] as const),
  );
  const seen = new Set<string>();
  for (const resource of examples) {
    for (const mutation of mutationsOf(resource)) {
      const identity = identityOf(mutation);
      const rate = rates.get(mutation.kind);
      if (!rate || seen.has(identity)) continue;
      seen.add(identity);
      count(rate, attempt(resource, mutation), identity);
    }
  }
  return rates;
}

describe('a mutation', () => {
  const examples = examplesOfEachType();
  const isValid = (resource: Resource): boolean => errorsOf(resource).length === 0;
  const invalid = examples.filter((resource) => !isValid(resource));
  const rates = tryAll(examples);
  const report = [...rates].map(([kind, rate]) => ({ kind, ...rate }));
  const file = process.env['MUTATION_REPORT'];
  if (file) writeFileSync(file, JSON.stringify(report, null, 1));

  it('starts from valid resources of every type', () => {
    expect(invalid.map(({ resourceType, id }) => `${resourceType}/${id}`)).toEqual([]);
    const tried = new Set(examples.map(({ resourceType }) => resourceType));
    expect(resourceTypes.filter((type) => !tried.has(type))).toEqual([]);
  });

  it('is put back', () => {
    expect(examples.filter((resource) => !isValid(resource))).toEqual([]);
  });

  it('is tried in every way', () => {
    expect(report.filter(({ tried }) => tried < 100).map(({ kind }) => kind)).toEqual([]);
  });

  it.each(report)('of $kind is refused ($tried tried)', ({ missed }) => {
    expect(missed.filter((one) => one.startsWith('accepted'))).toEqual([]);
  });

  it.each(report)('of $kind is told where it is ($located of $tried)', ({ missed, tried, located }) => {
    expect({ missed, isEnough: located / tried >= 0.99 }).toMatchObject({ isEnough: true });
  });
});
