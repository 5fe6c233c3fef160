import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { configuredAccess } from '../../src/runtime/database-access.ts';
import { readConfig } from '../../src/config.ts';
import { withDatabase } from '../../src/cli/with-database.ts';
import { listTokens } from '../../src/store/token-store.ts';
import { vesta } from '../../src/cli/program.ts';
import { run } from '../../src/cli/run.ts';
import { freshDatabase, type TestDatabase } from '../support/database.ts';
import { fakeTerminal } from './fake-terminal.ts';

let database: TestDatabase;
let url: string;
const before = process.env['DATABASE_URL'];

beforeAll(async () => {
  database = await freshDatabase();
  const { host, port, database: name } = database.adminConfig;
  url = `postgres://postgres@localhost:${port}/${name}?host=${encodeURIComponent(host ?? '')}`;
  process.env['DATABASE_URL'] = url;
});

afterAll(async () => {
  if (before === undefined) delete process.env['DATABASE_URL'];
  else process.env['DATABASE_URL'] = before;
  await database.drop();
});

async function token(...words: readonly string[]) {
  const terminal = fakeTerminal();
  return { code: await run(vesta, ['token', ...words], terminal), ...terminal };
}

describe('vesta token', () => {
  it('makes a token, lists it without showing it, and revokes it once', async () => {
    const made = await token('create', '--client', 'ward', '--agent', 'dr-house', '--scopes', 'system/Patient.rs');
    expect(made.code).toBe(0);
    const [shown = ''] = made.printed;
    expect(shown).toMatch(/^vesta_/);

    const listed = await token('list');
    const [tokenId = '', ...facts] = listed.printed[0]?.split('\t') ?? [];
    expect(facts).toEqual(['ward', 'dr-house', expect.stringMatching(/^expires /), 'system/Patient.rs']);
    expect(listed.printed.join()).not.toContain(shown);
    expect(made.complaints[0]).toContain(tokenId);

    expect((await token('revoke', tokenId)).code).toBe(0);
    expect((await token('revoke', tokenId)).code).toBe(1);
    expect((await token('list')).printed[0]).toContain('revoked ');
  });

  it('shows a token that has expired as such', async () => {
    await database.pool.query("UPDATE access_token SET revoked = NULL, expires = now() - interval '1 day'");
    expect((await token('list')).printed[0]).toContain('expired ');
  });
});

describe('withDatabase', () => {
  it('finds the socket of a running server in its data directory', async () => {
    const folder = mkdtempSync(path.join(tmpdir(), 'vesta-cli-'));
    writeFileSync(path.join(folder, 'socket'), `${database.adminConfig.host}\n`);
    const ask = withDatabase({ VESTA_DATA_DIR: folder }, (client) => client.query('SELECT current_user AS name'));
    expect((await ask).rows).toEqual([{ name: 'postgres' }]);
    rmSync(folder, { recursive: true });
  });

  it('says so when no server runs', async () => {
    await expect(withDatabase({ VESTA_DATA_DIR: '/nowhere' }, listTokens)).rejects.toThrow('start the server first');
    await expect(withDatabase({ DATABASE_URL: 'postgres://localhost:1/x' }, listTokens)).rejects.toThrow(
      'does the server run',
    );
  });

  it('uses the same access as the server', () => {
    expect(configuredAccess(readConfig({ DATABASE_URL: url }))?.owner).toEqual({ connectionString: url });
  });
});
