/** `vesta start`: the server, with its settings explained. */
import { readConfig, settings } from '../../config.ts';
import type { Command } from '../command.ts';

const settingLines = Object.values(settings).map(
  ({ variable, fallback, meaning }) => `  ${variable}\n      ${meaning} [${fallback}]`,
);

export const start: Command = {
  name: 'start',
  summary: 'Start the server, with an embedded PostgreSQL unless DATABASE_URL names another',
  notes: [
    'Settings, read from the environment [default]:',
    ...settingLines,
    '',
    'Ctrl-C and SIGTERM let requests finish; a second one, a second later, does not.',
  ],
  async run(_given, terminal) {
    const config = readConfig(process.env);
    // the server's modules are many: other commands need not wait for them
    const { runServer } = await import('../run-server.ts');
    return runServer(config, (line) => terminal.print(line));
  },
};
