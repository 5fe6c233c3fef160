import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { getTableColumns, getTableName, is } from 'drizzle-orm';
import { PgTable } from 'drizzle-orm/pg-core';
import * as tables from '../../src/store/tables.ts';
import { freshDatabase, type TestDatabase } from '../support/database.ts';

/** A column as both sides tell it. */
interface ColumnFacts {
  readonly column: string;
  readonly type: string;
  readonly isRequired: boolean;
  readonly isKey: boolean;
}

let database: TestDatabase;

beforeAll(async () => {
  database = await freshDatabase();
});

afterAll(() => database.drop());

const all = Object.values(tables).filter((value) => is(value, PgTable));

function declared(table: PgTable): readonly ColumnFacts[] {
  return Object.values(getTableColumns(table)).map((column) => ({
    column: column.name,
    // PostgreSQL writes no space there
    type: column.getSQLType().replace('timestamp (', 'timestamp('),
    isRequired: column.notNull,
    isKey: column.primary,
  }));
}

async function migrated(name: string): Promise<readonly ColumnFacts[]> {
  const { rows } = await database.pool.query<ColumnFacts>(
    `SELECT attname AS "column", format_type(atttypid, atttypmod) AS type, attnotnull AS "isRequired",
       coalesce(indnkeyatts = 1 AND indkey[0] = attnum, false) AS "isKey"
     FROM pg_attribute LEFT JOIN pg_index ON indrelid = attrelid AND indisprimary
     WHERE attrelid = to_regclass($1) AND attnum > 0 AND NOT attisdropped ORDER BY attnum`,
    [name],
  );
  return rows;
}

describe('the tables of Drizzle', () => {
  it.each(all.map((table) => [getTableName(table), table] as const))(
    '%s is as the migrations make it',
    async (name, table) => {
      expect(declared(table)).toEqual(await migrated(name));
    },
  );

  it('are all the tables there are', async () => {
    const { rows } = await database.pool.query<{ name: string }>(
      "SELECT relname::text AS name FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace",
    );
    expect(rows.map(({ name }) => name).toSorted()).toEqual(all.map((table) => getTableName(table)).toSorted());
  });
});
