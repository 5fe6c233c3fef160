/** Gives every request an id, which the answer, the logs and the audit log share. https://hl7.org/fhir/R4/http.html#custom */
import { randomUUID } from 'node:crypto';
import type { RequestHandler } from 'express';
import { beginFacts } from './request-facts.ts';

const idPattern = /^[A-Za-z0-9._-]{1,64}$/;

/** An IPv4 address that came over an IPv6 socket is still an IPv4 address. */
const plainAddress = (address: string): string =>
  address.startsWith('::ffff:') && address.includes('.') ? address.slice(7) : address;

/** Takes the client's `X-Request-Id` when it is well-formed and makes one otherwise. Must be the first middleware. */
export function createRequestId(): RequestHandler {
  return (request, response, next) => {
    const given = request.headers['x-request-id'];
    const requestId = typeof given === 'string' && idPattern.test(given) ? given : randomUUID();
    beginFacts(response, { requestId, address: plainAddress(request.ip ?? ''), isPretty: false });
    response.setHeader('X-Request-Id', requestId);
    next();
  };
}
