/**
 * Random searches over official examples, each compared with what it means by the words of R4, worked out in memory on
 * the values that fhirpath.js finds: the set over all pages, and the order. `ORACLE_RUNS` makes more of them;
 * `ORACLE_BUNDLES` names a folder of transaction Bundles to take in the place of the examples.
 */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { createExampleStore, type ExampleStore, readExamples } from '../examples/example-store.ts';
import { Choices } from './choices.ts';
import { type Criterion, criterion } from './criteria.ts';
import { type Order, order } from './sorting.ts';
import type { StoredResource } from './values.ts';
import { createWorld, type World } from './world.ts';

const runs = Number(process.env['ORACLE_RUNS'] ?? 600);
const folder = process.env['ORACLE_BUNDLES'];
/** Of Bundles, which are large. */
const resourcesOfBundles = 3_000;

const types: ReadonlySet<string> = new Set(
  (
    'Appointment CarePlan CareTeam Claim Condition Coverage DiagnosticReport Encounter Goal Immunization Location ' +
    'Medication MedicationRequest Observation Organization Patient Practitioner PractitionerRole Procedure Provenance ' +
    'Questionnaire RiskAssessment Specimen ValueSet'
  ).split(' '),
);

interface Bundle {
  readonly entry: readonly { readonly fullUrl?: string; readonly resource: StoredResource }[];
}

/** References within a Bundle become references to what it makes. */
function readBundles(from: string): readonly StoredResource[] {
  const entries = readdirSync(from)
    .filter((name) => name.endsWith('.json'))
    .flatMap((name) => (JSON.parse(readFileSync(path.join(from, name), 'utf8')) as Bundle).entry);
  const targets = new Map(
    entries.map(({ fullUrl = '', resource }) => [fullUrl, `${resource.resourceType}/${resource.id}`]),
  );
  const local = (key: string, value: unknown) => (key === 'reference' ? (targets.get(String(value)) ?? value) : value);
  const step = Math.ceil(entries.length / resourcesOfBundles);
  return entries
    .filter(
      ({ resource }, index) =>
        index % step === 0 || ['Patient', 'Practitioner', 'Organization'].includes(resource.resourceType),
    )
    .map(({ resource }) => JSON.parse(JSON.stringify(resource), local) as StoredResource);
}

const resources: readonly StoredResource[] =
  folder === undefined ? readExamples((type) => types.has(type)) : readBundles(folder);
const world: World = createWorld(resources);

let store: ExampleStore;
beforeAll(async () => {
  store = await createExampleStore(resources);
}, 120_000);
afterAll(() => store.close());

const observations: readonly string[] = Array.from({ length: 8 }, () => 'Observation');

interface Search {
  readonly type: string;
  readonly criteria: readonly Criterion[];
  readonly orders: readonly Order[];
  readonly count: number;
}

/** At least one criterion or order; undefined when the choices lead to none. */
function searchOf(numbers: readonly number[]): Search | undefined {
  const choices = new Choices(numbers);
  // it has most of what is hard
  const type = choices.of([...world.types, ...(world.types.includes('Observation') ? observations : [])]) ?? '';
  const count = 1 + choices.below(20);
  const [criteriaCount, orderCount] = [choices.below(4), choices.below(3)];
  const criteria = Array.from({ length: criteriaCount }, () => criterion(type, 0, choices, world)).filter(
    (one) => one !== undefined,
  );
  const orders = Array.from({ length: orderCount }, () => order(type, choices, world)).filter(
    (one) => one !== undefined,
  );
  const sorts = orders.filter(
    ({ text }, index) => orders.findIndex((other) => other.text.replace(/^-/, '') === text.replace(/^-/, '')) === index,
  );
  return criteria.length + sorts.length === 0 ? undefined : { type, criteria, orders: sorts, count };
}

function queryOf({ criteria, orders, count }: Search): string {
  const sort = orders.map(({ text }) => text).join();
  const parameters = criteria.map(({ name, value }): [string, string] => [name, value]);
  return new URLSearchParams([...parameters, ...(sort === '' ? [] : [['_sort', sort]]), ['_count', String(count)]] as [
    string,
    string,
  ][]).toString();
}

/** The first pair that stands the wrong way round. */
function disorderOf(found: readonly string[], { type, orders }: Search): string | undefined {
  const byId = new Map(world.ofType(type).map((resource) => [resource.id, resource]));
  for (const [index, id] of found.entries()) {
    const [before, after] = [byId.get(found[index - 1] ?? ''), byId.get(id)];
    if (!before || !after) continue;
    const compared = orders.map(({ compare }) => compare(before, after)).find((one) => one !== 0) ?? 0;
    if (compared > 0) return `${before.id} before ${after.id}`;
  }
  return undefined;
}

interface Tally {
  searches: number;
  found: number;
  answered: number;
  readonly kinds: Map<string, number>;
}
const tally: Tally = { searches: 0, found: 0, answered: 0, kinds: new Map() };

/** `Observation` and `code:not` of `_has:Observation:patient:code:not`. */
function kindsOf({ type, criteria }: Search): readonly string[] {
  return criteria.map(({ name }) => {
    if (name.includes('.')) return 'chain';
    if (name.startsWith('_has')) return '_has';
    const [code = '', modifier] = name.split(':');
    return `${world.parameter(type, code)?.type}${modifier === undefined ? '' : `:${/^[A-Z]/.test(modifier) ? '[type]' : modifier}`}`;
  });
}

async function check(numbers: readonly number[]): Promise<void> {
  const search = searchOf(numbers);
  if (!search) return;
  const query = queryOf(search);
  const expected = world
    .ofType(search.type)
    .filter((resource) => search.criteria.every(({ holds }) => holds(resource)));
  const ids = expected.map(({ id }) => id);
  const asked = `${search.type}?${decodeURIComponent(query.replaceAll('+', ' '))}`;
  const found = await store.search(search.type, query).catch((cause: unknown) => {
    throw new Error(`${asked} was refused`, { cause });
  });
  tally.searches += 1;
  tally.found += found.length;
  tally.answered += found.length > 0 ? 1 : 0;
  for (const kind of kindsOf(search)) tally.kinds.set(kind, (tally.kinds.get(kind) ?? 0) + 1);
  expect({ asked, found: found.toSorted() }).toEqual({ asked, found: ids.toSorted() });
  expect({ asked, disorder: disorderOf(found, search) }).toEqual({ asked, disorder: undefined });
}

test('random searches find exactly what they mean, in order, over all pages', async () => {
  const numbers = fc.array(fc.nat(100_000), { minLength: 40, maxLength: 40 });
  await fc.assert(fc.asyncProperty(numbers, check), { numRuns: runs });
  const kinds = Object.fromEntries([...tally.kinds].toSorted(([one], [other]) => one.localeCompare(other)));
  if (runs > 600) process.stderr.write(`${JSON.stringify({ ...tally, kinds })}\n`);
  expect(tally.searches).toBeGreaterThan(runs / 3);
  expect(tally.answered).toBeGreaterThan(tally.searches / 4);
}, 600_000);
