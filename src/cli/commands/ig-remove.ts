/** `vesta ig remove`: takes away a guide and what it defines. */
import { readPackageName } from '../../guides/package-name.ts';
import { removeGuide } from '../../store/guides.ts';
import { type Command, UsageError } from '../command.ts';
import { withDatabase } from '../with-database.ts';

export const igRemove: Command = {
  name: 'remove',
  summary: 'Remove a version of a guide and all that it defines; stored resources stay as they are',
  positionals: '<name#version>',
  async run({ positionals }, terminal) {
    const [text = '', ...more] = positionals;
    const named = readPackageName(text);
    if (!named || more.length > 0) throw new UsageError('Name one guide as <name>#<version>; see vesta ig list');
    const { name, version } = named;
    const wasRemoved = await withDatabase(process.env, (database) => removeGuide(database, name, version));
    if (wasRemoved) terminal.print(`Removed ${name}#${version}`);
    else terminal.complain('There is no such guide; see vesta ig list');
    return wasRemoved ? 0 : 1;
  },
};
