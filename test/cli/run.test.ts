import { describe, expect, it } from '@jest/globals';
import { type Command, countOf, required } from '../../src/cli/command.ts';
import { vesta } from '../../src/cli/program.ts';
import { run } from '../../src/cli/run.ts';
import { ConfigError } from '../../src/config.ts';
import { fakeTerminal } from './fake-terminal.ts';

/** Every command with the words that call it. */
function commandsOf(command: Command, words: readonly string[] = []): readonly (readonly [string, Command])[] {
  const inner = (command.commands ?? []).flatMap((one) => commandsOf(one, [...words, one.name]));
  return [[words.join(' '), command], ...inner];
}

const all = commandsOf(vesta);

describe('vesta', () => {
  it('has the commands that the README names', () => {
    expect(all.map(([words]) => words)).toEqual([
      '',
      'start',
      'migrate',
      'load',
      'validate',
      'audit',
      'audit export',
      'ig',
      'ig add',
      'ig list',
      'ig remove',
      'reindex',
      'token',
      'token create',
      'token list',
      'token revoke',
    ]);
  });

  it.each(all)('explains itself: vesta %s --help', async (words, command) => {
    const terminal = fakeTerminal();
    expect(await run(vesta, [...words.split(' ').filter(Boolean), '--help'], terminal)).toBe(0);
    const [help = ''] = terminal.printed;
    expect(help).toContain(`Usage: vesta ${words}`.trimEnd());
    for (const name of Object.keys(command.options ?? {})) expect(help).toContain(`--${name}`);
    for (const { name } of command.commands ?? []) expect(help).toContain(`  ${name} `);
  });

  it.each([
    [[], 'Usage: vesta <command>'],
    [['fly'], 'There is no command vesta fly'],
    [['token', 'steal'], 'There is no command vesta token steal'],
    [['load', '--fast'], '--fast'],
    [['load'], 'Name the files or folders'],
    [['migrate', 'now'], 'now'],
    [['audit', 'export', '--format', 'xml', '--token', 't'], '--format is one of ndjson, csv, bundle'],
    [['token', 'create', '--client', 'c'], '--scopes is needed'],
    [['token', 'create', '--client', 'c', '--scopes', 'system/Patient.rs', '--expires', 'never'], '--expires'],
    [['token', 'create', '--client', 'c', '--scopes', 'everything'], 'everything: A scope starts with'],
    [['token', 'revoke'], 'Name one token'],
  ])('answers %j with exit code 2 and advice', async (words, advice) => {
    const terminal = fakeTerminal();
    expect(await run(vesta, words, terminal)).toBe(2);
    expect(terminal.complaints.join('\n')).toContain(advice);
  });
});

describe('run', () => {
  const failing = (error: Error): Command => ({
    name: 'tool',
    summary: 'A tool',
    async run() {
      throw error;
    },
  });

  it.each([
    [new Error('no disk'), 1, 'no disk'],
    [new ConfigError('PORT', 'a number'), 2, 'PORT must be a number'],
  ])('tells %s in a line', async (error, code, line) => {
    const terminal = fakeTerminal();
    expect(await run(failing(error), [], terminal)).toBe(code);
    expect(terminal.complaints).toEqual([line]);
  });

  it('hands a command its options, switches and what follows', async () => {
    const command: Command = {
      name: 'tool',
      summary: 'A tool',
      positionals: '<files…>',
      options: { size: { value: '<n>', description: 'Size' }, dry: { description: 'Dry' } },
      run: (given, terminal) => {
        terminal.print(JSON.stringify([countOf(given, 'size', 1), given.switches.has('dry'), given.positionals]));
        return Promise.resolve(0);
      },
    };
    const terminal = fakeTerminal();
    await run(command, ['a', '--size', '3', '--dry', 'b'], terminal);
    expect(terminal.printed).toEqual(['[3,true,["a","b"]]']);
    expect(await run(command, ['--size', '0'], terminal)).toBe(2);
  });
});

describe('required', () => {
  it('gives the value or says what is missing', () => {
    const given = { values: { name: 'x' }, switches: new Set<string>(), positionals: [] };
    expect(required(given, 'name')).toBe('x');
    expect(() => required(given, 'other')).toThrow('--other is needed');
  });
});
