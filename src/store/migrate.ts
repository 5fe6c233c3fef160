/** Brings a database to the schema this program was written for, once, however many processes start together. https://orm.drizzle.team/docs/migrations */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { readMigrationFiles } from 'drizzle-orm/migrator';
import { drizzle } from 'drizzle-orm/node-postgres';
import { migrate as applyMigrations } from 'drizzle-orm/node-postgres/migrator';
import pg from 'pg';

const migrationsFolder = fileURLToPath(new URL('../../migrations', import.meta.url));
/** Any number no other program on the database uses: the letters of `vesta`. */
const lockKey = 0x7665737461;

interface Migration {
  readonly name: string;
  readonly hash: string;
  /** Milliseconds since 1970: what Drizzle knows a migration by. */
  readonly written: number;
}

interface AppliedRow {
  readonly hash: string;
  readonly created_at: string;
}

interface Journal {
  readonly entries: readonly { readonly tag: string; readonly when: number }[];
}

function readMigrations(folder: string): readonly Migration[] {
  const { entries } = JSON.parse(readFileSync(path.join(folder, 'meta/_journal.json'), 'utf8')) as Journal;
  const names = new Map(entries.map(({ tag, when }) => [when, tag]));
  const files = readMigrationFiles({ migrationsFolder: folder });
  return files.map(({ folderMillis, hash }) => ({ name: names.get(folderMillis) ?? '', hash, written: folderMillis }));
}

async function readApplied(client: pg.Client): Promise<ReadonlyMap<number, string>> {
  const found = await client.query<{ found: boolean }>(
    "SELECT to_regclass('drizzle.__drizzle_migrations') IS NOT NULL AS found",
  );
  if (!found.rows[0]?.found) return new Map();
  const { rows } = await client.query<AppliedRow>('SELECT hash, created_at FROM drizzle.__drizzle_migrations');
  return new Map(rows.map(({ hash, created_at }) => [Number(created_at), hash]));
}

/** Refuses a database whose past is not the one that the migrations tell. */
function checkPast(applied: ReadonlyMap<number, string>, migrations: readonly Migration[]): void {
  const known = new Map(migrations.map((migration) => [migration.written, migration]));
  for (const [written, hash] of applied) {
    const migration = known.get(written);
    if (!migration) {
      throw new Error('The database was migrated by a newer version of Vesta: start that version or a newer one');
    }
    if (migration.hash !== hash) {
      throw new Error(
        `Migration ${migration.name} was edited after this database got it: restore it, and make the change in a new one`,
      );
    }
  }
}

/** Drizzle takes only what is newer than the newest applied: an older one would be skipped in silence. */
function checkOrder(applied: ReadonlyMap<number, string>, missing: readonly Migration[]): void {
  const newest = Math.max(...applied.keys());
  const late = missing.find(({ written }) => written < newest);
  if (late) throw new Error(`Migration ${late.name} is older than one this database has: give it a later "when"`);
}

/** Applies what the database lacks, in one transaction, as the owner of the tables. Returns the names of what it applied. Throws when the database is newer than this program or a migration was edited. */
export async function migrate(
  database: pg.ClientConfig,
  folder: string = migrationsFolder,
): Promise<readonly string[]> {
  const migrations = readMigrations(folder);
  const client = new pg.Client(database);
  // a connection lost between two queries is told by the next one
  client.on('error', () => undefined);
  await client.connect();
  try {
    await client.query(`SELECT pg_advisory_lock(${lockKey})`);
    const applied = await readApplied(client);
    checkPast(applied, migrations);
    const missing = migrations.filter(({ written }) => !applied.has(written));
    checkOrder(applied, missing);
    if (missing.length > 0) await applyMigrations(drizzle(client), { migrationsFolder: folder });
    return missing.map(({ name }) => name);
  } finally {
    // the lock goes with the session
    await client.end();
  }
}
