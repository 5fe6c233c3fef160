/** `vesta ig`: implementation guides. */
import type { Command } from '../command.ts';
import { igAdd } from './ig-add.ts';
import { igList } from './ig-list.ts';
import { igRemove } from './ig-remove.ts';

export const ig: Command = {
  name: 'ig',
  summary: 'Implementation guides: add, list, remove',
  commands: [igAdd, igList, igRemove],
};
