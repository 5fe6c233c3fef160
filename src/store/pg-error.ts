/** SQLSTATE and socket errors as what a client may be told; the one table of its kind. https://www.postgresql.org/docs/current/errcodes-appendix.html */
import { conflict, FhirError, timedOut, unavailable } from '../fhir/fhir-error.ts';

const bySqlState: Readonly<Record<string, () => FhirError>> = {
  '23505': () => conflict('Another request wrote the same resource at the same moment; try again'),
  // a standby, or an audit log that may not be written: no answer then, whatever the reason
  '25006': () => unavailable('The database does not take writes at the moment'),
  '42501': () => unavailable('The database does not let this be recorded at the moment'),
  '40001': () => conflict('Another request changed the same data at the same moment; try again'),
  '40P01': () => conflict('Another request held the same resources; try again'),
  '55P03': () => conflict('Another request holds the same resources; try again'),
  '57014': () => timedOut('The database did not answer within the time allowed'),
};

/** Classes of SQLSTATE that mean "not now": connection, resources, operator intervention, IO. */
const unavailableClasses = new Set(['08', '53', '57', '58']);
const socketErrors = new Set(['ECONNREFUSED', 'ECONNRESET', 'ENOENT', 'EPIPE', 'ETIMEDOUT', 'ENOTFOUND', 'EAI_AGAIN']);
const retryable = new Set(['23505', '40001', '40P01']);

function codeOf(error: unknown): string | undefined {
  // errors of node itself may come from another realm, where `instanceof Error` is false
  const code = typeof error === 'object' && error !== null ? (error as { code?: unknown }).code : undefined;
  return typeof code === 'string' ? code : undefined;
}

const isSqlState = (code: string): boolean => /^[0-9A-Z]{5}$/.test(code) && !socketErrors.has(code);

/** True when the statement failed but the connection and thus our knowledge of the outcome is sound. */
export function isSqlError(error: unknown): boolean {
  const code = codeOf(error);
  return code !== undefined && isSqlState(code) && !unavailableClasses.has(code.slice(0, 2));
}

/** True when the same work may succeed if it is simply done again. */
export function isRetryable(error: unknown): boolean {
  const code = codeOf(error);
  return code !== undefined && retryable.has(code);
}

/** The FhirError to answer with; what is not known is returned as it is and becomes a 500 without detail. */
export function fromDatabase(error: unknown): unknown {
  if (error instanceof FhirError) return error;
  const code = codeOf(error);
  if (code !== undefined) {
    const known = bySqlState[code];
    if (known) return known();
    if (socketErrors.has(code)) return unavailable('The database cannot be reached');
    if (isSqlState(code) && unavailableClasses.has(code.slice(0, 2)))
      return unavailable('The database is not available');
    return error;
  }
  const message = error instanceof Error ? error.message : '';
  return /connection|timeout exceeded when trying to connect|not queryable/i.test(message)
    ? unavailable('The connection to the database was lost')
    : error;
}
