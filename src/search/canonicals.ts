/** Canonical URLs and the resources that have them. https://hl7.org/fhir/R4/references.html#canonical */
import type { ElementModel } from '../fhir/element-model.ts';
import type { Resource } from '../fhir/resource.ts';
import { literalOf } from './local-reference.ts';
import { textOf } from './shapes.ts';

const publicationStatus = 'http://hl7.org/fhir/publication-status';

/** True for types that are found by a canonical URL: definitions, which are published. (A Device has a `url` too, and that is its address.) */
export function isCanonicalType(type: string, elements: ElementModel): boolean {
  const { url, status } = elements.type(type)?.elements ?? {};
  return url?.types[0] === 'uri' && status?.system === publicationStatus;
}

/** A URL of this server in one form, however it is written. */
const urlForm = (url: string, baseUrl: string | undefined): string => literalOf(url, baseUrl)?.target ?? url;

function split(text: string): readonly [url: string, version: string | undefined] {
  const bar = text.indexOf('|');
  return bar < 0 ? [text, undefined] : [text.slice(0, bar), text.slice(bar + 1)];
}

/** What a canonical leads to, without the fragment; undefined for what is within the resource itself. */
export function canonicalForm(text: string, baseUrl: string | undefined): string | undefined {
  const [whole = ''] = text.split('#', 1);
  const [url, version] = split(whole);
  if (url === '') return undefined;
  return version ? `${urlForm(url, baseUrl)}|${version}` : urlForm(url, baseUrl);
}

/** The canonicals that lead to a resource: its URL, the same with its version, and its literal URL. */
export function ownCanonicals(
  resource: Resource,
  { elements, baseUrl }: { readonly elements: ElementModel; readonly baseUrl?: string },
): readonly string[] {
  const { resourceType, id } = resource;
  if (!isCanonicalType(resourceType, elements)) return [];
  const literal = id === undefined ? [] : [`${resourceType}/${id}`];
  const [url, version] = [textOf(resource['url']), textOf(resource['version'])];
  if (url === undefined) return literal;
  const own = urlForm(url, baseUrl);
  return [...literal, own, ...(version === undefined ? [] : [`${own}|${version}`])];
}

/** Parts of a version; nobody writes longer ones, and each would be a row of the index. */
const maximumParts = 16;

/** True for a version that others can be below of. */
export const isVersionAbove = (canonical: string): boolean =>
  (split(canonical)[1] ?? '').split('.', maximumParts + 1).length <= maximumParts;

/** `url|2` and `url|2.1` of `url|2.1.3`. */
export function versionsAbove(canonical: string): readonly string[] {
  const [url, version = ''] = split(canonical);
  const parts = version.split('.', maximumParts + 1);
  return parts.slice(1).map((_part, index) => `${url}|${parts.slice(0, index + 1).join('.')}`);
}
