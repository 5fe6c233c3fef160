import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { Pool } from 'pg';
import { createTokenVerifier, hashToken } from '../../src/auth/verify-token.ts';
import { createToken, findToken, listTokens, revokeToken } from '../../src/store/token-store.ts';
import { freshDatabase, type TestDatabase } from '../support/database.ts';

let database: TestDatabase;
let administrator: Pool;
/** Sessions of the role that the API has. */
let api: Pool;

beforeAll(async () => {
  database = await freshDatabase();
  administrator = database.pool;
  api = new Pool({ ...database.config, max: 2 });
});

afterAll(async () => {
  await api.end();
  await database.drop();
});

const inAnHour = () => new Date(Date.now() + 3_600_000);
const requestOf = (client: string) => ({
  client,
  agent: 'nurse',
  scopes: ['system/*.rs', 'user/Patient.c'],
  expires: inAnHour(),
});
const find = (token: string) => findToken(api, hashToken(token));

describe('createToken', () => {
  test('gives 256 random bits behind a recognisable prefix, and keeps only their SHA-256', async () => {
    const { token, tokenId } = await createToken(administrator, requestOf('ward'));
    expect(token).toMatch(/^vesta_[A-Za-z0-9_-]{43}$/);
    expect(tokenId).toMatch(/^[0-9a-f]{12}$/);
    const { rows } = await administrator.query<Record<string, unknown>>(
      'SELECT * FROM access_token WHERE token_id = $1',
      [tokenId],
    );
    expect(rows[0]?.['token_hash']).toEqual(createHash('sha256').update(token).digest());
    expect(JSON.stringify(rows)).not.toContain(token.slice(6));
  });

  test('makes the client known once, and every token differs', async () => {
    const [first, second] = [
      await createToken(administrator, requestOf('lab')),
      await createToken(administrator, requestOf('lab')),
    ];
    expect(first.token).not.toBe(second.token);
    const { rows } = await administrator.query("SELECT client_id, name FROM client WHERE client_id = 'lab'");
    expect(rows).toEqual([{ client_id: 'lab', name: 'lab' }]);
  });

  test.each(['', ' ', 'a ', '\u00e4', 'a\nb', 'x'.repeat(129)])('refuses the name %j', async (name) => {
    await expect(createToken(administrator, { ...requestOf('ward'), client: name })).rejects.toMatchObject({
      status: 400,
    });
    await expect(createToken(administrator, { ...requestOf('ward'), agent: name })).rejects.toMatchObject({
      status: 400,
    });
  });

  test('gives none to a disabled client', async () => {
    await administrator.query("INSERT INTO client (client_id, name, disabled) VALUES ('gone', 'gone', now())");
    await expect(createToken(administrator, requestOf('gone'))).rejects.toMatchObject({ status: 409 });
  });

  test('is not for the role of the API', async () => {
    await expect(createToken(api, requestOf('ward'))).rejects.toMatchObject({ code: '42501' });
  });
});

describe('findToken', () => {
  test('finds the caller', async () => {
    const request = requestOf('ward');
    const { token } = await createToken(administrator, request);
    expect(await find(token)).toEqual({
      caller: { agent: 'nurse', client: 'ward', scopes: ['system/*.rs', 'user/Patient.c'] },
      expires: request.expires.getTime(),
    });
  });

  test('does not find what was never made', async () => {
    expect(await find(`vesta_${'0'.repeat(43)}`)).toBeUndefined();
  });

  test('does not find what has expired', async () => {
    const { token } = await createToken(administrator, { ...requestOf('ward'), expires: new Date(Date.now() - 1_000) });
    expect(await find(token)).toBeUndefined();
  });

  test('does not find what was revoked', async () => {
    const { token, tokenId } = await createToken(administrator, requestOf('ward'));
    expect(await revokeToken(administrator, tokenId)).toBe(true);
    expect(await find(token)).toBeUndefined();
    expect(await revokeToken(administrator, tokenId)).toBe(false);
    expect(await revokeToken(administrator, 'unknown')).toBe(false);
  });

  test('does not find tokens of a disabled client', async () => {
    const { token } = await createToken(administrator, requestOf('leaving'));
    await administrator.query("UPDATE client SET disabled = now() WHERE client_id = 'leaving'");
    expect(await find(token)).toBeUndefined();
  });
});

test('listTokens tells all but the tokens', async () => {
  const { token, tokenId } = await createToken(administrator, requestOf('listed'));
  await revokeToken(administrator, tokenId);
  const tokens = await listTokens(api);
  expect(tokens.at(-1)).toEqual({
    tokenId,
    client: 'listed',
    agent: 'nurse',
    scopes: ['system/*.rs', 'user/Patient.c'],
    created: expect.stringMatching(/Z$/),
    expires: expect.stringMatching(/Z$/),
    revoked: expect.stringMatching(/Z$/),
  });
  expect(JSON.stringify(tokens)).not.toContain(token);
  expect(tokens.map(({ created }) => created)).toEqual(tokens.map(({ created }) => created).toSorted());
});

test('the verifier knows a token until it is revoked', async () => {
  const clock = { now: Date.now() };
  const verifier = createTokenVerifier({
    adminToken: 'admin',
    findToken: (hash) => findToken(api, hash),
    now: () => clock.now,
  });
  const { token, tokenId } = await createToken(administrator, requestOf('ward'));
  expect(await verifier.verify(token)).toMatchObject({ client: 'ward' });
  await revokeToken(administrator, tokenId);
  clock.now += 5_000;
  expect(await verifier.verify(token)).toBeUndefined();
});
