import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { IndexRows, ValueRows } from '../../src/ports.ts';
import { containedKey } from '../../src/store/contained-key.ts';
import { createPostingColumns, insertPostings, noRows, removePostings, subtract } from '../../src/store/postings.ts';
import { freshDatabase, type TestDatabase } from '../support/database.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await freshDatabase();
});
afterAll(() => database.drop());

const key = fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }).map(String);
const text = fc.string({ unit: 'binary', maxLength: 40 }).filter((value) => !value.includes('\0'));
const instant = fc
  .date({ min: new Date(0), max: new Date(4e12), noInvalidDate: true })
  .map((date) => date.toISOString());
const unique = <Value>(value: fc.Arbitrary<Value>) =>
  fc.uniqueArray(value, { maxLength: 4, selector: (one) => JSON.stringify(one) });
const valueRows: fc.Arbitrary<ValueRows> = fc.record({
  tokens: unique(key),
  references: unique(fc.tuple(key, key)),
  dates: unique(fc.tuple(key, instant, fc.constant('infinity'))),
  numbers: unique(
    fc.tuple(
      key,
      fc.double({ noNaN: true, noDefaultInfinity: true }).map((n) => n + 0),
      fc.integer(),
    ),
  ),
  strings: unique(fc.tuple(key, text)),
  uris: unique(fc.tuple(key, text)),
  words: unique(key),
});
const places = 3;
const indexRows: fc.Arbitrary<IndexRows> = fc
  .tuple(valueRows, fc.array(valueRows, { maxLength: places }))
  .map(([own, contained]) => (contained.length > 0 ? { ...own, contained } : own));

const tables = ['token_index', 'reference_index', 'date_index', 'number_index', 'string_index', 'uri_index'];
const kinds = ['tokens', 'references', 'dates', 'numbers', 'strings', 'uris', 'words'] as const;

async function countsOf(resourceKey: string): Promise<number[]> {
  const parts = [
    ...tables.map((table) => `(SELECT count(*)::int FROM ${table} WHERE resource_key = $1)`),
    // one row, of as many words
    'coalesce((SELECT cardinality(words) FROM word_index WHERE resource_key = $1), 0)',
  ];
  const { rows } = await database.pool.query<{ counts: number[] }>(`SELECT ARRAY[${parts.join(', ')}] AS counts`, [
    resourceKey,
  ]);
  return rows[0]?.counts ?? [];
}

/** Of the resource and of each place in it. */
async function counts(resourceKey: string): Promise<number[][]> {
  const keys = Array.from({ length: places }, (_, place) => containedKey(resourceKey, place));
  return Promise.all([resourceKey, ...keys].map(countsOf));
}

function expected(rows: IndexRows): number[][] {
  const contained = Array.from({ length: places }, (_, place) => rows.contained?.[place] ?? noRows);
  return [rows, ...contained].map((one) => kinds.map((kind) => one[kind].length));
}

const insert = `WITH ${insertPostings(1).join(', ')} SELECT`;

async function run(statement: string, resourceKey: string, rows: IndexRows): Promise<void> {
  const columns = createPostingColumns();
  columns.add(resourceKey, rows);
  await database.pool.query(statement, columns.parameters());
}

describe('postings', () => {
  test('any rows are added, and the difference makes them those of the next version', async () => {
    let resource = 0;
    const becomes = async (before: IndexRows, after: IndexRows): Promise<void> => {
      resource += 1;
      const resourceKey = String(resource);
      await run(insert, resourceKey, before);
      expect(await counts(resourceKey)).toEqual(expected(before));
      await run(removePostings(), resourceKey, subtract(before, after));
      await run(insert, resourceKey, subtract(after, before));
      expect(await counts(resourceKey)).toEqual(expected(after));
      await run(removePostings(), resourceKey, after);
      expect(await counts(resourceKey)).toEqual(expected(noRows));
    };
    await fc.assert(fc.asyncProperty(indexRows, indexRows, becomes), { numRuns: 60 });
  }, 30_000);
});
