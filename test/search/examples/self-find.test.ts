/** Whatever value an official example has for an official search parameter: searching for it finds the example. Values come from fhirpath.js, which the index does not use. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Resource } from '../../../src/fhir/resource.ts';
import type { SearchParameter } from '../../../src/fhir/search-parameter.ts';
import { componentsOf } from '../../../src/search/composites.ts';
import { registry } from '../registry.ts';
import { createExampleStore, type ExampleStore, readExamples } from './example-store.ts';
import { searchValues } from './search-value.ts';
import { valuesOf } from './values-of.ts';

/** Each value once, and some of each parameter: the thousandth shows nothing new. `SELF_FIND=all` takes them all, in three minutes. */
const perValue = 1;
const perParameter = process.env['SELF_FIND'] === 'all' ? Infinity : 6;

/** One value of each component, joined. */
function compositeValues(
  parameter: SearchParameter,
  focus: object,
  type: string,
  resource: Resource,
): readonly string[] {
  const parts = (componentsOf(parameter, registry) ?? []).map(({ expression, parameter: component }) => {
    const isRoot = expression.startsWith('%resource.');
    const found = isRoot
      ? valuesOf(expression.slice('%resource.'.length), resource.resourceType, resource)
      : valuesOf(expression, type, focus);
    return found.flatMap(([value, valueType]) =>
      searchValues(component.type, value, valueType).filter((text) => !text.endsWith('|') && !text.includes('||')),
    );
  });
  return parts.length > 1 && parts.every((values) => values.length > 0)
    ? [parts.map(([first]) => first).join('$')]
    : [];
}

function allValues(parameter: SearchParameter, resource: Resource): readonly string[] {
  const { expression = '', type } = parameter;
  const found = valuesOf(expression, resource.resourceType, resource);
  if (type === 'composite')
    return found.flatMap(([value, valueType]) => compositeValues(parameter, value as object, valueType, resource));
  return found.flatMap(([value, valueType]) => searchValues(type, value, valueType));
}

interface Probe {
  readonly type: string;
  readonly code: string;
  readonly value: string;
  readonly id: string;
}

const resources = readExamples();
let store: ExampleStore;
beforeAll(async () => {
  store = await createExampleStore(resources);
}, 120_000);
afterAll(() => store.close());

/** Remembers what was taken. */
function createChoice() {
  const seen = new Map<string, number>();
  const count = (key: string) => seen.get(key) ?? 0;
  return {
    isFull: (parameter: string) => count(parameter) >= perParameter,
    take(parameter: string, value: string): boolean {
      if (count(`${parameter} ${value}`) >= perValue || value.length > 8_000) return false;
      for (const key of [parameter, `${parameter} ${value}`]) seen.set(key, count(key) + 1);
      return true;
    },
  };
}

function probesOf(): readonly Probe[] {
  const choice = createChoice();
  return resources.flatMap((resource) => {
    const { resourceType: type, id } = resource;
    const parameters = [...registry.forType(type).values()].filter(
      ({ expression, code }) => expression && code !== '_lastUpdated' && !choice.isFull(`${type} ${code}`),
    );
    return parameters.flatMap((parameter) =>
      [...new Set(allValues(parameter, resource))]
        .filter((value) => choice.take(`${type} ${parameter.code}`, value))
        .map((value): Probe => ({ type, code: parameter.code, value, id })),
    );
  });
}

/** What is not found, and why that is right. */
const exceptions: Readonly<Record<string, string>> = {
  'Library/library-fhir-helpers?predecessor=': 'the reference is a name, neither a URL nor a type and an id',
};

test('every value of every example is found by it', async () => {
  const probes = probesOf();
  const missed: string[] = [];
  const covered = new Set<string>();
  const waiting = probes.values();
  const worker = async () => {
    for (const { type, code, value, id } of waiting) {
      covered.add(`${type}.${code}`);
      const query = new URLSearchParams([
        [code, value],
        ['_id', id],
      ]);
      const found = await store.search(type, query.toString()).catch((error: unknown) => [String(error)]);
      if (found[0] !== id) missed.push(`${type}/${id}?${code}=${value.slice(0, 80)} ${found.join(' ').slice(0, 80)}`);
    }
  };
  await Promise.all([worker(), worker()]);
  const unexpected = missed.filter((one) => !Object.keys(exceptions).some((start) => one.includes(start)));
  expect(unexpected.slice(0, 40)).toEqual([]);
  // 1,438 of the parameters of R4, counted for each resource type, have a value in some example
  expect(covered.size).toBe(1_438);
}, 240_000);
