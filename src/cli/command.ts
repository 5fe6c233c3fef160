/** What a subcommand is, and the making sense of its arguments. https://nodejs.org/docs/latest-v20.x/api/util.html#utilparseargsconfig */
import { parseArgs } from 'node:util';

/** One `--name`, as help prints it. */
export interface Option {
  /** Stands for the value in help; absent for a switch. */
  readonly value?: string;
  readonly description: string;
}

export interface Arguments {
  /** Options that take a value, those given. */
  readonly values: Readonly<Record<string, string | undefined>>;
  /** Switches that were given. */
  readonly switches: ReadonlySet<string>;
  readonly positionals: readonly string[];
}

/** Where a command writes; lines without their end. */
export interface Terminal {
  print(line: string): void;
  complain(line: string): void;
}

/** A subcommand: either it runs, or it has subcommands of its own. */
export interface Command {
  readonly name: string;
  readonly summary: string;
  readonly commands?: readonly Command[];
  /** What follows the options, as help prints it; absent when nothing may. */
  readonly positionals?: string;
  readonly options?: Readonly<Record<string, Option>>;
  /** Lines after the options. */
  readonly notes?: readonly string[];
  /** Resolves with the exit code. */
  readonly run?: (given: Arguments, terminal: Terminal) => Promise<number>;
}

/** A mistake in how the program was called. */
export class UsageError extends Error {}

/** Reads the arguments of a command. Throws UsageError for what it does not know. */
export function readArguments({ options = {}, positionals }: Command, words: readonly string[]): Arguments {
  const declared = Object.fromEntries(
    Object.entries(options).map(([name, { value }]) => [name, { type: value ? 'string' : 'boolean' } as const]),
  );
  try {
    const parsed = parseArgs({ args: [...words], options: declared, allowPositionals: positionals !== undefined });
    const given = Object.entries(parsed.values);
    return {
      values: Object.fromEntries(given.filter((entry): entry is [string, string] => typeof entry[1] === 'string')),
      switches: new Set(given.filter(([, value]) => value === true).map(([name]) => name)),
      positionals: parsed.positionals,
    };
  } catch (cause) {
    throw new UsageError(cause instanceof Error ? cause.message : String(cause));
  }
}

/** The value of an option that must be given. */
export function required({ values }: Arguments, name: string): string {
  const value = values[name];
  if (value === undefined) throw new UsageError(`--${name} is needed`);
  return value;
}

/** A whole number of at least 1. */
export function countOf({ values }: Arguments, name: string, fallback: number): number {
  const text = values[name] ?? String(fallback);
  if (/^[1-9]\d{0,6}$/.test(text)) return Number(text);
  throw new UsageError(`--${name} is a whole number from 1`);
}
