import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { migrate } from '../../src/store/migrate.ts';
import { emptyDatabase, type TestDatabase } from '../support/database.ts';

const realFolder = path.resolve('migrations');
let folder: string;
let database: TestDatabase;

interface Journal {
  readonly entries: { idx: number; version: string; when: number; tag: string; breakpoints: boolean }[];
}

/** Adds a migration to the copied folder, written so many milliseconds after the last. */
function addMigration(tag: string, statement: string, later = 1): void {
  const file = path.join(folder, 'meta/_journal.json');
  const journal = JSON.parse(readFileSync(file, 'utf8')) as Journal;
  const last = journal.entries.at(-1);
  journal.entries.push({
    idx: journal.entries.length,
    version: '7',
    when: (last?.when ?? 0) + later,
    tag,
    breakpoints: true,
  });
  writeFileSync(file, JSON.stringify(journal));
  writeFileSync(path.join(folder, `${tag}.sql`), statement);
}

beforeAll(async () => {
  folder = mkdtempSync(path.join(tmpdir(), 'vesta-migrations-'));
  cpSync(realFolder, folder, { recursive: true });
  database = await emptyDatabase();
});

afterAll(async () => {
  rmSync(folder, { recursive: true, force: true });
  await database.drop();
});

describe('migrate', () => {
  const others: TestDatabase[] = [];
  afterEach(async () => {
    await Promise.all(others.splice(0).map((other) => other.drop()));
  });

  it('is safe when several processes start at once: one does the work', async () => {
    const applied = await Promise.all([1, 2, 3, 4].map(() => migrate(database.adminConfig, folder)));
    expect(applied.flat()).toEqual([
      '0001_foundation',
      '0002_conformance',
      '0003_search',
      '0004_words',
      '0005_index_rows_lz4',
    ]);
    const { rows } = await database.pool.query('SELECT count(*)::int AS n FROM resource');
    expect(rows).toEqual([{ n: 0 }]);
  });

  it('does nothing on a database that is up to date', async () => {
    expect(await migrate(database.adminConfig, folder)).toEqual([]);
  });

  it('applies what was added, and refuses with the older program afterwards', async () => {
    addMigration('9999_addition', 'CREATE TABLE addition (n integer)');
    expect(await migrate(database.adminConfig, folder)).toEqual(['9999_addition']);
    await expect(migrate(database.adminConfig, realFolder)).rejects.toThrow('newer version of Vesta');
  });

  it('refuses when an applied migration was edited', async () => {
    writeFileSync(path.join(folder, '9999_addition.sql'), 'CREATE TABLE addition (n bigint)');
    await expect(migrate(database.adminConfig, folder)).rejects.toThrow('9999_addition was edited');
  });

  it('refuses a migration that would be skipped for its age', async () => {
    writeFileSync(path.join(folder, '9999_addition.sql'), 'CREATE TABLE addition (n integer)');
    const journal = readFileSync(path.join(folder, 'meta/_journal.json'));
    addMigration('0002_late', 'SELECT 1', -1000);
    await expect(migrate(database.adminConfig, folder)).rejects.toThrow('0002_late is older');
    writeFileSync(path.join(folder, 'meta/_journal.json'), journal);
  });

  it('leaves the database as it was when a migration fails', async () => {
    const other = await emptyDatabase();
    others.push(other);
    addMigration('9999_broken', 'CREATE TABLE half_done (n integer);\n--> statement-breakpoint\nSELECT 1/0');
    await expect(migrate(other.adminConfig, folder)).rejects.toThrow();
    const { rows } = await other.pool.query(
      "SELECT to_regclass('resource') AS resource, to_regclass('half_done') AS half",
    );
    expect(rows).toEqual([{ resource: null, half: null }]);
  });
});
