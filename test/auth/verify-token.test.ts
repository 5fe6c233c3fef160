import { describe, expect, test } from '@jest/globals';
import { createTokenVerifier, type FoundToken, hashToken } from '../../src/auth/verify-token.ts';

const adminToken = 'the administrator of this server';
const tokenOf = (number: number): string => `vesta_${String(number).padStart(43, '0')}`;

function setUp(found: Record<string, FoundToken> = {}) {
  const asked: string[] = [];
  const clock = { now: 1_000_000 };
  const tokens = new Map(Object.entries(found).map(([token, value]) => [hashToken(token).toString('hex'), value]));
  const state = { down: false };
  const verifier = createTokenVerifier({
    adminToken,
    async findToken(hash) {
      asked.push(hash.toString('hex'));
      if (state.down) throw new Error('down');
      return tokens.get(hash.toString('hex'));
    },
    now: () => clock.now,
  });
  return { verifier, asked, clock, tokens, state };
}

const caller = { agent: 'nurse', client: 'ward', scopes: ['system/*.rs'] };
const lasting = { caller, expires: 10_000_000 };

describe('the administrator', () => {
  test('is known without the database and may do everything', async () => {
    const { verifier, asked } = setUp();
    const expected = { agent: 'admin', client: 'vesta-admin', scopes: ['system/*.cruds'] };
    expect(await verifier.verify(adminToken)).toEqual(expected);
    expect(await verifier.verify(adminToken)).toEqual(expected);
    expect(asked).toEqual([]);
  });

  test.each(['', 'the administrator of this serve', `${adminToken} `, 'THE ADMINISTRATOR OF THIS SERVER'])(
    'is not %j',
    async (token) => {
      expect(await setUp().verifier.verify(token)).toBeUndefined();
    },
  );
});

describe('issued tokens', () => {
  test('are looked up once in five seconds, and the same caller object comes back', async () => {
    const { verifier, asked, clock } = setUp({ [tokenOf(1)]: lasting });
    const first = await verifier.verify(tokenOf(1));
    clock.now += 4_999;
    expect(await verifier.verify(tokenOf(1))).toBe(first);
    expect(first).toEqual(caller);
    expect(asked).toHaveLength(1);
    clock.now += 1;
    await verifier.verify(tokenOf(1));
    expect(asked).toHaveLength(2);
  });

  test('are looked up once by many at the same moment', async () => {
    const { verifier, asked } = setUp({ [tokenOf(1)]: lasting });
    const callers = await Promise.all(Array.from({ length: 50 }, () => verifier.verify(tokenOf(1))));
    expect(callers).toEqual(Array.from({ length: 50 }, () => caller));
    expect(asked).toHaveLength(1);
  });

  test('end when they are revoked, within five seconds, and are then not asked for again', async () => {
    const { verifier, asked, clock, tokens } = setUp({ [tokenOf(1)]: lasting });
    await verifier.verify(tokenOf(1));
    tokens.clear();
    clock.now += 5_000;
    expect(await verifier.verify(tokenOf(1))).toBeUndefined();
    expect(await verifier.verify(tokenOf(1))).toBeUndefined();
    expect(asked).toHaveLength(2);
  });

  test('end when they expire, even while remembered', async () => {
    const { verifier, clock, tokens } = setUp({ [tokenOf(1)]: { caller, expires: 1_000_100 } });
    expect(await verifier.verify(tokenOf(1))).toEqual(caller);
    clock.now += 100;
    tokens.clear();
    expect(await verifier.verify(tokenOf(1))).toBeUndefined();
  });

  test('that have expired by our clock are refused although the database still has them', async () => {
    const { verifier } = setUp({ [tokenOf(1)]: { caller, expires: 999_999 } });
    expect(await verifier.verify(tokenOf(1))).toBeUndefined();
  });

  test('are looked up anew when the clock was set back', async () => {
    const { verifier, asked, clock } = setUp({ [tokenOf(1)]: lasting });
    await verifier.verify(tokenOf(1));
    clock.now -= 3_600_000;
    await verifier.verify(tokenOf(1));
    expect(asked).toHaveLength(2);
  });

  test('that are unknown are remembered too', async () => {
    const { verifier, asked } = setUp();
    expect(await verifier.verify(tokenOf(1))).toBeUndefined();
    expect(await verifier.verify(tokenOf(1))).toBeUndefined();
    expect(asked).toHaveLength(1);
  });

  test('are not displaced by a flood of unknown ones, of which only so many are remembered', async () => {
    const { verifier, asked } = setUp({ [tokenOf(0)]: lasting });
    await verifier.verify(tokenOf(0));
    for (let number = 1; number <= 10_001; number += 1) await verifier.verify(tokenOf(number));
    asked.length = 0;
    await verifier.verify(tokenOf(0));
    expect(asked).toHaveLength(0);
    await verifier.verify(tokenOf(10_001));
    expect(asked).toHaveLength(0);
    await verifier.verify(tokenOf(1));
    expect(asked).toHaveLength(1);
  });

  test.each(['vesta_short', `vesta_${'0'.repeat(44)}`, `vesta_${'0'.repeat(42)}\n`, `VESTA_${'0'.repeat(43)}`])(
    '%j is none, and the database is not asked',
    async (token) => {
      const { verifier, asked } = setUp();
      expect(await verifier.verify(token)).toBeUndefined();
      expect(asked).toEqual([]);
    },
  );

  test('cannot be checked while the database is away: 503, and then they can', async () => {
    const { verifier, state } = setUp({ [tokenOf(1)]: lasting });
    state.down = true;
    await expect(verifier.verify(tokenOf(1))).rejects.toMatchObject({ status: 503 });
    state.down = false;
    expect(await verifier.verify(tokenOf(1))).toEqual(caller);
  });
});
