/** `vesta token create`: a token for a client, shown once. */
import { fileURLToPath } from 'node:url';
import { unsupportedScopes } from '../../auth/scopes.ts';
import { loadDefinitions } from '../../definitions/load-definitions.ts';
import { createToken } from '../../store/token-store.ts';
import { type Arguments, type Command, required, type Terminal, UsageError } from '../command.ts';
import { readExpiry } from '../expiry.ts';
import { withDatabase } from '../with-database.ts';

const schemas = fileURLToPath(new URL('../../../schemas/r4', import.meta.url));

function readScopes(text: string): readonly string[] {
  const scopes = text.split(/[\s,]+/).filter(Boolean);
  const types = new Set(loadDefinitions(schemas).resourceTypes.keys());
  const problems = unsupportedScopes(scopes, types);
  if (problems.length > 0) throw new UsageError(problems.join('\n'));
  return scopes;
}

async function run(given: Arguments, terminal: Terminal): Promise<number> {
  const client = required(given, 'client');
  const request = {
    client,
    agent: given.values['agent'] ?? client,
    scopes: readScopes(required(given, 'scopes')),
    expires: readExpiry(given.values['expires'] ?? '90d', Date.now()),
  };
  const { token, tokenId } = await withDatabase(process.env, (database) => createToken(database, request));
  terminal.complain(`Token ${tokenId}, expires ${request.expires.toISOString()}; shown this once:`);
  terminal.print(token);
  return 0;
}

export const tokenCreate: Command = {
  name: 'create',
  summary: 'Make a token; it is shown once and stored as its hash only',
  options: {
    client: { value: '<id>', description: 'The client application; made known when it is not yet' },
    agent: { value: '<name>', description: 'Who acts with it, as the audit log names them [the client]' },
    scopes: { value: '<scopes>', description: 'SMART scopes, as "system/Patient.rs system/Observation.rs"' },
    expires: { value: '<when>', description: 'After a time (12h, 90d) or at a date [90d]' },
  },
  run,
};
