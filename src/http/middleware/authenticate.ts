/** Bearer authentication, from the Authorization header only. https://www.rfc-editor.org/rfc/rfc6750 */
import type { RequestHandler } from 'express';
import { FhirError, unauthorized } from '../../fhir/fhir-error.ts';
import type { TokenVerifier } from '../../ports.ts';
import { factsOf } from './request-facts.ts';

const maximumToken = 1_024;
const headerPattern = /^Bearer +([A-Za-z0-9._~+/-]+=*) *$/i;

function tokenOf(header: string): string | undefined {
  return header.length > maximumToken ? undefined : headerPattern.exec(header)?.[1];
}

/** A token was given, and it is no good. Why is not said: unknown, expired and revoked look alike. */
function invalidToken(): FhirError {
  const diagnostics = 'The access token is not valid';
  return new FhirError(401, [{ severity: 'error', code: 'login', diagnostics }], {
    'WWW-Authenticate': `Bearer realm="vesta", error="invalid_token", error_description="${diagnostics}"`,
  });
}

/** Finds out who is calling and keeps it for `callerOf`; refuses with 401 who cannot be recognised. */
export function createAuthenticate(verifier: TokenVerifier): RequestHandler {
  return async (request, response, next) => {
    const header = request.headers.authorization;
    if (header === undefined) throw unauthorized('An access token is required');
    const token = tokenOf(header);
    const caller = token === undefined ? undefined : await verifier.verify(token);
    if (!caller) throw invalidToken();
    factsOf(response).caller = caller;
    next();
  };
}
