/** What is known of a request so far: middleware adds to it, the answer and its audit records are made from it. */
import type { Response } from 'express';
import type { Caller } from '../../ports.ts';

export interface RequestFacts {
  readonly requestId: string;
  /** IP address the request came from, by the trusted proxies if there are any. */
  readonly address: string;
  /** Who is calling, once authenticated. */
  caller?: Caller;
  /** True when the answer shall be indented. */
  isPretty: boolean;
  /** The template of the route that matched (`/:type/:id`); the router sets it for logs. */
  route?: string;
  /** What is attempted, as far as the router has found out; for the audit of a refusal. */
  interaction?: string;
  type?: string;
  id?: string;
  query?: string;
  /** True once the audit of the request is in the hands of the interaction. */
  isAudited?: boolean;
}

/** The facts of the request this response answers. Throws when `createRequestId` has not run: a mistake in the order of middleware. */
export function factsOf(response: Response): RequestFacts {
  const facts = (response.locals as { facts?: RequestFacts }).facts;
  if (!facts) throw new Error('The request has no facts: request-id must come first');
  return facts;
}

/** Begins the facts of a request. */
export function beginFacts(response: Response, facts: RequestFacts): void {
  (response.locals as { facts?: RequestFacts }).facts = facts;
}

/** The authenticated caller. Throws when `createAuthenticate` has not run before: a mistake in the order of middleware. */
export function callerOf(response: Response): Caller {
  const { caller } = factsOf(response);
  if (!caller) throw new Error('The request has no caller: authenticate must come first');
  return caller;
}
