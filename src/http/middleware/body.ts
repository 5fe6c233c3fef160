/** Reads a body of a known media type into a Buffer, whole and within its limit. https://hl7.org/fhir/R4/http.html#mime-type */
import express, { type Request, type RequestHandler } from 'express';
import { type FhirError, invalid, tooLarge, unsupportedMediaType } from '../../fhir/fhir-error.ts';
import { isFhirR4, readMediaType } from './media-type.ts';

export interface BodyOptions {
  /** In bytes, after decompression. */
  readonly limit: number;
  /** In lower case; any other is refused. */
  readonly mediaTypes: readonly string[];
}

const megabyte = 1_048_576;

export const bodyLimits = { resource: 5 * megabyte, bundle: 50 * megabyte, search: megabyte } as const;

export const bodyMediaTypes = {
  resource: ['application/fhir+json', 'application/json', 'text/json'],
  patch: ['application/json-patch+json', 'application/fhir+json'],
  search: ['application/x-www-form-urlencoded'],
} as const;

/** Why the headers alone rule a body out. */
function refusalOf({ headers }: Request, { limit, mediaTypes }: BodyOptions): FhirError | undefined {
  const mediaType = readMediaType(headers['content-type'] ?? '');
  if (!mediaTypes.includes(mediaType.name) || !isFhirR4(mediaType)) {
    return unsupportedMediaType(`The body must be ${mediaTypes.join(' or ')}`);
  }
  if ((mediaType.parameters.get('charset') ?? 'utf-8').toLowerCase() !== 'utf-8') {
    return unsupportedMediaType('The charset of a body is UTF-8');
  }
  const encoding = (headers['content-encoding'] ?? 'identity').trim().toLowerCase();
  if (encoding !== 'identity' && encoding !== 'gzip') {
    return unsupportedMediaType('The content encoding of a body is gzip or none');
  }
  return Number(headers['content-length'] ?? 0) > limit ? bodyTooLarge(limit) : undefined;
}

const bodyTooLarge = (limit: number): FhirError => tooLarge(`A body here has at most ${limit} bytes`);

/** What the body parser found wrong, in our words; undefined when the client has gone and nobody is left to tell. */
function fromBodyParser(error: unknown, limit: number): FhirError | undefined {
  switch ((error as { type?: unknown } | null)?.type) {
    case 'request.aborted':
      return undefined;
    case 'entity.too.large':
      return bodyTooLarge(limit);
    case 'request.size.invalid':
      return invalid('The body is not as long as Content-Length says');
    default:
      return invalid('The body cannot be decompressed');
  }
}

/** True when the request announces a body; one of no bytes is none. */
function hasBody({ headers }: Request): boolean {
  return headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0;
}

/** Puts the body as a Buffer into `request.body`, undefined when there is none. Refuses with 400, 413 or 415. */
export function createBody(options: BodyOptions): RequestHandler {
  const { limit } = options;
  const read = express.raw({ limit, type: () => true });
  return (request, response, next) => {
    if (!hasBody(request)) return next();
    const refusal = refusalOf(request, options);
    if (refusal) return next(refusal);
    return read(request, response, (error?: unknown) => {
      if (error === undefined) {
        const { body } = request as { body?: Buffer };
        if (body?.length === 0) request.body = undefined;
        return next();
      }
      const explained = fromBodyParser(error, limit);
      if (explained) next(explained);
    });
  };
}
