/** The entries of a batch or transaction as inputs of their own. https://hl7.org/fhir/R4/bundle.html#bundle-unique */
import { FhirError, invalid, methodNotAllowed, notFound } from '../fhir/fhir-error.ts';
import { isError, type Issue } from '../fhir/issue.ts';
import type { Resource } from '../fhir/resource.ts';
import type { ResourceDocument } from '../json/document.ts';
import { entryDocument } from '../json/entry-document.ts';
import type { Body, Conditions, Context, Input, Method, Parameters, Route } from './interaction.ts';
import { lookUpRoute } from './route.ts';
import { settled } from './settled.ts';

/** One entry, ready to be run, or the reason why it cannot. */
export type EntryRequest = {
  readonly index: number;
  /** Order of processing: deletions, creations, updates and patches, reads. https://hl7.org/fhir/R4/http.html#trules */
  readonly phase: number;
  readonly fullUrl?: string;
} & (
  | { readonly refusal: FhirError; readonly input?: undefined; readonly route?: undefined }
  | { readonly refusal?: undefined; readonly input: Input; readonly route: Route }
);

interface RawEntry {
  readonly fullUrl?: string;
  readonly resource?: Resource;
  readonly request?: {
    readonly method: string;
    readonly url: string;
    readonly ifMatch?: string;
    readonly ifNoneMatch?: string;
    readonly ifModifiedSince?: string;
    readonly ifNoneExist?: string;
  };
}

const phaseOf: Readonly<Record<string, number>> = { DELETE: 1, POST: 2, PUT: 3, PATCH: 3, GET: 4, HEAD: 4 };
export const phases: readonly number[] = [1, 2, 3, 4];

/** The Bundle without the resources in it: those are validated one by one, so that in a batch each fails alone. */
function shellOf({ resource }: ResourceDocument): Resource {
  const entries = resource['entry'];
  if (!Array.isArray(entries)) return resource;
  const bare = entries.map((entry: unknown) => {
    if (typeof entry !== 'object' || entry === null) return entry;
    const { resource: _resource, ...rest } = entry as Record<string, unknown>;
    return rest;
  });
  return { ...resource, entry: bare };
}

/** The path and parameters of a request.url: relative to the base, or absolute on this server. */
function splitUrl(url: string, baseUrl: string): { path: string; parameters: Parameters } {
  const relative = url.startsWith(`${baseUrl}/`) ? url.slice(baseUrl.length + 1) : url.replace(/^\//, '');
  const [path = '', ...query] = relative.split('?');
  return { path, parameters: [...new URLSearchParams(query.join('?'))] };
}

function conditionsOf({
  ifMatch,
  ifNoneMatch,
  ifModifiedSince,
  ifNoneExist,
}: NonNullable<RawEntry['request']>): Conditions {
  return {
    ...(ifMatch !== undefined && { ifMatch }),
    ...(ifNoneMatch !== undefined && { ifNoneMatch }),
    ...(ifModifiedSince !== undefined && { ifModifiedSince }),
    ...(ifNoneExist !== undefined && { ifNoneExist }),
  };
}

/** A JSON Patch travels as a Binary; its data is the body that the patch would have by itself. */
function patchBody(document: ResourceDocument | undefined): Body | undefined {
  const { resource } = document ?? {};
  if (resource?.resourceType !== 'Binary') return undefined;
  const { contentType, data } = resource;
  if (typeof contentType !== 'string' || typeof data !== 'string') return undefined;
  const mediaType = contentType.split(';')[0]?.trim().toLowerCase() ?? '';
  return { mediaType, bytes: Buffer.from(data, 'base64') };
}

interface Source {
  readonly bundle: ResourceDocument;
  readonly input: Input;
  readonly context: Context;
}

function toRequest(entry: RawEntry, index: number, { bundle, input, context }: Source): { input: Input; route: Route } {
  const at = `Bundle.entry[${index}]`;
  const { request } = entry;
  if (!request) throw invalid('An entry of a batch or transaction needs a request', `${at}.request`);
  const { path, parameters } = splitUrl(request.url, context.settings.baseUrl);
  const found = lookUpRoute(context.routes, request.method as Method, path);
  if (!('route' in found)) {
    if (found.allowed.length === 0) throw notFound('There is nothing at the URL of this entry');
    throw methodNotAllowed(`${request.method} is not possible at the URL of this entry`);
  }
  const { route, ...place } = found;
  if (route.interaction === 'transaction') throw invalid('A Bundle cannot be nested in a Bundle', `${at}.request.url`);
  if (place.type !== undefined && !context.definitions.resourceTypes.has(place.type)) {
    throw notFound('The URL of this entry names no resource type of R4');
  }
  const document = entry.resource && entryDocument(bundle, index);
  const body = request.method === 'PATCH' ? patchBody(document) : undefined;
  return {
    route,
    input: {
      interaction: route.interaction,
      ...(route.permission && { permission: route.permission }),
      ...place,
      parameters,
      conditions: conditionsOf(request),
      // a response Bundle carries the written resources only when they were asked for
      prefer: { ...input.prefer, return: input.prefer.return ?? 'minimal' },
      ...(body ? { body } : document && { document }),
    },
  };
}

function readEntry(entry: RawEntry, index: number, source: Source): EntryRequest {
  const phase = phaseOf[entry.request?.method ?? ''] ?? 4;
  const base = { index, phase, ...(entry.fullUrl !== undefined && { fullUrl: entry.fullUrl }) };
  try {
    return { ...base, ...toRequest(entry, index, source) };
  } catch (cause) {
    if (!(cause instanceof FhirError)) throw cause;
    return { ...base, refusal: cause };
  }
}

/** All entries in their order. Refuses a Bundle that is itself malformed (422); a fault of one entry is its `refusal`. */
export async function readEntries(
  bundle: ResourceDocument,
  input: Input,
  context: Context,
): Promise<readonly EntryRequest[]> {
  const shell = shellOf(bundle);
  const issues: readonly Issue[] = await settled(context.library, () => context.validate(shell));
  if (issues.some(isError)) throw new FhirError(422, issues);
  const entries = (bundle.resource['entry'] ?? []) as readonly RawEntry[];
  return entries.map((entry, index) => readEntry(entry, index, { bundle, input, context }));
}
