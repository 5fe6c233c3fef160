/** Refuses requests that no part of the server should ever see, and writes `$` of operations one way. https://hl7.org/fhir/R4/http.html */
import type { RequestHandler } from 'express';
import { FhirError, invalid, methodNotAllowed } from '../../fhir/fhir-error.ts';

const methods: ReadonlySet<string> = new Set(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE']);
const allow = [...methods].join(', ');

/** Of the path with its query, in characters. */
const maximumUrl = 8_192;
const maximumParameters = 200;

/** Node keeps the first of several `Host` headers where a proxy may have looked at the last. */
function hasTwoHosts(rawHeaders: readonly string[]): boolean {
  let hosts = 0;
  for (let index = 0; index < rawHeaders.length; index += 2) {
    const name = rawHeaders[index];
    if (name?.length === 4 && name.toLowerCase() === 'host') hosts += 1;
  }
  return hosts > 1;
}

function countParameters(query: string): number {
  let count = query === '' ? 0 : 1;
  for (let at = query.indexOf('&'); at >= 0; at = query.indexOf('&', at + 1)) count += 1;
  return count;
}

/** True when every escape is two hexadecimal digits and all of them together are UTF-8 without U+0000. */
function isDecodable(url: string): boolean {
  if (!url.includes('%')) return true;
  try {
    return !decodeURIComponent(url).includes('\0');
  } catch {
    return false;
  }
}

function refusalOf(url: string, query: string): FhirError | undefined {
  if (url.length > maximumUrl) {
    return new FhirError(414, [
      {
        severity: 'error',
        code: 'too-long',
        diagnostics: `A URL has at most ${maximumUrl} characters; longer searches can be sent with POST to _search`,
      },
    ]);
  }
  if (countParameters(query) > maximumParameters)
    return invalid(`A search has at most ${maximumParameters} parameters`);
  if (!isDecodable(url)) return invalid('The URL has percent-encoding that is not UTF-8');
  return undefined;
}

/** Passes on well-formed requests with a method this server knows; Express would not match `/%24everything` to `/$everything`. */
export function createGuardRequest(): RequestHandler {
  return (request, _response, next) => {
    if (!methods.has(request.method)) return next(methodNotAllowed('The method is not supported', allow));
    if (hasTwoHosts(request.rawHeaders)) return next(invalid('A request has one Host header'));
    const { url } = request;
    const start = url.indexOf('?');
    const path = start < 0 ? url : url.slice(0, start);
    const query = start < 0 ? '' : url.slice(start + 1);
    const refusal = refusalOf(url, query);
    if (refusal) return next(refusal);
    if (path.includes('/%24')) request.url = path.replaceAll('/%24', '/$') + url.slice(path.length);
    return next();
  };
}
