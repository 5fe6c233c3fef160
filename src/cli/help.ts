/** The text of `--help`, for the program and for each subcommand. */
import type { Command } from './command.ts';

type Row = readonly [left: string, right: string];

function columns(rows: readonly Row[]): readonly string[] {
  const width = Math.max(0, ...rows.map(([left]) => left.length));
  return rows.map(([left, right]) => `  ${left.padEnd(width)}  ${right}`);
}

function section(title: string, lines: readonly string[]): readonly string[] {
  return lines.length === 0 ? [] : ['', `${title}:`, ...lines];
}

/** `path` is how the command is called, such as `vesta token create`. */
export function helpOf(
  path: string,
  { summary, commands = [], options = {}, positionals, notes = [] }: Command,
): string {
  const optionRows: Row[] = Object.entries(options).map(([name, { value, description }]) => [
    value ? `--${name} ${value}` : `--${name}`,
    description,
  ]);
  const rest = commands.length > 0 ? '<command>' : (positionals ?? '');
  return [
    `${summary}.`,
    '',
    `Usage: ${[path, rest, '[options]'].filter(Boolean).join(' ')}`,
    ...section('Commands', columns(commands.map(({ name, summary }) => [name, summary]))),
    ...section('Options', columns([...optionRows, ['--help', 'Print this']])),
    ...(notes.length > 0 ? ['', ...notes] : []),
  ].join('\n');
}
