/** Content negotiation: this server speaks JSON. https://hl7.org/fhir/R4/http.html#mime-type */
import type { RequestHandler, Response } from 'express';
import { type FhirError, invalid, notAcceptable } from '../../fhir/fhir-error.ts';
import type { Parameters } from '../../interactions/interaction.ts';
import { isFhirR4, readMediaType } from './media-type.ts';
import { factsOf } from './request-facts.ts';

const jsonNames: ReadonlySet<string> = new Set(['application/fhir+json', 'application/json', 'text/json', 'json']);
const anyNames: ReadonlySet<string> = new Set(['*/*', 'application/*']);

/** What nearly everybody sends. */
const usual: ReadonlySet<string> = new Set(['*/*', 'application/fhir+json', 'application/json']);

function isJson(text: string): boolean {
  const mediaType = readMediaType(text);
  return jsonNames.has(mediaType.name) && isFhirR4(mediaType);
}

function isAcceptable(range: string): boolean {
  const mediaType = readMediaType(range);
  const quality = Number(mediaType.parameters.get('q') ?? '1');
  return quality > 0 && (jsonNames.has(mediaType.name) || anyNames.has(mediaType.name)) && isFhirR4(mediaType);
}

function acceptsJson(accept: string | undefined): boolean {
  return accept === undefined || usual.has(accept) || accept.trim() === '' || accept.split(',').some(isAcceptable);
}

/** Cheap for the many requests that have neither parameter; an underscore may be percent-encoded. */
function mayHave(url: string): boolean {
  return url.includes('_format') || url.includes('_pretty') || url.includes('%');
}

function parametersOf(url: string): { readonly formats: readonly string[]; readonly pretties: readonly string[] } {
  if (!mayHave(url)) return { formats: [], pretties: [] };
  const start = url.indexOf('?');
  const parameters = new URLSearchParams(start < 0 ? '' : url.slice(start + 1));
  return { formats: parameters.getAll('_format'), pretties: parameters.getAll('_pretty') };
}

/** Why the request cannot be answered in the form it asks for. */
function refusalOf(accept: string | undefined, formats: readonly string[], pretties: readonly string[]) {
  const [format] = formats;
  const [pretty] = pretties;
  let refusal: FhirError | undefined;
  if (formats.length > 1) refusal = invalid('_format can be given once', 'http._format');
  else if (pretties.length > 1) refusal = invalid('_pretty can be given once', 'http._pretty');
  else if (pretty !== undefined && pretty !== 'true' && pretty !== 'false') {
    refusal = invalid('_pretty is true or false', 'http._pretty');
  } else if (format === undefined ? !acceptsJson(accept) : !isJson(format.replaceAll(' ', '+'))) {
    refusal = notAcceptable('This server answers in JSON of FHIR R4: application/fhir+json');
  }
  return refusal;
}

/** The same of a posted search, whose form may hold the two parameters. Throws a FhirError 406 or 400. */
export function negotiateForm(parameters: Parameters, response: Response): void {
  const valuesOf = (wanted: string) => parameters.filter(([name]) => name === wanted).map(([, value]) => value);
  const pretties = valuesOf('_pretty');
  const refusal = refusalOf(undefined, valuesOf('_format'), pretties);
  if (refusal) throw refusal;
  if (pretties[0] === 'true') factsOf(response).isPretty = true;
}

/** Refuses with 406 who does not take JSON; `_format` counts more than the Accept header. Keeps `_pretty` among the facts. */
export function createNegotiate(): RequestHandler {
  return (request, response, next) => {
    const { formats, pretties } = parametersOf(request.url);
    const refusal = refusalOf(request.headers.accept, formats, pretties);
    if (refusal) return next(refusal);
    if (pretties[0] === 'true') factsOf(response).isPretty = true;
    return next();
  };
}
