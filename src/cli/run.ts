/** Finds the subcommand that the words name and runs it. */
import { ConfigError } from '../config.ts';
import { type Command, readArguments, type Terminal, UsageError } from './command.ts';
import { helpOf } from './help.ts';

/** Exit codes: 0 done, 1 failed, 2 called wrongly. */
const usageCode = 2;

async function runFound(path: string, command: Command, words: readonly string[], terminal: Terminal): Promise<number> {
  const [first = '', ...rest] = words;
  const inner = command.commands?.find(({ name }) => name === first);
  if (inner) return runFound(`${path} ${inner.name}`, inner, rest, terminal);
  if (words.includes('--help') || words.includes('-h')) {
    terminal.print(helpOf(path, command));
    return 0;
  }
  if (!command.run) {
    terminal.complain(first ? `There is no command ${path} ${first}` : helpOf(path, command));
    if (first) terminal.complain(`Try ${path} --help`);
    return usageCode;
  }
  try {
    return await command.run(readArguments(command, words), terminal);
  } catch (cause) {
    if (!(cause instanceof UsageError)) throw cause;
    terminal.complain(cause.message);
    terminal.complain(`Try ${path} --help`);
    return usageCode;
  }
}

/** Runs a command line. Resolves with the exit code; what went wrong is told on the terminal. */
export async function run(program: Command, words: readonly string[], terminal: Terminal): Promise<number> {
  try {
    return await runFound(program.name, program, words, terminal);
  } catch (cause) {
    terminal.complain(cause instanceof Error ? cause.message : String(cause));
    return cause instanceof ConfigError ? usageCode : 1;
  }
}
