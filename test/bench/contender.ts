/** A version of Vesta to be measured, built: the working tree, or what a git reference names. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Cleanup } from './cleanup.ts';

export interface Contender {
  /** In the report. */
  readonly name: string;
  readonly directory: string;
}

const root = fileURLToPath(new URL('../..', import.meta.url)).replace(/\/$/, '');

function run(directory: string, program: string, ...parameters: readonly string[]): void {
  // what builds and installs print is no result: it goes to standard error
  execFileSync(program, parameters, { cwd: directory, stdio: ['ignore', 2, 2] });
}

const commitOf = (ref: string): string =>
  execFileSync('git', ['rev-parse', '--short', '--verify', `${ref}^{commit}`], { cwd: root, encoding: 'utf8' }).trim();

/** The version that this benchmark belongs to. */
export function workingTree(build: 'build' | 'as built'): Contender {
  if (build === 'build') run(root, 'npm', 'run', 'build');
  return { name: 'working tree', directory: root };
}

/** Where the packages of two versions are the same there is no need to install them twice. */
function install(directory: string): void {
  const lockOf = (folder: string) => readFileSync(path.join(folder, 'package-lock.json'), 'utf8');
  if (lockOf(directory) === lockOf(root))
    symlinkSync(path.join(root, 'node_modules'), path.join(directory, 'node_modules'));
  else run(directory, 'npm', 'ci');
}

/** Checks a version out beside this one and builds it. Throws for a reference that git does not know. */
export function versionAt(ref: string, cleanup: Cleanup): Contender {
  const commit = commitOf(ref);
  const folder = mkdtempSync(path.join(tmpdir(), 'vesta-bench-'));
  const directory = path.join(folder, commit);
  cleanup.add(() => {
    rmSync(folder, { recursive: true, force: true });
    run(root, 'git', 'worktree', 'prune');
  });
  run(root, 'git', 'worktree', 'add', '--detach', directory, commit);
  install(directory);
  run(directory, 'npm', 'run', 'build');
  return { name: ref === commit ? commit : `${ref} (${commit})`, directory };
}
