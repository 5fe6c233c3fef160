/** Criteria that the index answers together, against the same criteria worked out by hand: every page there and back, whatever was counted. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type SQL } from 'drizzle-orm';
import { PgDialect } from 'drizzle-orm/pg-core';
import type { SearchRow } from '../../src/search-ports.ts';
import { pageOf } from '../../src/search/cursor.ts';
import { createExampleStore, type ExampleStore } from './examples/example-store.ts';
import { loinc, local, makeRecords, type Observed } from './plans/records.ts';

const dialect = new PgDialect();
const { resources, observations, patients } = makeRecords(40, 12);
let store: ExampleStore;

beforeAll(async () => {
  store = await createExampleStore(resources);
}, 60_000);
afterAll(() => store.close());

interface Row {
  readonly resource_key: string;
  readonly id: string;
  readonly position: readonly (string | null)[];
  readonly found: number;
  readonly total: string;
}

async function run(statement: SQL): Promise<readonly Row[]> {
  const { sql: text, params } = dialect.sqlToQuery(statement);
  return (await store.database.pool.query<Row>(text, params)).rows;
}

const guesses = ['counted', 'few', 'many'] as const;
type Guess = (typeof guesses)[number];

async function countsOf(probes: readonly SQL[], guess: Guess): Promise<readonly number[]> {
  if (guess !== 'counted') return probes.map((_, index) => (guess === 'few' ? index : 10_000 + index));
  const counts: number[] = [];
  for (const probe of probes) counts.push((await run(probe))[0]?.found ?? 0);
  return counts;
}

async function readPage(type: string, text: string, cursor: string | undefined, guess: Guess) {
  const { query, plan } = store.compile(type, text, cursor);
  const rows: Row[] = [];
  for (const statement of plan.page?.(await countsOf(plan.probes, guess)) ?? []) {
    if (rows.length < plan.limit) rows.push(...(await run(statement)));
  }
  const found = rows.slice(0, plan.limit).map((row) => ({ ...row, resourceKey: row.resource_key }));
  return pageOf(query, found as unknown as readonly SearchRow[], 'secret');
}

/** Ids on all pages; the way back shows the same. */
async function search(type: string, text: string, guess: Guess): Promise<readonly string[]> {
  const pages: string[][] = [];
  let [cursor, previous]: (string | undefined)[] = [];
  do {
    const page = await readPage(type, text, cursor, guess);
    pages.push(page.matches.map(({ id }) => id));
    ({ next: cursor, previous } = page);
  } while (cursor !== undefined);
  for (const page of pages.toReversed().slice(1)) {
    const back = await readPage(type, text, previous, guess);
    expect(back.matches.map(({ id }) => id)).toEqual(page);
    ({ previous } = back);
  }
  expect(previous).toBeUndefined();
  return pages.flat();
}

async function count(type: string, text: string): Promise<number> {
  const { plan } = store.compile(type, `${text}&_count=0`);
  const [row] = plan.total ? await run(plan.total(await countsOf(plan.probes, 'counted'))) : [];
  return Number(row?.total);
}

type Holds = (one: Observed) => boolean;
const has =
  (code: string, system?: string): Holds =>
  ({ codes }) =>
    codes.some((one) => one.code === code && (system === undefined || (one.system ?? '') === system));
const within =
  (from: string, to: string): Holds =>
  ({ range }) =>
    range !== undefined && range.low >= Date.parse(from) && range.high < Date.parse(to);
const all =
  (...parts: readonly Holds[]): Holds =>
  (one) =>
    parts.every((holds) => holds(one));
const of =
  (patient: string): Holds =>
  (one) =>
    one.patient === patient;
const ends =
  (after: string): Holds =>
  ({ range }) =>
    range !== undefined && range.high >= Date.parse(after);
const begins =
  (before: string): Holds =>
  ({ range }) =>
    range !== undefined && range.low < Date.parse(before);

/** What reaches into a month: `ge` and `lt` are about an overlap. */
const during = (from: string, to: string): Holds => all(ends(from), begins(to));

/** In the middle of a long period of a resource with the code: it overlaps what begins here. */
const amid = observations
  .filter(has('c0'))
  .flatMap(({ range }) => (range && range.high - range.low > 10 * 86_400_000 ? [(range.low + range.high) / 2] : []))
  .map((middle) => new Date(middle).toISOString().slice(0, 10))[0];
if (amid === undefined) throw new Error('No long period to search within');

const cases: readonly (readonly [string, Holds])[] = [
  [`code=c0&date=ge${amid}`, all(has('c0'), ends(amid))],
  [
    `code=c0&date=ge${amid}&date=lt2019&status=final`,
    all(has('c0'), during(amid, '2019-01-01'), ({ status }) => status === 'final'),
  ],
  ['patient=p3&code=c0', all(of('p3'), has('c0'))],
  [`patient=p3&code=${loinc}|c1`, all(of('p3'), has('c1', loinc))],
  ['patient=p8&code=|c0', all(of('p8'), has('c0', ''))],
  ['patient=p3&code=c0,c1,c2', all(of('p3'), (one) => ['c0', 'c1', 'c2'].some((code) => has(code)(one)))],
  ['patient=p17&code=c0&code=c1', all(of('p17'), has('c0'), has('c1'))],
  [`patient=p3&code=${loinc}|`, all(of('p3'), ({ codes }) => codes.some(({ system }) => system === loinc))],
  ['patient=Patient/p5&code=c0&status=final', all(of('p5'), has('c0'), ({ status }) => status === 'final')],
  ['patient=p3,p5&code=c0', all((one) => ['p3', 'p5'].includes(one.patient), has('c0'))],
  ['subject=Patient/p3&code=c0', all(of('p3'), has('c0'))],
  ['subject:Patient=p3&code=c1,c2', all(of('p3'), (one) => has('c1')(one) || has('c2')(one))],
  ['subject=p5&code=c0', all(of('p5'), has('c0'))],
  ['subject=Patient/p3', of('p3')],
  ['patient=p3&code=nothing', () => false],
  ['code=c0&date=ge2012-01-01&date=lt2014-01-01', all(has('c0'), during('2012-01-01', '2014-01-01'))],
  [`code=${local}|c1&date=ge2011`, all(has('c1', local), ends('2011-01-01'))],
  ['code=c1&date=2015', all(has('c1'), within('2015-01-01', '2016-01-01'))],
  ['code=c0&date=ge2012-03-01&date=lt2012-05-01', all(has('c0'), during('2012-03-01', '2012-05-01'))],
  ['code=c0,c1&date=lt2013', all((one) => has('c0')(one) || has('c1')(one), begins('2013-01-01'))],
  ['code=c0&date=ge2013&status=amended', all(has('c0'), ends('2013-01-01'), ({ status }) => status === 'amended')],
  ['code=c0&code=c23&date=ge2010', all(has('c0'), has('c23'), ends('2010-01-01'))],
  ['patient=p7&code=c0&date=ge2012', all(of('p7'), has('c0'), ends('2012-01-01'))],
  [
    'patient.gender=male&code=c0&date=ge2016',
    all((one) => Number(one.patient.slice(1)) % 2 === 0, has('c0'), ends('2016-01-01')),
  ],
];

const sorted = (ids: readonly string[]): readonly string[] => ids.toSorted();

describe.each(cases)('%s', (text, holds) => {
  const expected = sorted(observations.filter(holds).map(({ id }) => id));

  test.each(guesses)('each once, all pages, when %s', async (guess) => {
    expect(sorted(await search('Observation', `${text}&_count=4`, guess))).toEqual(expected);
  });

  test('as many as are counted', async () => {
    expect(await count('Observation', text)).toBe(expected.length);
  });

  test.each(guesses)('by date, those without one last, when %s', async (guess) => {
    const found = await search('Observation', `${text}&_sort=-date&_count=3`, guess);
    const byId = new Map(observations.map((one) => [one.id, one.range?.low ?? -Infinity]));
    expect(sorted(found)).toEqual(expected);
    expect(found.map((id) => byId.get(id))).toEqual(
      found.map((id) => byId.get(id) ?? 0).toSorted((one, other) => other - one),
    );
  });
});

test('the cases find something, unless they must not', () => {
  const idle = cases.filter(([, holds]) => !observations.some(holds)).map(([text]) => text);
  expect(idle).toEqual(['patient=p3&code=nothing']);
});

const linked: readonly (readonly [string, Holds])[] = [
  ['_has:Observation:patient:code=c0', has('c0')],
  [`_has:Observation:patient:code=${loinc}|c20`, has('c20', loinc)],
  ['_has:Observation:patient:code=c20,c21,c22', (one) => ['c20', 'c21', 'c22'].some((code) => has(code)(one))],
  ['_has:Observation:patient:code=nothing', () => false],
  ['_has:Observation:subject:code=c5', has('c5')],
];
const patientCriteria: readonly (readonly [string, (id: string) => boolean])[] = [
  ['', () => true],
  ['&gender=male', (id) => Number(id.slice(1)) % 2 === 0],
  ['&_sort=family', () => true],
  ['&_has:Observation:patient:code=c1', (id) => observations.some(all(of(id), has('c1')))],
];

describe.each(
  linked.flatMap(([text, holds]) => patientCriteria.map(([more, also]) => [text + more, holds, also] as const)),
)('%s', (text, holds, also) => {
  const expected = sorted(patients.filter((id) => also(id) && observations.some(all(of(id), holds))));

  test.each(guesses)('each patient once, all pages, when %s', async (guess) => {
    expect(sorted(await search('Patient', `${text}&_count=4`, guess))).toEqual(expected);
  });

  test('as many as are counted', async () => {
    expect(await count('Patient', text)).toBe(expected.length);
  });
});
