/** From a result to an HTTP response; stored text goes out as it is. https://hl7.org/fhir/R4/http.html#ops */
import compression from 'compression';
import type { Request, Response } from 'express';
import { etag } from '../fhir/etag.ts';
import { operationOutcome } from '../fhir/outcome.ts';
import type { FhirError } from '../fhir/fhir-error.ts';
import type { Result } from '../interactions/interaction.ts';
import { prettyJson } from '../json/pretty-json.ts';
import { factsOf } from './middleware/request-facts.ts';

const contentType = 'application/fhir+json; charset=utf-8';

/** Characters from which compressing costs less than sending. */
const worthCompressing = 8_192;
const compress = compression({ threshold: 0, level: 1, filter: () => true });

function end(request: Request, response: Response, text: string): void {
  response.setHeader('Content-Type', contentType);
  const body = factsOf(response).isPretty ? prettyJson(text) : text;
  const encodings = body.length >= worthCompressing ? request.headers['accept-encoding'] : undefined;
  if (encodings?.includes('gzip') || encodings?.includes('br')) {
    compress(request, response, () => response.end(body));
    return;
  }
  response.setHeader('Content-Length', Buffer.byteLength(body));
  response.end(body);
}

/** Sends what an interaction resolved to. Node leaves the body of an answer to HEAD away. */
export function send(request: Request, response: Response, result: Result, baseUrl: string): void {
  const { status, text, resource, version, location } = result;
  response.statusCode = status;
  if (version && version.version > 0) {
    response.setHeader('ETag', etag(version.version));
    response.setHeader('Last-Modified', new Date(version.lastUpdated).toUTCString());
  }
  if (location !== undefined) response.setHeader('Location', `${baseUrl}/${location}`);
  const body = text ?? (resource && JSON.stringify(resource));
  if (body === undefined || status === 304) response.end();
  else end(request, response, body);
}

/** Sends a refusal as an OperationOutcome. */
export function sendError(request: Request, response: Response, error: FhirError): void {
  response.statusCode = error.status;
  for (const [name, value] of Object.entries(error.headers)) response.setHeader(name, value);
  end(request, response, JSON.stringify(operationOutcome(error.issues)));
}
