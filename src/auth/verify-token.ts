/** Bearer tokens to callers. A token is known by its SHA-256 only; what was found is kept for five seconds, so that a revocation is heard within them. https://www.rfc-editor.org/rfc/rfc6750 */
import { createHash, timingSafeEqual } from 'node:crypto';
import { unavailable } from '../fhir/fhir-error.ts';
import type { Caller, TokenVerifier } from '../ports.ts';

/** A token as stored, usable until `expires` (milliseconds since 1970). */
export interface FoundToken {
  readonly caller: Caller;
  readonly expires: number;
}

export interface TokenVerifierOptions {
  readonly adminToken: string;
  /** Looks a token up by its SHA-256; undefined when there is none that may be used. */
  readonly findToken: (hash: Buffer) => Promise<FoundToken | undefined>;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

/** What every issued token starts with, so that a leaked one is recognised by scanners. */
export const tokenPrefix = 'vesta_';
const tokenPattern = /^vesta_[A-Za-z0-9_-]{43}$/;

const keptMilliseconds = 5_000;
const maximumKept = 10_000;

const admin: Caller = { agent: 'admin', client: 'vesta-admin', scopes: ['system/*.cruds'] };

/** The SHA-256 of a token: all that is ever stored of it. */
export function hashToken(token: string): Buffer {
  return createHash('sha256').update(token).digest();
}

interface Kept {
  readonly caller: Caller | undefined;
  readonly since: number;
  readonly expires: number;
}

/** True while what was found may be relied upon; a clock that was set back ends it too. */
function isFresh({ since, expires }: Kept, now: number): boolean {
  return now >= since && now - since < keptMilliseconds && now < expires;
}

interface Memory {
  /** What is known of the token and still fresh. */
  get(token: string, now: number): Kept | undefined;
  keep(token: string, kept: Kept): void;
}

/** A bounded memory; the oldest entry goes first. */
function createMemory(): Memory {
  const entries = new Map<string, Kept>();
  return {
    get(token, now) {
      const kept = entries.get(token);
      if (!kept || isFresh(kept, now)) return kept;
      entries.delete(token);
      return undefined;
    },
    keep(token, kept) {
      entries.delete(token);
      for (const oldest of entries.keys()) {
        if (entries.size < maximumKept) break;
        entries.delete(oldest);
      }
      entries.set(token, kept);
    },
  };
}

/** Makes the verifier. Known and unknown tokens are remembered apart, so that a flood of wrong ones cannot displace a right one. Rejects with a FhirError 503 when tokens cannot be looked up. */
export function createTokenVerifier({ adminToken, findToken, now }: TokenVerifierOptions): TokenVerifier {
  const adminHash = hashToken(adminToken);
  const known = createMemory();
  const unknown = createMemory();
  const underWay = new Map<string, Promise<Caller | undefined>>();

  async function lookUp(token: string, hash: Buffer): Promise<Caller | undefined> {
    const since = now();
    try {
      const found = await findToken(hash);
      const kept = { caller: found?.caller, since, expires: found?.expires ?? Infinity };
      (found ? known : unknown).keep(token, kept);
      return since < kept.expires ? kept.caller : undefined;
    } catch {
      throw unavailable('Credentials cannot be checked at the moment');
    }
  }

  function find(token: string): Promise<Caller | undefined> {
    const hash = hashToken(token);
    if (timingSafeEqual(hash, adminHash)) {
      known.keep(token, { caller: admin, since: now(), expires: Infinity });
      return Promise.resolve(admin);
    }
    if (!tokenPattern.test(token)) return Promise.resolve(undefined);
    const asked = underWay.get(token) ?? lookUp(token, hash).finally(() => underWay.delete(token));
    underWay.set(token, asked);
    return asked;
  }

  return {
    verify(token) {
      const time = now();
      const kept = known.get(token, time) ?? unknown.get(token, time);
      return kept ? Promise.resolve(kept.caller) : find(token);
    },
  };
}
