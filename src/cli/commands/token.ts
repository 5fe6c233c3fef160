/** `vesta token`: access tokens of clients. */
import type { Command } from '../command.ts';
import { tokenCreate } from './token-create.ts';
import { tokenList } from './token-list.ts';
import { tokenRevoke } from './token-revoke.ts';

export const token: Command = {
  name: 'token',
  summary: 'Access tokens of clients: make, list, revoke',
  commands: [tokenCreate, tokenList, tokenRevoke],
};
