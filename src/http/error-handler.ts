/** The one place where an error becomes a response; refusals that no interaction has audited are audited here. */
import type { ErrorRequestHandler, Request } from 'express';
import { auditRecords } from '../audit/audit-records.ts';
import { FhirError } from '../fhir/fhir-error.ts';
import type { Method, Route } from '../interactions/interaction.ts';
import { lookUpRoute } from '../interactions/route.ts';
import type { AuditTrail } from '../ports.ts';
import type { Observe } from '../telemetry/observation.ts';
import { factsOf, type RequestFacts } from './middleware/request-facts.ts';
import { sendError } from './send.ts';

/** Says nothing of what happened: only the log, under the request id, does. */
function unexpected(requestId: string): FhirError {
  const diagnostics = `Something went wrong on this server; its log knows more under request ${requestId}`;
  return new FhirError(500, [{ severity: 'error', code: 'exception', diagnostics }]);
}

/** Floods that the rate limit stops are counted by it; writing each down would help them fill the disk. */
const isAuditable = (facts: RequestFacts, { status }: FhirError): boolean => !facts.isAudited && status !== 429;

/** What a request was after that was refused before it found its route: without a token, say. */
function attempted(request: Request, { routes, basePath }: ErrorHandlerOptions): Partial<RequestFacts> {
  const path = request.originalUrl.split('?')[0] ?? '';
  if (!path.startsWith(`${basePath}/`) && path !== basePath) return {};
  const found = lookUpRoute(routes, request.method as Method, path.slice(basePath.length).replace(/^\/+|\/+$/g, ''));
  if (!('route' in found)) return {};
  const { route, type, id } = found;
  return { interaction: route.interaction, ...(type !== undefined && { type }), ...(id !== undefined && { id }) };
}

export interface ErrorHandlerOptions {
  readonly routes: readonly Route[];
  /** Path of the API, such as `/fhir`. */
  readonly basePath: string;
  readonly audit: AuditTrail;
  readonly observe: Observe;
  now(): Date;
}

/** Ends the Express chain: every error leaves as an OperationOutcome. */
export function createErrorHandler(options: ErrorHandlerOptions): ErrorRequestHandler {
  const { audit, observe, now } = options;

  function toFhirError(cause: unknown, { requestId }: RequestFacts): FhirError {
    if (cause instanceof FhirError) return cause;
    observe({ kind: 'unexpected-error', requestId, error: cause });
    return unexpected(requestId);
  }

  async function record(request: Request, facts: RequestFacts, { status }: FhirError): Promise<void> {
    const { caller, requestId, address } = facts;
    const { interaction = 'unknown', type, id } = facts.interaction ? facts : attempted(request, options);
    const asked = { caller, requestId, address, now: now().toISOString() };
    await audit.record(auditRecords(asked, { interaction, type, id, status, patients: [] }));
  }

  return async (cause: unknown, request, response, _next) => {
    const facts = factsOf(response);
    const error = toFhirError(cause, facts);
    if (response.headersSent) {
      response.destroy();
      return;
    }
    try {
      if (isAuditable(facts, error)) await record(request, facts, error);
      sendError(request, response, error);
    } catch (failure) {
      sendError(request, response, toFhirError(failure, facts));
    }
  };
}
