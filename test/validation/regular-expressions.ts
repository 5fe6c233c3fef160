/** Every regular expression that client input meets in these rooms, read from the sources and schemas themselves: none can be forgotten. */
import { readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { parseSync } from '@swc/core';

export interface Found {
  /** File that it is written in. */
  readonly at: string;
  readonly pattern: RegExp;
}

const filesIn = (directory: string, suffix: string): readonly string[] =>
  readdirSync(directory, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith(suffix))
    .map((name) => path.join(directory, name));

/** Calls `visit` with every object in a tree. */
function walk(value: unknown, visit: (node: Readonly<Record<string, unknown>>) => void): void {
  if (typeof value !== 'object' || value === null) return;
  visit(value as Readonly<Record<string, unknown>>);
  for (const child of Object.values(value)) walk(child, visit);
}

/** The literals in TypeScript sources. */
export function literalsIn(directories: readonly string[]): readonly Found[] {
  const found: Found[] = [];
  for (const at of directories.flatMap((directory) => filesIn(directory, '.ts'))) {
    walk(parseSync(readFileSync(at, 'utf8'), { syntax: 'typescript', target: 'es2022' }), (node) => {
      const { type, pattern, flags } = node;
      if (type === 'RegExpLiteral') found.push({ at, pattern: new RegExp(String(pattern), String(flags)) });
    });
  }
  return found;
}

/** The patterns of the primitive types, as AJV compiles them. */
export function schemaPatterns(): readonly Found[] {
  return filesIn('schemas/r4', '.schema.json').flatMap((at) => {
    const found: Found[] = [];
    walk(JSON.parse(readFileSync(at, 'utf8')), ({ pattern }) => {
      if (typeof pattern === 'string') found.push({ at, pattern: new RegExp(pattern) });
    });
    return found;
  });
}
