/** `vesta token revoke`: ends a token before it expires. */
import { revokeToken } from '../../store/token-store.ts';
import { type Command, UsageError } from '../command.ts';
import { withDatabase } from '../with-database.ts';

export const tokenRevoke: Command = {
  name: 'revoke',
  summary: 'Revoke a token; servers hear of it within five seconds',
  positionals: '<token id>',
  async run({ positionals }, terminal) {
    const [tokenId, ...more] = positionals;
    if (tokenId === undefined || more.length > 0)
      throw new UsageError('Name one token by its id; see vesta token list');
    const wasRevoked = await withDatabase(process.env, (database) => revokeToken(database, tokenId));
    if (wasRevoked) terminal.print(`Revoked ${tokenId}`);
    else terminal.complain('There is no such token, or it is revoked already');
    return wasRevoked ? 0 : 1;
  },
};
