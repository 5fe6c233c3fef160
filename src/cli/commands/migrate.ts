/** `vesta migrate`: brings the database to this version's schema, and ends. */
import { readConfig } from '../../config.ts';
import { startDatabase } from '../../runtime/start-database.ts';
import type { Command } from '../command.ts';

export const migrate: Command = {
  name: 'migrate',
  summary: "Bring the database to this version's schema, and end",
  notes: [
    'vesta start does the same first. Run it apart where the server may not change tables: then set',
    'DATABASE_MIGRATION_URL to the owner of the tables and DATABASE_URL to the role vesta_api.',
  ],
  async run(_given, terminal) {
    const database = await startDatabase(readConfig(process.env), () => undefined);
    await database.stop();
    for (const name of database.migrations) terminal.print(`Applied ${name}`);
    if (database.migrations.length === 0) terminal.print('The database is up to date');
    return 0;
  },
};
