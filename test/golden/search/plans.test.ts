/** What PostgreSQL does for typical searches, read from the plans that it runs on some thousand resources. `npm run golden:update` writes the scans anew. See docs/adr/0011-search-plans.md. */
import { readFileSync, writeFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { SQL } from 'drizzle-orm';
import { createExampleStore, type ExampleStore } from '../../search/examples/example-store.ts';
import { type Explaining, gatheredRows, nodesOf, openExplaining, type PlanNode, readRows, scanOf } from '../../search/plans/explain.ts';
import { loinc, makeRecords } from '../../search/plans/records.ts';

/** One more than the page. */
const pageRows = 21;
/** What a page reads at most: itself, its resources, and what is checked for each. */
const ordinaryRows = 25 * pageRows;
/** So many resources are looked up and sorted at most, where a criterion finds no more: see `compile-search.ts`. */
const few = 5_000;

interface Expected {
  readonly search: string;
  /** Rows that may be sorted at once, and why more than a page. */
  readonly sorts?: readonly [rows: number, reason: string];
  /** Rows that may be read, and why more than usual. */
  readonly reads?: readonly [rows: number, reason: string];
}

const records = makeRecords(300, 20);
const recordOf = (patient: string): number => records.observations.filter((one) => one.patient === patient).length;
/** Has more Observations than a page. */
const busy = records.patients.find((patient) => recordOf(patient) > 35);
if (busy === undefined) throw new Error('No patient has a long record');
const codes = Array.from({ length: 20 }, (_, index) => `c${index}`);
const everything = 20_000;

const searches: readonly Expected[] = [
  { search: 'Observation?' },
  { search: `Observation?code=${loinc}|c0` },
  { search: 'Observation?code=c29' },
  {
    search: `Observation?code=${codes.join(',')}`,
    sorts: [codes.length * pageRows, 'the first of each code are the first of all'],
  },
  { search: `Observation?patient=${busy}` },
  { search: `Observation?patient=${busy}&code=c0` },
  { search: `Observation?patient=${busy}&code=c0,c1` },
  { search: `Observation?subject=Patient/${busy}&code=c0` },
  { search: `Observation?subject=Patient/${busy}&_sort=-date` },
  { search: `Observation?patient=${busy}&category=exam` },
  { search: `Observation?patient=${busy}&category=vital-signs&_sort=-date` },
  { search: `Observation?patient=${busy}&date=ge2012&_sort=-date` },
  { search: `Observation?patient=${busy}&code=c0&date=ge2012` },
  { search: 'Observation?code=c0&_sort=-date' },
  { search: 'Observation?code=c0&date=ge2012-01-01&date=lt2013-01-01' },
  { search: 'Observation?code=c0&date=ge2012-01-01&date=lt2013-01-01&status=final' },
  { search: 'Observation?date=ge2012-01-01&date=lt2012-03-01' },
  { search: 'Observation?date=ge2014' },
  { search: 'Observation?date=ge2090' },
  { search: 'Observation?status=final&code=c3' },
  { search: 'Observation?status=final&code=nothing' },
  { search: `Observation?encounter=e${busy}-1` },
  { search: 'Observation?value-quantity=gt100' },
  { search: 'Observation?code=c0&value-quantity=gt190' },
  {
    search: 'Observation?code-value-quantity=c0$gt190',
    reads: [2_000, 'the newest first, and each looked at: the index has them in the order of their values'],
  },
  { search: 'Observation?patient.name=bland' },
  { search: 'Observation?patient.gender=male&code=c0' },
  { search: 'Observation?_sort=-_lastUpdated' },
  { search: 'Observation?_lastUpdated=gt2020-01-01' },
  { search: 'Observation?_sort=date' },
  { search: 'Observation?_sort=_id', sorts: [2 * pageRows, 'rows with the same id, a group at a time'] },
  {
    search: 'Observation?_sort=status,-date',
    sorts: [everything, 'no index has the order of two parameters: R4 wants all that match sorted'],
    reads: [everything, 'the values of all that match'],
  },
  { search: 'Observation?status:not=final', reads: [4_000, 'who lacks a code is in no index: each is looked at'] },
  { search: 'Observation?category:missing=true', reads: [everything, 'none lacks it, and each is looked at'] },
  { search: 'Patient?name=bland' },
  { search: 'Patient?name=b' },
  { search: 'Patient?name:contains=land' },
  { search: 'Patient?gender=male' },
  { search: 'Patient?gender=male&_sort=family' },
  { search: 'Patient?birthdate=ge1980' },
  { search: 'Patient?identifier=http://mrn.example|7' },
  { search: `Patient?_id=${busy}` },
  { search: 'Patient?_has:Observation:patient:code=c0' },
  { search: 'Patient?_has:Observation:patient:code=c29' },
  { search: 'Patient?_has:Observation:patient:code=c0&gender=male' },
  {
    search: 'Patient?_has:Observation:patient:category=exam',
    reads: [2_500, 'categories are not kept under patients: each record is looked at'],
  },
];

const file = new URL('plans.json', import.meta.url);
const isUpdate = process.env['UPDATE_GOLDEN'] === '1';
type Golden = Readonly<Record<string, readonly string[]>>;
const golden = isUpdate ? {} : (JSON.parse(readFileSync(file, 'utf8')) as Golden);
const found = new Map<string, readonly string[]>();

let store: ExampleStore;
let database: Explaining;

beforeAll(async () => {
  store = await createExampleStore(records.resources);
  // index-only scans look at the visibility map
  await store.database.pool.query('VACUUM ANALYZE');
  database = await openExplaining(store.database.config);
}, 60_000);

afterAll(async () => {
  await database.close();
  await store.close();
  if (isUpdate) writeFileSync(file, `${JSON.stringify(Object.fromEntries(found), null, 1)}\n`);
});

/** The plans of a page when its criteria find many, and when they find what they find here, up to the statement that fills it. */
async function plansOf(search: string, counted: 'many' | 'here'): Promise<readonly PlanNode[]> {
  const [type = '', query = ''] = search.split('?');
  const { plan } = store.compile(type, `${query}&_count=${pageRows - 1}`);
  const counts = counted === 'many' ? plan.probes.map(() => 2 * few) : await countsOf(plan.probes);
  const plans: PlanNode[] = [];
  let rows = 0;
  for (const statement of plan.page?.(counts) ?? []) {
    if (rows >= plan.limit) break;
    const explained = await database.explain(statement);
    plans.push(explained);
    rows += explained['Actual Rows'];
  }
  return plans;
}

async function countsOf(probes: readonly SQL[]): Promise<readonly number[]> {
  const counts: number[] = [];
  for (const probe of probes) counts.push((await database.run<{ found: number }>(probe))[0]?.found ?? 0);
  return counts;
}

const allNodes = (plans: readonly PlanNode[]): readonly PlanNode[] => plans.flatMap(nodesOf);
const scansOf = (plans: readonly PlanNode[]): readonly string[] => [
  ...new Set(allNodes(plans).flatMap((node) => scanOf(node) ?? [])),
];
const gathered = (plans: readonly PlanNode[]): number => Math.max(...allNodes(plans).map(gatheredRows));

describe.each(searches)('$search', ({ search, sorts, reads }) => {
  test('reads by indexes, a page at most is sorted, and no more is read than it takes', async () => {
    const plans = await plansOf(search, 'many');
    const scans = scansOf(plans);
    found.set(search, scans);
    expect(scans.filter((scan) => !/^Index (Only )?Scan/.test(scan))).toEqual([]);
    expect(gathered(plans)).toBeLessThanOrEqual(sorts?.[0] ?? pageRows);
    expect(plans.reduce((sum, plan) => sum + readRows(plan), 0)).toBeLessThanOrEqual(reads?.[0] ?? ordinaryRows);
    if (!isUpdate) expect(scans).toEqual(golden[search]);
  });

  test('when it finds few, reads by indexes and sorts no more than those', async () => {
    const plans = await plansOf(search, 'here');
    expect(scansOf(plans).filter((scan) => !/^Index (Only )?Scan/.test(scan))).toEqual([]);
    expect(gathered(plans)).toBeLessThanOrEqual(Math.max(few, sorts?.[0] ?? 0));
  });
});

test('no plan is kept of a search that is no longer looked at', () => {
  if (!isUpdate) expect(Object.keys(golden)).toEqual(searches.map(({ search }) => search));
});

test('the exceptions are needed', async () => {
  const needless: string[] = [];
  for (const { search, sorts, reads } of searches) {
    const plans = sorts || reads ? await plansOf(search, 'many') : [];
    if (sorts && gathered(plans) <= pageRows) needless.push(`${search} sorts`);
    if (reads && plans.reduce((sum, plan) => sum + readRows(plan), 0) <= ordinaryRows) needless.push(`${search} reads`);
  }
  expect(needless).toEqual([]);
});
