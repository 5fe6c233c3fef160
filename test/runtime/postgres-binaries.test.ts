import { mkdirSync, mkdtempSync, readlinkSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { completeInstallation } from '../../src/runtime/postgres-binaries.ts';

let root: string;

beforeAll(() => {
  root = mkdtempSync(path.join(tmpdir(), 'vesta-package-'));
  for (const folder of ['native/bin', 'native/lib']) mkdirSync(path.join(root, folder), { recursive: true });
  for (const file of ['bin/postgres', 'bin/initdb', 'lib/libicu.so.60.2']) {
    writeFileSync(path.join(root, 'native', file), '', { mode: 0o644 });
  }
  const links = [{ source: 'native/lib/libicu.so.60.2', target: 'native/lib/libicu.so.60' }];
  writeFileSync(path.join(root, 'native/pg-symlinks.json'), JSON.stringify(links));
});

afterAll(() => rmSync(root, { recursive: true, force: true }));

it('does what the install script would have done, however often', () => {
  completeInstallation(root);
  const { postgres, initdb } = completeInstallation(root);
  expect(readlinkSync(path.join(root, 'native/lib/libicu.so.60'))).toBe('libicu.so.60.2');
  expect([postgres, initdb].map((program) => statSync(program).mode & 0o777)).toEqual([0o755, 0o755]);
});
