/** Answers as entries of a response Bundle. https://hl7.org/fhir/R4/http.html#transaction-response */
import type { BundleEntry } from '../fhir/bundle.ts';
import { etag } from '../fhir/etag.ts';
import { FhirError } from '../fhir/fhir-error.ts';
import { operationOutcome } from '../fhir/outcome.ts';
import type { Result } from './interaction.ts';

const reasons: Readonly<Record<number, string>> = {
  200: 'OK',
  201: 'Created',
  204: 'No Content',
  304: 'Not Modified',
  400: 'Bad Request',
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'Not Found',
  405: 'Method Not Allowed',
  409: 'Conflict',
  410: 'Gone',
  412: 'Precondition Failed',
  422: 'Unprocessable Entity',
};

const statusLine = (status: number): string => [status, reasons[status]].filter(Boolean).join(' ');

/** An answer as an entry of the response Bundle. */
export function toResponseEntry(result: Result, baseUrl: string): BundleEntry {
  const { status, text, resource, version, location } = result;
  const body = text ?? (resource && JSON.stringify(resource));
  return {
    ...(version && !version.deleted && { fullUrl: `${baseUrl}/${version.type}/${version.id}` }),
    ...(body !== undefined && { resource: body }),
    response: {
      status: statusLine(status),
      ...(location !== undefined && { location: `${baseUrl}/${location}` }),
      ...(version && { etag: etag(version.version), lastModified: version.lastUpdated }),
    },
  };
}

/** A refusal as an entry; anything but a FhirError is thrown on. */
export function toFailureEntry(cause: unknown): BundleEntry {
  if (!(cause instanceof FhirError)) throw cause;
  const outcome = JSON.stringify(operationOutcome(cause.issues));
  return { response: { status: statusLine(cause.status), outcome } };
}
