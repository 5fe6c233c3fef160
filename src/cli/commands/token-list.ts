/** `vesta token list`: every token ever made, without the tokens. */
import { type ListedToken, listTokens } from '../../store/token-store.ts';
import type { Command } from '../command.ts';
import { withDatabase } from '../with-database.ts';

function stateOf({ revoked, expires }: ListedToken, now: string): string {
  if (revoked !== undefined) return `revoked ${revoked}`;
  return expires <= now ? `expired ${expires}` : `expires ${expires}`;
}

function row(token: ListedToken, now: string): string {
  return [token.tokenId, token.client, token.agent, stateOf(token, now), token.scopes.join(' ')].join('\t');
}

export const tokenList: Command = {
  name: 'list',
  summary: 'List every token ever made: id, client, agent, state and scopes, one a line, tabs between',
  async run(_given, terminal) {
    const now = new Date().toISOString();
    for (const token of await withDatabase(process.env, listTokens)) terminal.print(row(token, now));
    return 0;
  },
};
