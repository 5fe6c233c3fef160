import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { ensureAdminToken, readAdminToken } from '../../src/runtime/admin-token.ts';

let folder: string;
let file: string;

beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'vesta-token-'));
  file = path.join(folder, 'admin-token');
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe('ensureAdminToken', () => {
  it('makes a token once, for its owner only', () => {
    const first = ensureAdminToken(folder, undefined);
    expect(first).toEqual({ token: expect.stringMatching(/^vesta_admin_[\w-]{43}$/), madeIn: file });
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(ensureAdminToken(folder, undefined)).toEqual({ token: first.token });
    expect(readFileSync(file, 'utf8')).toBe(`${first.token}\n`);
  });

  it('makes the folder if need be', () => {
    const { madeIn } = ensureAdminToken(path.join(folder, 'new'), undefined);
    expect(madeIn).toBe(path.join(folder, 'new/admin-token'));
  });

  it('prefers the configured token and writes nothing', () => {
    expect(ensureAdminToken(folder, 'configured')).toEqual({ token: 'configured' });
    expect(readAdminToken(folder)).toBeUndefined();
  });

  it('replaces an empty file and closes it to others', () => {
    writeFileSync(file, '\n', { mode: 0o644 });
    expect(ensureAdminToken(folder, undefined).madeIn).toBe(file);
    expect(statSync(file).mode & 0o777).toBe(0o600);
  });
});
