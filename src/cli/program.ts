/** The program `vesta`: one file per subcommand in commands/. */
import type { Command } from './command.ts';
import { audit } from './commands/audit.ts';
import { ig } from './commands/ig.ts';
import { load } from './commands/load.ts';
import { migrate } from './commands/migrate.ts';
import { reindex } from './commands/reindex.ts';
import { start } from './commands/start.ts';
import { token } from './commands/token.ts';
import { validate } from './commands/validate.ts';

export const vesta: Command = {
  name: 'vesta',
  summary: 'A FHIR R4 data API with strict validation, exact storage and a complete audit log',
  commands: [start, migrate, load, validate, audit, ig, reindex, token],
};
