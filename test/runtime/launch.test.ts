import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { canReach, type Launch } from '../../src/runtime/launch.ts';

const somebody: Launch = { kind: 'user', prefix: [], uid: 65_534, gid: 65_534 };
let folder: string;
let file: string;

beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'vesta-launch-'));
  file = path.join(folder, 'program');
  writeFileSync(file, '');
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe('canReach', () => {
  it.each([
    [0o755, true],
    [0o711, true],
    [0o750, false],
    [0o700, false],
  ])('tells whether another user may pass a folder of mode %o', (mode, expected) => {
    chmodSync(folder, mode);
    expect(canReach(file, somebody)).toBe(expected);
  });

  it('is true for the user we are', () => {
    chmodSync(folder, 0o700);
    expect(canReach(file, { kind: 'plain', prefix: [] })).toBe(true);
  });
});
