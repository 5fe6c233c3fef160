/** How to connect to the configured database, as the owner of its tables and as the API. https://www.postgresql.org/docs/current/runtime-config-client.html */
import pg from 'pg';
import type { Config } from '../config.ts';

export interface DatabaseAccess {
  /** Owns the tables: for migrations and for tokens. */
  readonly owner: pg.ClientConfig;
  /** Reads and writes records, and can only add to the audit log. */
  readonly api: pg.ClientConfig;
}

export const apiRole = 'vesta_api';

/** Access to the embedded PostgreSQL, whose socket lets in whoever may open it. */
export function embeddedAccess(connection: { readonly host: string; readonly port: number }): DatabaseAccess {
  const to = { ...connection, database: 'postgres' };
  return { owner: { ...to, user: 'postgres' }, api: { ...to, user: apiRole } };
}

/** A session of the owner that gives up the owner's rights as it begins. */
function asApiRole(databaseUrl: string): pg.ClientConfig {
  const url = new URL(databaseUrl);
  // options in the URL would win over those beside it
  const given = url.searchParams.get('options');
  url.searchParams.delete('options');
  return {
    connectionString: url.href,
    options: [given, `-c role=${apiRole}`].filter(Boolean).join(' '),
  };
}

/** Access to the database of DATABASE_URL; undefined when there is none. */
export function configuredAccess({ databaseUrl, migrationUrl }: Config): DatabaseAccess | undefined {
  if (databaseUrl === undefined) return undefined;
  if (migrationUrl === undefined) return { owner: { connectionString: databaseUrl }, api: asApiRole(databaseUrl) };
  return { owner: { connectionString: migrationUrl }, api: { connectionString: databaseUrl } };
}

/** Lets an owner that is no superuser take the API's role: since PostgreSQL 16 making a role does not include that. Throws with advice when it may not. */
export async function allowApiRole({ owner }: DatabaseAccess): Promise<void> {
  const client = new pg.Client(owner);
  client.on('error', () => undefined);
  await client.connect();
  const takeRole = () => client.query(`SET ROLE ${apiRole}`);
  try {
    await takeRole().catch(async () => {
      await client.query(`GRANT ${apiRole} TO CURRENT_USER`);
      await takeRole();
    });
  } catch (cause) {
    throw new Error(
      `The user of DATABASE_URL may not take the role ${apiRole}: as a superuser run GRANT ${apiRole} TO that user, or set DATABASE_MIGRATION_URL to the owner and DATABASE_URL to ${apiRole}`,
      { cause },
    );
  } finally {
    await client.end();
  }
}
