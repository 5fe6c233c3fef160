/** The one place where an error becomes a response; refusals that no interaction has audited are audited here. */
import type { ErrorRequestHandler } from 'express';
import { auditRecords } from '../audit/audit-records.ts';
import { FhirError } from '../fhir/fhir-error.ts';
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

export interface ErrorHandlerOptions {
  readonly audit: AuditTrail;
  readonly observe: Observe;
  now(): Date;
}

/** Ends the Express chain: every error leaves as an OperationOutcome. */
export function createErrorHandler({ audit, observe, now }: ErrorHandlerOptions): ErrorRequestHandler {
  function toFhirError(cause: unknown, { requestId }: RequestFacts): FhirError {
    if (cause instanceof FhirError) return cause;
    observe({ kind: 'unexpected-error', requestId, error: cause });
    return unexpected(requestId);
  }

  async function record(facts: RequestFacts, { status }: FhirError): Promise<void> {
    const { caller, requestId, address, interaction = 'unknown', type, id } = facts;
    const request = { caller, requestId, address, now: now().toISOString() };
    await audit.record(auditRecords(request, { interaction, type, id, status, patients: [] }));
  }

  return async (cause: unknown, request, response, _next) => {
    const facts = factsOf(response);
    const error = toFhirError(cause, facts);
    if (response.headersSent) {
      response.destroy();
      return;
    }
    try {
      if (isAuditable(facts, error)) await record(facts, error);
      sendError(request, response, error);
    } catch (failure) {
      sendError(request, response, toFhirError(failure, facts));
    }
  };
}
