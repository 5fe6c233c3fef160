/** From an HTTP request to the input of an interaction. https://hl7.org/fhir/R4/http.html */
import type { Request } from 'express';
import { notFound } from '../fhir/fhir-error.ts';
import type { Definitions } from '../fhir/definitions.ts';
import type { Body, Conditions, Input, Parameters, Preferences, Route } from '../interactions/interaction.ts';
import { readMediaType } from './middleware/media-type.ts';

/** The query of a URL in its order; `+` is a space, as HTML forms have it. */
export function parametersOf(url: string): Parameters {
  const start = url.indexOf('?');
  return start < 0 ? [] : [...new URLSearchParams(url.slice(start + 1))];
}

/** Prefer is advice: what is not understood in it does not matter. https://www.rfc-editor.org/rfc/rfc7240 */
export function preferencesOf(header: string | undefined): Preferences {
  if (header === undefined) return { handling: 'strict' };
  const wishes = new Map(
    header.split(/[,;]/).map((wish) => {
      const [name = '', value = ''] = wish.split('=');
      return [name.trim().toLowerCase(), value.trim().replaceAll('"', '')] as const;
    }),
  );
  const wanted = wishes.get('return');
  const known = (['minimal', 'representation', 'OperationOutcome'] as const).find((one) => one === wanted);
  return { handling: wishes.get('handling') === 'lenient' ? 'lenient' : 'strict', ...(known && { return: known }) };
}

function conditionsOf(request: Request): Conditions {
  const ifMatch = request.get('If-Match');
  const ifNoneMatch = request.get('If-None-Match');
  const ifModifiedSince = request.get('If-Modified-Since');
  const ifNoneExist = request.get('If-None-Exist');
  return {
    ...(ifMatch !== undefined && { ifMatch }),
    ...(ifNoneMatch !== undefined && { ifNoneMatch }),
    ...(ifModifiedSince !== undefined && { ifModifiedSince }),
    ...(ifNoneExist !== undefined && { ifNoneExist }),
  };
}

/** The type that a path names, when it names one of R4's. */
function typeOf({ path }: Route, params: Readonly<Record<string, unknown>>): string | undefined {
  if (path.startsWith(':type')) return String(params['type']);
  const [first = ''] = path.split('/');
  return /^[A-Z]/.test(first) ? first : undefined;
}

/** The input as far as the line and the headers of a request tell it; the body is read once it is known to be allowed. */
export function toInput(route: Route, request: Request, { resourceTypes }: Definitions): Input {
  const params = request.params as Readonly<Record<string, string | undefined>>;
  const type = typeOf(route, params);
  if (type !== undefined && !resourceTypes.has(type)) throw notFound('The URL names no resource type of R4');
  const { id, version, member } = params;
  return {
    interaction: route.interaction,
    ...(type !== undefined && { type }),
    ...(id !== undefined && { id }),
    ...(version !== undefined && { version }),
    ...(member !== undefined && { member }),
    parameters: parametersOf(request.url),
    conditions: conditionsOf(request),
    prefer: preferencesOf(request.get('Prefer')),
    ...(route.permission && { permission: route.permission }),
  };
}

/** Searches are posted as forms. */
export const isSearch = (interaction: string): boolean => interaction.startsWith('search-');

/** The input with its body. A form adds its parameters to those of the URL. */
export function withBody(input: Input, request: Request): Input {
  const bytes: unknown = request.body;
  if (!Buffer.isBuffer(bytes)) return input;
  const body: Body = { bytes, mediaType: readMediaType(request.get('Content-Type') ?? '').name };
  if (!isSearch(input.interaction)) return { ...input, body };
  const form = new URLSearchParams(bytes.toString('utf8'));
  return { ...input, parameters: [...input.parameters, ...form] };
}
