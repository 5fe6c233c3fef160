/** The shape of the house, checked: each rule on the real sources, and on a source that breaks it. */
import path from 'node:path';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { rules } from './support/architecture/rules.ts';
import { readSource, readSources, type Source } from './support/architecture/source.ts';

let sources: readonly Source[];

beforeAll(() => {
  sources = readSources(path.resolve('src'));
});

describe('src/', () => {
  it('is read', () => {
    expect(sources.map(({ file }) => file)).toEqual(expect.arrayContaining(['app.ts', 'store/tables.ts']));
  });

  it.each(Object.entries(rules))('%s', (_name, rule) => {
    expect(rule(sources)).toEqual([]);
  });

  it('imports no file that is missing', () => {
    const files = new Set(sources.map(({ file }) => file));
    const missing = sources.flatMap(({ file, imports }) =>
      imports.flatMap(({ file: target }) => (target === undefined || files.has(target) ? [] : [`${file} → ${target}`])),
    );
    expect(missing).toEqual([]);
  });
});

/** A rule, a source it must refuse, and one like it that it must accept. */
const examples: readonly (readonly [rule: string, file: string, bad: string, good: string])[] = [
  [
    'rooms import only those below them',
    'fhir/a.ts',
    "import { b } from '../json/b.ts';",
    "import { b } from './b.ts';",
  ],
  ['rooms import only those below them', 'fhir/a.ts', "import type { B } from '../ports.ts';", ''],
  [
    'rooms import only those below them',
    'interactions/a.ts',
    "export * from '../http/b.ts';",
    "export * from '../fhir/b.ts';",
  ],
  [
    'rooms import only those below them',
    'store/a.ts',
    "import { b } from '../search/b.ts';",
    "import type { B } from '../ports.ts';",
  ],
  ['rooms import only those below them', 'attic/a.ts', "import { b } from '../fhir/b.ts';", ''],
  [
    'rooms that compute import no IO',
    'search/a.ts',
    "import { readFileSync } from 'node:fs';",
    "import { createHmac } from 'node:crypto';",
  ],
  [
    'rooms that compute import no IO',
    'json/a.ts',
    "const fs = import('node:fs');",
    "import type { Stats } from 'node:fs';",
  ],
  ['rooms that compute import no IO', 'auth/access.ts', "import pg from 'pg';", ''],
  [
    'rooms that compute import no IO',
    'fhirpath/a.ts',
    "import { createRequire } from 'node:module';",
    "import fhirpath from 'fhirpath';",
  ],
  ['rooms that compute call no IO', 'patch/a.ts', "const a = () => fetch('http://x');", 'const a = () => fetchAll();'],
  ['rooms that compute are synchronous', 'audit/a.ts', 'export async function a() {}', 'export function a() {}'],
  [
    'rooms that compute are synchronous',
    'fhirpath/a.ts',
    'const a = async () => 1;',
    "const a = 'async () => await 1';",
  ],
  ['rooms that compute are synchronous', 'validation/a.ts', 'class A { async b() {} }', '// async, await'],
  ['rooms that compute are synchronous', 'auth/scopes.ts', 'export const a = { async b() {} };', ''],
  ['Express stays in http/', 'interactions/a.ts', "import type { Request } from 'express';", ''],
  ['Express stays in http/', 'app.ts', "import helmet from 'helmet';", ''],
  [
    'database drivers stay in store/, runtime/ and cli/',
    'search/a.ts',
    "import pg from 'pg';",
    "import { sql } from 'drizzle-orm';",
  ],
  ['database drivers stay in store/, runtime/ and cli/', 'app.ts', "import pg from 'pg';", "import type pg from 'pg';"],
  [
    'database drivers stay in store/, runtime/ and cli/',
    'http/a.ts',
    "import { drizzle } from 'drizzle-orm/node-postgres';",
    '',
  ],
  [
    'SQL is run in store/, runtime/ and cli/',
    'interactions/a.ts',
    'const a = (b) => b.query("SELECT 1");',
    'const a = (b) => b.query;',
  ],
  [
    'store/ is seen through ports.ts',
    'interactions/a.ts',
    "import { read } from '../store/read.ts';",
    "import type { A } from '../ports.ts';",
  ],
  [
    'store/ is seen through ports.ts',
    'search/a.ts',
    "import { read } from '../store/read.ts';",
    "import { resource } from '../store/tables.ts';",
  ],
  ['store/ is seen through ports.ts', 'http/a.ts', "type A = import('../store/tables.ts').A;", ''],
  ['the environment is read in config.ts', 'http/a.ts', 'const a = process.env.PORT;', 'const a = environment.PORT;'],
  ['the environment is read in config.ts', 'http/a.ts', 'read(process.env);', ''],
  ['the environment is read in config.ts', 'cli/a.ts', "const a = process.env['PORT'];", 'readConfig(process.env);'],
  ['the environment is read in config.ts', 'main.ts', 'const { PORT } = process.env;', 'readConfig(process.env);'],
  ['the environment is read in config.ts', 'store/a.ts', "import { env } from 'node:process';", ''],
  ['modules have no state', 'store/a.ts', 'let count = 0;', 'function a() { let count = 0; return count; }'],
  ['modules have no state', 'store/a.ts', 'export let count = 0;', 'export const count = 0;'],
  ['modules have no state', 'store/a.ts', 'var count = 0;', ''],
  ['files are short', 'store/a.ts', 'x;\n'.repeat(301), 'x;\n'.repeat(300)],
];

describe('the rule', () => {
  it.each(examples)('"%s" refuses in %s: %j', (name, file, bad, good) => {
    const rule = rules[name];
    expect(rule?.([readSource(file, bad)])).toEqual([expect.stringContaining(file)]);
    expect(rule?.([readSource(file, good)])).toEqual([]);
  });

  it('"no import leads back to itself" refuses a cycle, of types too', () => {
    const files = [
      readSource('a/one.ts', "import { two } from '../b/two.ts';"),
      readSource('b/two.ts', "export { three } from './three.ts';"),
      readSource('b/three.ts', "import type { One } from '../a/one.ts';"),
    ];
    const rule = rules['no import leads back to itself'];
    expect(rule?.(files)).toEqual(['a/one.ts → b/two.ts → b/three.ts → a/one.ts: a cycle of imports']);
    expect(rule?.(files.slice(0, 2))).toEqual([]);
  });

  it('is tried, each of them', () => {
    const tried = new Set(['no import leads back to itself', ...examples.map(([name]) => name)]);
    expect([...tried].toSorted()).toEqual(Object.keys(rules).toSorted());
  });
});
