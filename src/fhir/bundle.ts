/** Bundles put together from stored JSON texts, which are never parsed for it. https://hl7.org/fhir/R4/bundle.html */
import type { ResourceIdentity } from './resource.ts';

export interface BundleLink {
  readonly relation: 'self' | 'first' | 'previous' | 'next';
  readonly url: string;
}

/** One entry; `resource` and `response.outcome` are JSON texts. */
export interface BundleEntry {
  readonly fullUrl?: string;
  readonly resource?: string;
  readonly search?: { readonly mode: 'match' | 'include' | 'outcome' };
  readonly request?: { readonly method: string; readonly url: string };
  readonly response?: {
    readonly status: string;
    readonly location?: string;
    readonly etag?: string;
    readonly lastModified?: string;
    readonly outcome?: string;
  };
}

export interface BundleContent {
  readonly type: 'searchset' | 'history' | 'batch-response' | 'transaction-response' | 'collection';
  readonly total?: number;
  readonly links?: readonly BundleLink[];
  readonly entries: readonly BundleEntry[];
}

const raw = (name: string, text: string | undefined): string | undefined => text && `"${name}":${text}`;
const quoted = (name: string, value: unknown): string | undefined =>
  value === undefined ? undefined : `"${name}":${JSON.stringify(value)}`;
const object = (...members: readonly (string | undefined)[]): string =>
  `{${members.filter((member) => member !== undefined && member !== '').join(',')}}`;

function responseText(response: BundleEntry['response']): string | undefined {
  if (!response) return undefined;
  const { outcome, ...plain } = response;
  const members = Object.entries(plain).map(([name, value]) => quoted(name, value));
  return raw('response', object(...members, raw('outcome', outcome)));
}

function entryText({ fullUrl, resource, search, request, response }: BundleEntry): string {
  return object(
    quoted('fullUrl', fullUrl),
    raw('resource', resource),
    quoted('search', search),
    quoted('request', request),
    responseText(response),
  );
}

/** The JSON text of a Bundle; empty lists are left out, as R4 forbids them. */
export function bundleText({ type, total, links = [], entries }: BundleContent): string {
  return object(
    '"resourceType":"Bundle"',
    quoted('type', type),
    quoted('total', total),
    links.length > 0 ? quoted('link', links) : undefined,
    entries.length > 0 ? `"entry":[${entries.map(entryText).join(',')}]` : undefined,
  );
}

/** The fullUrl of a resource of this server. */
export function fullUrl(baseUrl: string, { type, id }: ResourceIdentity): string {
  return `${baseUrl}/${type}/${id}`;
}
