/** Searches on a real database, against the same criteria worked out by hand on a few hundred made-up resources. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type SQL, sql } from 'drizzle-orm';
import { PgDialect } from 'drizzle-orm/pg-core';
import type pg from 'pg';
import { companionsOf } from '../../src/search/companions.ts';
import { compileRevincludes } from '../../src/search/compile-includes.ts';
import { pageOf } from '../../src/search/cursor.ts';
import { fold } from '../../src/search/fold.ts';
import { createHash } from '../../src/search/hash.ts';
import { unbounded } from '../../src/search/number-range.ts';
import { parseSearch } from '../../src/search/parse-search.ts';
import { compileSearch } from '../../src/search/sql/compile-search.ts';
import { RowCollector } from '../../src/search/row-collector.ts';
import { parameterKey, typeKey } from '../../src/search/keys.ts';
import { searchTypes } from '../../src/search/types/index.ts';
import type { IndexRows } from '../../src/ports.ts';
import type { SearchPlan, SearchRow } from '../../src/search-ports.ts';
import { freshDatabase, type TestDatabase } from '../support/database.ts';
import { definitions, registry } from './registry.ts';
import { canonicalUnit, scope } from './scope.ts';

const baseUrl = 'http://here.example/fhir';
const loinc = 'http://loinc.org';
const ucum = 'http://unitsofmeasure.org';
const hash = createHash('a secret of this test');
const context = { hash, resourceTypes: definitions.resourceTypes, parameters: registry, cursorSecret: 'another' };
const dialect = new PgDialect();

/** A value, and the range that it means. */
interface Dated {
  readonly type: string;
  readonly value: unknown;
  readonly low: number;
  readonly high: number;
}

const at = (text: string): number => Date.parse(text);
const dated = (type: string, value: unknown, low: string | number, high: string | number): Dated => ({
  type,
  value,
  low: typeof low === 'string' ? at(low) : low,
  high: typeof high === 'string' ? at(high) : high,
});

const dates: readonly Dated[] = [
  dated('dateTime', '2020', '2020-01-01T00:00:00.000Z', '2020-12-31T23:59:59.999Z'),
  dated('dateTime', '2020-03', '2020-03-01T00:00:00.000Z', '2020-03-31T23:59:59.999Z'),
  dated('dateTime', '2020-03-05', '2020-03-05T00:00:00.000Z', '2020-03-05T23:59:59.999Z'),
  dated('dateTime', '2020-03-05T10:00:00Z', '2020-03-05T10:00:00.000Z', '2020-03-05T10:00:00.999Z'),
  dated('dateTime', '2020-03-06T01:00:00+02:00', '2020-03-05T23:00:00.000Z', '2020-03-05T23:00:00.999Z'),
  dated('instant', '2020-03-04T23:59:59.999Z', '2020-03-04T23:59:59.999Z', '2020-03-04T23:59:59.999Z'),
  dated('date', '2023-01-01', '2023-01-01T00:00:00.000Z', '2023-01-01T23:59:59.999Z'),
  dated('dateTime', '1920-02-29', '1920-02-29T00:00:00.000Z', '1920-02-29T23:59:59.999Z'),
  dated('Period', { start: '2020-03-01', end: '2020-03-05' }, '2020-03-01T00:00:00.000Z', '2020-03-05T23:59:59.999Z'),
  dated('Period', { start: '2020-03-05' }, '2020-03-05T00:00:00.000Z', Infinity),
  dated('Period', { end: '2020-03-05' }, -Infinity, '2020-03-05T23:59:59.999Z'),
  dated('Timing', { event: ['2020-03-05', '2021'] }, '2020-03-05T00:00:00.000Z', '2021-12-31T23:59:59.999Z'),
];

interface Measured {
  readonly value: Record<string, unknown>;
  readonly low: number;
  readonly high: number;
}

const mg = { unit: 'mg', system: ucum, code: 'mg' };
const quantities: readonly Measured[] = [
  ...[5.35, 5.4, 5.45, 5, 99.5, 100, 100.5, -3.5, -10, 0].map((value) => ({
    value: { value, ...mg },
    low: value,
    high: value,
  })),
  { value: { value: 5.4, unit: 'milligram' }, low: 5.4, high: 5.4 },
  { value: { value: 5.4, system: 'http://other.example', code: 'mg' }, low: 5.4, high: 5.4 },
  { value: { value: 5, comparator: '<', ...mg }, low: -unbounded, high: 5 },
  { value: { value: 100, comparator: '>', ...mg }, low: 100, high: unbounded },
];

const families = [
  'Müller',
  'MULLER-Lüdenscheidt',
  'Mul_ler',
  'Mul%ler',
  'Mulzler',
  'Øster',
  'O’Neil',
  '𐐀b',
  '\u{10ffff}x',
  `${'long '.repeat(200)}end`,
];
const codes = ['1', '2', '3', '4'];

interface Made {
  readonly key: number;
  readonly id: string;
  readonly version: number;
  readonly lastUpdated: number;
  readonly isDeleted: boolean;
  readonly codes: readonly { readonly system?: string; readonly code: string }[];
  readonly status: string;
  readonly subject: string;
  readonly dates: readonly Dated[];
  readonly quantity: Measured | undefined;
  readonly family: string;
  readonly profile: string | undefined;
}

/** The same numbers at every run. */
function createRandom(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

const random = createRandom(7);
function pick<Value>(values: readonly Value[]): Value {
  const [value] = values.slice(random(values.length));
  if (value === undefined) throw new Error('Nothing to choose from');
  return value;
}

/** In the order of their keys, which is not that of their updates. */
const made: readonly Made[] = Array.from({ length: 400 }, (_, index) => ({
  key: 256 + index * 3,
  id: `o${index}`,
  version: 1 + random(3),
  lastUpdated: at('2026-01-01T00:00:00.000Z') + random(60) * 1_000 + random(2),
  isDeleted: random(12) === 0,
  codes: [
    { ...(random(4) > 0 && { system: loinc }), code: pick(codes) },
    ...(random(3) === 0 ? [{ system: pick([loinc, 'http://local.example']), code: pick(codes) }] : []),
  ],
  status: random(5) === 0 ? 'amended' : 'final',
  subject: pick([
    'Patient/1',
    'Patient/2',
    'Group/1',
    `${baseUrl}/Patient/3`,
    'http://there.example/Patient/1',
    'Patient/1/_history/4',
  ]),
  dates: random(4) === 0 ? [pick(dates), pick(dates)] : [pick(dates)],
  quantity: random(3) > 0 ? pick(quantities) : undefined,
  family: pick(families),
  profile:
    random(2) === 0
      ? pick(['http://p.example/a', 'http://p.example/a|1', `http://p.example/${'b'.repeat(3_000)}`])
      : undefined,
}));

const current = made.filter(({ isDeleted }) => !isDeleted);

/** One search parameter per search type: what its type is, and its values in a resource. The types of elements are those of R4, wherever they stand in it. */
const values: Readonly<Record<string, (one: Made) => readonly (readonly [type: string, value: unknown])[]>> = {
  code: (one) => [['CodeableConcept', { coding: one.codes }]],
  status: (one) => [['code', one.status]],
  subject: (one) => [['Reference', { reference: one.subject }]],
  patient: (one) => (one.subject.includes('Patient/') ? [['Reference', { reference: one.subject }]] : []),
  date: (one) => one.dates.map(({ type, value }) => [type, value] as const),
  'value-quantity': (one) => (one.quantity ? [['Quantity', one.quantity.value]] : []),
  'value-string': (one) => [['HumanName', { family: one.family, given: ['Test'] }]],
  _profile: (one) => (one.profile === undefined ? [] : [['canonical', one.profile]]),
};

function indexRows(one: Made): IndexRows {
  const collector = new RowCollector();
  collector.token(typeKey(hash, 'Observation'));
  for (const [code, valuesOf] of Object.entries(values)) {
    const type = registry.forType('Observation').get(code)?.type;
    const key = parameterKey(hash, 'Observation', code);
    for (const [elementType, value] of valuesOf(one)) {
      const place = { resourceType: 'Observation', code, key, hash, elementType, baseUrl, canonicalUnit };
      if (type) searchTypes[type]?.index(value, place, collector);
    }
  }
  companionsOf('Observation', registry, { hash, elements: definitions.elements })(collector);
  return collector.rows();
}

async function storeRows(pool: pg.Pool, { key, ...one }: Made): Promise<void> {
  const number = definitions.resourceTypes.get('Observation');
  const updated = new Date(one.lastUpdated).toISOString();
  await pool.query(
    `INSERT INTO resource (resource_key, resource_type, id, version, last_updated, method, deleted, index_version, patients, index_rows, content) VALUES ($1, $2, $3, $4, $5, 'PUT', $6, 1, '{}', '{}', $7)`,
    [key, number, one.id, one.version, updated, one.isDeleted, one.isDeleted ? null : '{}'],
  );
  for (let version = 1; version <= one.version; version += 1) {
    // earlier versions were made before all that are current
    const time = version === one.version ? updated : new Date(one.lastUpdated - version * 100_000_000).toISOString();
    await pool.query(
      `INSERT INTO change_log (resource_type, resource_key, version, method, last_updated) VALUES ($1, $2, $3, 'PUT', $4)`,
      [number, key, version, time],
    );
  }
  if (one.isDeleted) return;
  const rows = indexRows({ key, ...one });
  const insert = async (table: string, columns: string, lists: readonly (readonly unknown[])[]) => {
    for (const list of lists) await pool.query(`INSERT INTO ${table} VALUES (${columns})`, [...list, key]);
  };
  await insert(
    'token_index',
    '$1, $2',
    rows.tokens.map((token) => [token]),
  );
  await insert('reference_index', '$1, $2, $3', rows.references);
  await insert('date_index', '$1, $2, $3, $4', rows.dates);
  await insert('number_index', '$1, $2, $3, $4', rows.numbers);
  await insert('string_index', '$1, $2, $3', rows.strings);
  await insert('uri_index', '$1, $2, $3', rows.uris);
}

let database: TestDatabase;

beforeAll(async () => {
  database = await freshDatabase();
  for (const one of made) await storeRows(database.pool, one);
  await database.pool.query('ANALYZE');
}, 60_000);

afterAll(() => database.drop());

interface Row {
  readonly resource_key: string;
  readonly position: readonly (string | null)[];
  readonly total: string;
  readonly found: number;
}

async function run(statement: SQL | undefined): Promise<readonly Row[]> {
  if (!statement) return [];
  const { sql: text, params } = dialect.sqlToQuery(statement);
  return (await database.pool.query<Row>(text, params)).rows;
}

/** Here a resource may have several dates. */
const several = { ...scope, baseUrl, shapes: { ...scope.shapes, isSingle: () => false } };

function query(text: string) {
  return parseSearch({ types: ['Observation'], parameters: [...new URLSearchParams(text)], scope: several });
}

/** Some searches are read in the order of their values, others sort the few that they find: what was counted decides. */
const guesses = ['counted', 'few', 'many'] as const;
type Guess = (typeof guesses)[number];

async function countsOf({ probes }: SearchPlan, guess: Guess): Promise<readonly number[]> {
  if (guess === 'few') return probes.map((_, index) => index);
  if (guess === 'many') return probes.map((_, index) => 10_000 + index);
  const counts: number[] = [];
  for (const probe of probes) counts.push((await run(probe))[0]?.found ?? 0);
  return counts;
}

/** The rows of one page and the one after it, as the store has them. */
async function rowsOf(plan: SearchPlan, guess: Guess = 'counted'): Promise<readonly SearchRow[]> {
  const rows: Row[] = [];
  for (const statement of plan.page?.(await countsOf(plan, guess)) ?? []) {
    if (rows.length < plan.limit) rows.push(...(await run(statement)));
  }
  return rows.slice(0, plan.limit).map((row) => ({ ...row, resourceKey: row.resource_key }) as unknown as SearchRow);
}

/** The keys of all pages, one after the other; and that the way back shows the same. */
async function search(text: string, count: number, guess: Guess = 'counted'): Promise<readonly number[]> {
  const first = query(`${text}&_count=${count}`);
  const pages: string[][] = [];
  let cursor: string | undefined;
  let previous: string | undefined;
  do {
    const page = cursor === undefined ? first : { ...first, cursor };
    const rows = await rowsOf(compileSearch(page, context), guess);
    const shown = pageOf(page, rows, context.cursorSecret);
    pages.push(shown.matches.map(({ resourceKey }) => resourceKey));
    ({ next: cursor, previous } = shown);
  } while (cursor !== undefined);
  for (const page of pages.toReversed().slice(1)) {
    expect(previous).toBeDefined();
    const back = { ...first, cursor: previous ?? '' };
    const shown = pageOf(back, await rowsOf(compileSearch(back, context), guess), context.cursorSecret);
    expect(shown.matches.map(({ resourceKey }) => resourceKey)).toEqual(page);
    ({ previous } = shown);
  }
  expect(previous).toBeUndefined();
  return pages.flat().map(Number);
}

async function count(text: string): Promise<number> {
  const plan = compileSearch(query(`${text}&_count=0`), context);
  const [row] = await run(plan.total?.(await countsOf(plan, 'counted')));
  return Number(row?.total);
}

type Holds = (one: Made) => boolean;
interface Range {
  readonly low: number;
  readonly high: number;
}

/** The prefixes in the words of R4. */
const contains = (outer: Range, inner: Range): boolean => outer.low <= inner.low && inner.high <= outer.high;
const prefixes: Readonly<Record<string, (target: Range, asked: Range) => boolean>> = {
  eq: (target, asked) => contains(asked, target),
  ne: (target, asked) => !contains(asked, target),
  gt: (target, asked) => target.high > asked.high,
  lt: (target, asked) => target.low < asked.low,
  ge: (target, asked) => target.high > asked.high || contains(asked, target),
  le: (target, asked) => target.low < asked.low || contains(asked, target),
  sa: (target, asked) => target.low > asked.high,
  eb: (target, asked) => target.high < asked.low,
};

const days: readonly (readonly [string, Range])[] = [
  ['2020', { low: at('2020-01-01T00:00:00.000Z'), high: at('2020-12-31T23:59:59.999Z') }],
  ['2020-03', { low: at('2020-03-01T00:00:00.000Z'), high: at('2020-03-31T23:59:59.999Z') }],
  ['2020-03-05', { low: at('2020-03-05T00:00:00.000Z'), high: at('2020-03-05T23:59:59.999Z') }],
  ['2020-03-05T10:00:00Z', { low: at('2020-03-05T10:00:00.000Z'), high: at('2020-03-05T10:00:00.999Z') }],
];

const dateCriteria = Object.entries(prefixes).flatMap(([prefix, holds]) =>
  days.map(([day, asked]): readonly [string, Holds] => [
    `date=${prefix}${day}`,
    (one) => one.dates.some((target) => holds(target, asked)),
  ]),
);

const isPoint = (prefix: string): boolean => prefix !== 'eq' && prefix !== 'ne';
const numberCriteria = Object.entries(prefixes).flatMap(([prefix, holds]) =>
  (
    [
      ['5.4', 5.4, 5.35, 5.45],
      ['100', 100, 99.5, 100.5],
      ['-3.5', -3.5, -3.55, -3.45],
      ['0', 0, -0.5, 0.5],
    ] as const
  ).map(([text, value, low, above]): readonly [string, Holds] => {
    const asked = isPoint(prefix) ? { low: value, high: value } : { low, high: above - 1e-9 };
    return [`value-quantity=${prefix}${text}`, ({ quantity }) => quantity !== undefined && holds(quantity, asked)];
  }),
);

const hasCode =
  (code: string, system?: string): Holds =>
  (one) =>
    one.codes.some((coding) => coding.code === code && (system === undefined || (coding.system ?? '') === system));
const begins =
  (...texts: readonly string[]): Holds =>
  ({ family }) =>
    texts.some((text) => fold(family).startsWith(text));
const isIn =
  (...subjects: readonly string[]): Holds =>
  ({ subject }) =>
    subjects.includes(subject);
const isMg = ({ value }: Measured): boolean => value['code'] === 'mg' || value['unit'] === 'mg';
const second = at('2026-01-01T00:00:30.000Z');
const ofOne = ['Patient/1', 'Patient/1/_history/4'];

/** Criteria, each with what it means. `value-string` holds names here: it is the string parameter of Observation. */
const criteria: readonly (readonly [string, Holds])[] = [
  ['', () => true],
  ['_id=o1,o2,o3,o40,nobody', ({ id }) => ['o1', 'o2', 'o3', 'o40'].includes(id)],
  ['code=1', hasCode('1')],
  [`code=${loinc}|2`, hasCode('2', loinc)],
  ['code=|3', hasCode('3', '')],
  [`code=${loinc}|`, (one) => one.codes.some(({ system }) => system === loinc)],
  [`code=1,${loinc}|2,|3`, (one) => hasCode('1')(one) || hasCode('2', loinc)(one) || hasCode('3', '')(one)],
  ['code=1&code=2', (one) => hasCode('1')(one) && hasCode('2')(one)],
  ['code=nothing', () => false],
  ['status=final', ({ status }) => status === 'final'],
  ['status=amended,final', () => true],
  ['subject=Patient/1', isIn(...ofOne)],
  ['subject=1', isIn(...ofOne, 'Group/1')],
  ['subject:Patient=3', isIn(`${baseUrl}/Patient/3`)],
  ['subject=http://there.example/Patient/1', isIn('http://there.example/Patient/1')],
  [`subject=${baseUrl}/Patient/2,Patient/3`, isIn('Patient/2', `${baseUrl}/Patient/3`)],
  ['value-string=m%C3%BCll', begins('mull')],
  ['value-string=mul_', begins('mul_')],
  ['value-string=mul%25,oste', begins('mul%', 'oste')],
  ['value-string=%F0%90%90%80', begins(fold('𐐀'))],
  ['value-string=%F4%8F%BF%BF', begins('\u{10ffff}')],
  [`value-string=${'long '.repeat(150)}`, begins('long long')],
  ['value-string=test', () => true],
  ['_profile=http://p.example/a', ({ profile }) => profile?.startsWith('http://p.example/a') === true],
  ['_profile=http://p.example/a|1', ({ profile }) => profile === 'http://p.example/a|1'],
  [`_profile=http://p.example/${'b'.repeat(3_000)}`, ({ profile = '' }) => profile.length > 3_000],
  [`_profile=http://p.example/${'b'.repeat(2_999)}`, () => false],
  [`value-quantity=5.4|${ucum}|mg`, ({ quantity: one }) => one?.value['system'] === ucum && within(one, 5.35, 5.45)],
  ['value-quantity=5.4||mg', ({ quantity: one }) => one !== undefined && isMg(one) && within(one, 5.35, 5.45)],
  ['value-quantity=5.4||milligram', ({ quantity: one }) => one?.value['unit'] === 'milligram'],
  [
    'value-quantity=gt99||mg,lt-1',
    ({ quantity: one }) => one !== undefined && ((isMg(one) && one.high > 99) || one.low < -1),
  ],
  ['value-quantity=ap100', ({ quantity: one }) => one !== undefined && one.low <= 110 && one.high >= 90],
  ['_lastUpdated=gt2026-01-01T00:00:30.000Z', ({ lastUpdated }) => lastUpdated > second],
  ['_lastUpdated=2026-01-01T00:00:30.001Z', ({ lastUpdated }) => lastUpdated === second + 1],
  ['_lastUpdated=lt2026-01-01T00:00:30Z', ({ lastUpdated }) => lastUpdated < second],
  ['_lastUpdated=lt2025', () => false],
  ...dateCriteria,
  ...numberCriteria,
];

function within({ low, high }: Range, from: number, to: number): boolean {
  return low >= from && high < to;
}

/** Some values are long. */
const title = (text: string): string => text.slice(0, 100);

/** Without a wish, searches by values come in the order of these. */
const inKeyOrder = (keys: readonly number[]): readonly number[] => keys.toSorted((one, other) => one - other);

const newest = (found: readonly Made[]): readonly number[] => found.map(({ key }) => key).reverse();

describe('each criterion', () => {
  test.each(criteria.map(([text, holds]) => [title(text), text, holds] as const))('%s', async (_, text, holds) => {
    const expected = inKeyOrder(current.filter(holds).map(({ key }) => key));
    expect(inKeyOrder(await search(text, 1_000))).toEqual(expected);
    expect(await count(text)).toBe(expected.length);
  });

  test('finds something, unless it must not', () => {
    const idle = criteria.filter(([, holds]) => !current.some(holds)).map(([text]) => text);
    expect(idle).toEqual(['code=nothing', expect.stringMatching(/^_profile=.*b{2999}$/), '_lastUpdated=lt2025']);
  });
});

describe('several criteria, page by page', () => {
  const combinations = Array.from({ length: 60 }, (_, index) => {
    const parts = [pick(criteria), pick(criteria), pick(criteria)];
    return [`${index}: ${parts.map(([text]) => title(text)).join('&')}`, parts] as const;
  });

  test.each(combinations)('%s', async (_, parts) => {
    const text = parts.map(([one]) => one).join('&');
    const matches = current.filter((one) => parts.every(([, holds]) => holds(one)));
    const expected = inKeyOrder(matches.map(({ key }) => key));
    for (const guess of guesses) expect(inKeyOrder(await search(text, 7, guess))).toEqual(expected);
    expect(await count(text)).toBe(matches.length);
  });
});

describe('in the order of the last update', () => {
  const ascending = [...current].sort((one, other) => one.lastUpdated - other.lastUpdated || one.key - other.key);

  test.each(criteria.filter((_, index) => index % 4 === 0).map(([text, holds]) => [title(text), text, holds] as const))(
    '%s',
    async (_, text, holds) => {
      const expected = ascending.filter(holds).map(({ key }) => key);
      for (const guess of guesses) {
        expect(await search(`${text}&_sort=_lastUpdated`, 7, guess)).toEqual(expected);
        expect(await search(`${text}&_sort=-_lastUpdated`, 11, guess)).toEqual([...expected].reverse());
      }
    },
  );
});

describe('a page', () => {
  test('has one row more than asked for when there are others', async () => {
    const plan = compileSearch(query('status=final&_count=3'), context);
    expect(await rowsOf(plan)).toHaveLength(4);
    expect(plan.total).toBeUndefined();
  });

  test('has the columns of a version', async () => {
    const one = current.at(-1);
    const [row] = await rowsOf(compileSearch(query('_count=1'), context));
    expect(row).toEqual({
      resourceKey: String(one?.key),
      resource_key: String(one?.key),
      resource_type: definitions.resourceTypes.get('Observation'),
      id: one?.id,
      version: one?.version,
      last_updated: new Date(one?.lastUpdated ?? 0),
      method: 'PUT',
      deleted: false,
      patients: [],
      content: '{}',
      position: [],
    });
  });

  test('stays in place when resources are made in between', async () => {
    const first = query('status=final&_count=5');
    const rows = await rowsOf(compileSearch(first, context));
    const key = hash(`token\u0000${parameterKey(hash, 'Observation', 'status')}\u0000code\u0000final`);
    await database.pool.query('INSERT INTO token_index VALUES ($1, 999999)', [key]);
    const cursor = pageOf(first, rows, context.cursorSecret).next ?? '';
    const [next] = await rowsOf(compileSearch({ ...first, cursor }, context));
    await database.pool.query('DELETE FROM token_index WHERE resource_key = 999999');
    expect(next?.resourceKey).toBe(rows[5]?.resourceKey);
  });
});

test('_revinclude finds what points to the matches, each once', async () => {
  const parameters = [{ type: 'Observation', code: 'subject' }];
  const matches = [
    { type: 'Patient', id: '1' },
    { type: 'Patient', id: '2' },
  ];
  const plan = compileRevincludes({ parameters, matches, limit: 1_000 }, context);
  const expected = newest(current.filter(isIn(...ofOne, 'Patient/2')));
  expect((await rowsOf(plan)).map((row) => Number(row.resourceKey))).toEqual(expected);
  const few = compileRevincludes({ parameters, matches, limit: 3 }, context);
  expect((await rowsOf(few)).map((row) => Number(row.resourceKey))).toEqual(expected.slice(0, 3));
});

describe('plans', () => {
  /** As a prepared statement runs it, whose plan does not know the values. */
  async function explain(text: string): Promise<string> {
    const client = await database.pool.connect();
    try {
      const [page] = compileSearch(query(text), context).page?.([]) ?? [];
      const { sql: statement, params } = dialect.sqlToQuery(page ?? sql``);
      await client.query('SET plan_cache_mode = force_generic_plan');
      await client.query('SET enable_seqscan = off');
      const name = `plan_${text.replaceAll(/\W/g, '_')}`;
      await client.query(`PREPARE ${name} AS ${statement}`);
      const literals = params.map((value) => client.escapeLiteral(String(value)));
      const { rows } = await client.query<Record<string, string>>(
        `EXPLAIN (COSTS OFF) EXECUTE ${name}(${literals.join(', ')})`,
      );
      return rows.map((row) => row['QUERY PLAN']).join('\n');
    } finally {
      await client.query('RESET ALL');
      client.release();
    }
  }

  test.each([
    'code=1',
    'code=1&status=final',
    'subject=Patient/1',
    'subject=Patient/1&code=1',
    'status=final&_count=7',
  ])('of %s reads postings in their order and sorts nothing', async (text) => {
    const plan = await explain(text);
    expect(plan).toMatch(/Index Only Scan Backward using (token|reference)_index_pkey/);
    expect(plan).not.toMatch(/Sort|Hash|Merge|Seq Scan/);
  });

  test('of the whole change log reads it in its order and sorts nothing', async () => {
    const plan = await explain('_sort=-_lastUpdated');
    expect(plan).toContain('Scan Backward using change_log_type_time');
    expect(plan).not.toMatch(/Sort|Hash|Merge|Seq Scan/);
  });
});
