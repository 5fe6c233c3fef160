/** `vesta ig list`: the guides that are installed. */
import { listGuides } from '../../store/guides.ts';
import type { Command } from '../command.ts';
import { withDatabase } from '../with-database.ts';

export const igList: Command = {
  name: 'list',
  summary: 'List installed guides: name#version, when added, resources and title, one a line, tabs between',
  async run(_given, terminal) {
    for (const { name, version, added, counts, title = '' } of await withDatabase(process.env, listGuides)) {
      const total = Object.values(counts).reduce((sum, count) => sum + count, 0);
      terminal.print([`${name}#${version}`, added, `${total} resources`, title].join('\t'));
    }
    return 0;
  },
};
