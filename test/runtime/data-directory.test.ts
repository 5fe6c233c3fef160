import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { dataDirectoryFiles, openDataDirectory } from '../../src/runtime/data-directory.ts';
import { startOf } from '../../src/runtime/process-facts.ts';

let folder: string;
let lock: string;

beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'vesta-directory-'));
  ({ lock } = dataDirectoryFiles(folder));
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** The number of a process that has ended. */
const endedProcess = () => spawnSync('true').pid;

describe('openDataDirectory', () => {
  it('makes the folder and those above it, and closes only its own to others', () => {
    const deep = path.join(folder, 'above', 'data');
    openDataDirectory(deep, 0o700).release();
    expect(statSync(deep).mode & 0o777).toBe(0o700);
    expect(statSync(path.dirname(deep)).mode & 0o777).not.toBe(0o700);
  });

  it('gives the directory to one at a time', () => {
    const first = openDataDirectory(folder, 0o700);
    expect(() => openDataDirectory(folder, 0o700)).toThrow(`in use by process ${process.pid}`);
    first.release();
    expect(existsSync(lock)).toBe(false);
    openDataDirectory(folder, 0o700).release();
  });

  it.each([
    ['a process that has ended', () => `${endedProcess()} 1\n`],
    ['a process whose number another one has now', () => `${process.pid} 1\n`],
    ['nobody: it is empty', () => ''],
    ['nobody: it is garbled', () => 'what is this'],
  ])('takes over the lock of %s', (_whose, content) => {
    writeFileSync(lock, content());
    const directory = openDataDirectory(folder, 0o700);
    expect(() => openDataDirectory(folder, 0o700)).toThrow('in use');
    directory.release();
  });

  it('knows a living process by its number and start', () => {
    writeFileSync(lock, `${process.pid} ${startOf(process.pid)}\n`);
    expect(() => openDataDirectory(folder, 0o700)).toThrow('in use');
  });
});
