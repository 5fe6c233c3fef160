/** A session with the database as the owner of its tables, for commands that do not go through the API. */
import pg from 'pg';
import { readConfig } from '../config.ts';
import { configuredAccess, embeddedAccess } from '../runtime/database-access.ts';
import { dataDirectoryFiles } from '../runtime/data-directory.ts';
import { readSocketDirectory } from '../runtime/socket-directory.ts';

function ownerAccess(environment: NodeJS.ProcessEnv): pg.ClientConfig {
  const config = readConfig(environment);
  const configured = configuredAccess(config);
  if (configured) return configured.owner;
  const host = readSocketDirectory(dataDirectoryFiles(config.dataDirectory).socket);
  if (host === undefined) {
    throw new Error(
      'The embedded database does not run: start the server first, or set VESTA_DATA_DIR or DATABASE_URL',
    );
  }
  return embeddedAccess({ host, port: 5432 }).owner;
}

/** Connects to the database of DATABASE_URL, else to that of the running server, and ends the session after the work. */
export async function withDatabase<Value>(
  environment: NodeJS.ProcessEnv,
  work: (client: pg.Client) => Promise<Value>,
): Promise<Value> {
  const client = new pg.Client(ownerAccess(environment));
  client.on('error', () => undefined);
  await client.connect().catch((cause: unknown) => {
    throw new Error('The database cannot be reached: does the server run?', { cause });
  });
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}
