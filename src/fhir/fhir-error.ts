/** The one error type of this server; `http/error-handler.ts` alone turns it into a response. https://hl7.org/fhir/R4/http.html#Status-Codes */
import type { Issue, IssueType } from './issue.ts';

/** An interaction that cannot succeed: the HTTP status and what to tell the client. `headers` are added to the response (such as `Retry-After`). */
export class FhirError extends Error {
  readonly status: number;
  readonly issues: readonly Issue[];
  readonly headers: Readonly<Record<string, string>>;
  /** Of several changes that were to happen together, the one that is refused. */
  readonly position: number | undefined;

  constructor(
    status: number,
    issues: readonly Issue[],
    headers: Readonly<Record<string, string>> = {},
    position?: number,
  ) {
    super(issues[0]?.diagnostics ?? `HTTP ${status}`);
    this.name = 'FhirError';
    this.status = status;
    this.issues = issues;
    this.headers = headers;
    this.position = position;
  }
}

function fail(status: number, code: IssueType, diagnostics: string, expression?: string): FhirError {
  return new FhirError(status, [
    { severity: 'error', code, diagnostics, ...(expression && { expression: [expression] }) },
  ]);
}

/** 400: the request itself is wrong. `expression` names the element or the parameter (`http.<parameter>`). */
export const invalid = (diagnostics: string, expression?: string): FhirError =>
  fail(400, 'invalid', diagnostics, expression);
/** 400: understood, but this server does not do it; never silently ignored. */
export const notSupported = (diagnostics: string, expression?: string): FhirError =>
  fail(400, 'not-supported', diagnostics, expression);
/** 401: no or no valid credentials. */
export const unauthorized = (diagnostics: string): FhirError =>
  new FhirError(401, [{ severity: 'error', code: 'login', diagnostics }], {
    'WWW-Authenticate': 'Bearer realm="vesta"',
  });
/** 403: the credentials do not allow it. */
export const forbidden = (diagnostics: string): FhirError => fail(403, 'forbidden', diagnostics);
/** 404: no such resource, version, type or operation. */
export const notFound = (diagnostics: string): FhirError => fail(404, 'not-found', diagnostics);
/** 405: the resource exists, the method is not for it. */
export const methodNotAllowed = (diagnostics: string, allow?: string): FhirError =>
  new FhirError(405, [{ severity: 'error', code: 'not-supported', diagnostics }], allow ? { Allow: allow } : {});
/** 406: none of the accepted formats is offered. */
export const notAcceptable = (diagnostics: string): FhirError => fail(406, 'not-supported', diagnostics);
/** 409: the state of the server does not allow it. */
export const conflict = (diagnostics: string, expression?: string): FhirError =>
  fail(409, 'conflict', diagnostics, expression);
/** 410: the resource was deleted. */
export const gone = (diagnostics: string): FhirError => fail(410, 'deleted', diagnostics);
/** 412: a precondition (If-Match, conditional criteria) does not hold. */
export const preconditionFailed = (diagnostics: string, code: IssueType = 'conflict'): FhirError =>
  fail(412, code, diagnostics);
/** 413: the body, or something in it, is too large. */
export const tooLarge = (diagnostics: string): FhirError => fail(413, 'too-long', diagnostics);
/** 415: the media type, charset or encoding of the body is not understood. */
export const unsupportedMediaType = (diagnostics: string): FhirError => fail(415, 'not-supported', diagnostics);
/** 422: the resource breaks the rules of FHIR; `issues` name each element. */
export const unprocessable = (issues: readonly Issue[]): FhirError => new FhirError(422, issues);
/** 503: not now; try again. */
export const unavailable = (diagnostics: string, expression?: string): FhirError =>
  new FhirError(
    503,
    [
      {
        severity: 'error',
        code: 'transient',
        diagnostics,
        ...(expression !== undefined && { expression: [expression] }),
      },
    ],
    { 'Retry-After': '5' },
  );
/** 504: it took longer than the server allows. */
export const timedOut = (diagnostics: string): FhirError => fail(504, 'timeout', diagnostics);
