/** From a query to the Bundle that answers it. https://hl7.org/fhir/R4/search.html#Introduction */
import { bundleText, type BundleEntry, type BundleLink, fullUrl } from '../../fhir/bundle.ts';
import type { Issue } from '../../fhir/issue.ts';
import { operationOutcome } from '../../fhir/outcome.ts';
import type { Resource } from '../../fhir/resource.ts';
import { containedText } from '../../json/contained-text.ts';
import type { StoredVersion } from '../../ports.ts';
import type { SearchRow } from '../../search-ports.ts';
import { type Page, pageOf } from '../../search/cursor.ts';
import type { SearchQuery } from '../../search/search-query.ts';
import { selfLink } from '../../search/self-link.ts';
import { compileSearch } from '../../search/sql/compile-search.ts';
import { searchContext } from '../conditional.ts';
import type { Context, Result } from '../interaction.ts';
import { findIncluded } from './find-included.ts';

export interface Shown {
  readonly mode: 'match' | 'include';
  readonly versions: readonly (StoredVersion & Pick<SearchRow, 'containedAt'>)[];
}

/** A resource as an entry shows it. */
interface ShownResource {
  readonly url: string;
  readonly type: string;
  readonly text: string;
}

/** A contained match stands at the address of the resource around it, with its id as fragment. */
function shownOf(version: Shown['versions'][number], baseUrl: string): ShownResource | undefined {
  const { type, text, containedAt } = version;
  if (text === undefined) return undefined;
  const url = fullUrl(baseUrl, version);
  if (containedAt === undefined) return { url, type, text };
  const contained = containedText(text, containedAt);
  if (contained === undefined) return undefined;
  const { resourceType, id } = JSON.parse(contained) as Resource;
  return { url: id === undefined ? url : `${url}#${id}`, type: resourceType, text: contained };
}

/** What is left of each resource; a list of elements is not about included ones. */
export function toEntries({ mode, versions }: Shown, { subset }: SearchQuery, context: Context): BundleEntry[] {
  const { settings, subsetOf } = context;
  const isWhole = mode === 'include' && subset?.kind === 'elements';
  return versions.flatMap((version): BundleEntry[] => {
    const found = shownOf(version, settings.baseUrl);
    if (!found) return [];
    const resource = subset && !isWhole ? subsetOf(found.text, found.type, subset) : found.text;
    return [{ fullUrl: found.url, resource, search: { mode } }];
  });
}

/** What the client should know of the answer, behind everything else. */
export function outcomeEntry(issues: readonly Issue[]): BundleEntry[] {
  if (issues.length === 0) return [];
  return [{ resource: JSON.stringify(operationOutcome(issues)), search: { mode: 'outcome' } }];
}

function linksOf(url: string, query: SearchQuery, { next, previous }: Page): BundleLink[] {
  const applied = selfLink(query);
  const link = (relation: BundleLink['relation'], cursor?: string): BundleLink => {
    const text = [applied, cursor && `_cursor=${encodeURIComponent(cursor)}`].filter(Boolean).join('&');
    return { relation, url: text ? `${url}?${text}` : url };
  };
  return [
    link('self', query.cursor),
    link('first'),
    ...(previous === undefined ? [] : [link('previous', previous)]),
    ...(next === undefined ? [] : [link('next', next)]),
  ];
}

/** `path` is that of the search, relative to the base: `Patient`, `Patient/1/Observation`, or nothing. */
export async function answerSearch(query: SearchQuery, path: string, context: Context): Promise<Result> {
  const { baseUrl, cursorSecret } = context.settings;
  const { rows, total } = await context.store.search(compileSearch(query, searchContext(context)));
  const page = pageOf(query, rows, cursorSecret);
  const included = await findIncluded(query, page.matches, context);
  const shown: Shown[] = [
    { mode: 'match', versions: page.matches },
    { mode: 'include', versions: included.versions },
  ];
  const text = bundleText({
    type: 'searchset',
    ...(total !== undefined && { total }),
    links: linksOf(path === '' ? baseUrl : `${baseUrl}/${path}`, query, page),
    entries: [
      ...shown.flatMap((part) => toEntries(part, query, context)),
      ...outcomeEntry([...query.warnings, ...included.issues]),
    ],
  });
  const patients = shown.flatMap(({ versions }) => versions.flatMap((version) => version.patients));
  return { status: 200, text, patients };
}
