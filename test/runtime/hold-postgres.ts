/** A program for tests: starts the embedded PostgreSQL in the folder it is given, says so, and waits to be killed. */
import { startEmbeddedPostgres } from '../../src/runtime/embedded-postgres.ts';
import { testSettings } from '../../src/runtime/postgres-settings.ts';

const [, , dataDirectory = ''] = process.argv;
const postgres = await startEmbeddedPostgres({
  dataDirectory,
  settings: { ...testSettings, synchronous_commit: 'on' },
});
process.stdout.write(`${postgres.pid()}\n`);
setInterval(() => undefined, 60_000);
