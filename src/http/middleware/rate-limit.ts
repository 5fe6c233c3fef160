/** Limits how often one address, and one client, may ask. https://datatracker.ietf.org/doc/draft-ietf-httpapi-ratelimit-headers/ */
import type { RequestHandler, Response } from 'express';
import { ipKeyGenerator, rateLimit } from 'express-rate-limit';
import { FhirError } from '../../fhir/fhir-error.ts';
import { createRateLimitStore } from './rate-limit-store.ts';
import { callerOf, factsOf } from './request-facts.ts';

export interface RateLimitOptions {
  /** Requests a minute; `off` for no limit. */
  readonly limit: number | 'off';
  /** Whom to count: the IP address (before authentication; an IPv6 /56 is one) or the client (after it). */
  readonly by: 'address' | 'client';
}

const windowMilliseconds = 60_000;
const maximumKeys = 50_000;

const keys = {
  address: (response: Response) => ipKeyGenerator(factsOf(response).address, 56),
  client: (response: Response) => callerOf(response).client,
} as const;

function tooMany(end: Date | undefined): FhirError {
  const seconds = Math.max(1, Math.ceil(((end?.getTime() ?? 0) - Date.now()) / 1_000));
  const diagnostics = `Too many requests; try again in ${seconds} seconds`;
  return new FhirError(429, [{ severity: 'error', code: 'throttled', diagnostics }], {
    'Retry-After': String(seconds),
  });
}

/** Counts requests and refuses those above the limit with 429; every answer says in `RateLimit` what the last limit it passed leaves. */
export function createRateLimit({ limit, by }: RateLimitOptions): RequestHandler {
  if (limit === 'off') return (_request, _response, next) => next();
  const keyOf = keys[by];
  const store = createRateLimitStore({ windowMilliseconds, maximumKeys });
  return rateLimit({
    windowMs: windowMilliseconds,
    limit,
    // draft 8 would hash the key for every answer
    standardHeaders: 'draft-7',
    legacyHeaders: false,
    // the key does not come from the request's own idea of its address, which is what the library would check
    validate: false,
    store,
    keyGenerator: (_request, response) => keyOf(response),
    handler(_request, response, next) {
      const info = store.get?.(keyOf(response));
      next(tooMany(info && 'resetTime' in info ? info.resetTime : undefined));
    },
  });
}
