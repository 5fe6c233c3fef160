/** FHIR search of one resource type, with what it includes. https://hl7.org/fhir/R4/search.html */
import { bundleText, type BundleEntry, type BundleLink, fullUrl } from '../fhir/bundle.ts';
import { forbidden } from '../fhir/fhir-error.ts';
import type { Issue } from '../fhir/issue.ts';
import { operationOutcome } from '../fhir/outcome.ts';
import type { Resource } from '../fhir/resource.ts';
import { compileRevincludes } from '../search/compile-revincludes.ts';
import { compileSearch } from '../search/compile-search.ts';
import { nextCursor } from '../search/cursor.ts';
import { parseSearch } from '../search/parse-search.ts';
import type { SearchQuery } from '../search/search-query.ts';
import { selfLink } from '../search/self-link.ts';
import type { StoredVersion } from '../ports.ts';
import { searchContext } from './conditional.ts';
import { typeOf } from './identity.ts';
import type { Context, Input, Interaction } from './interaction.ts';

/** Included resources of a page; more are refused by a warning, never in silence. */
const maximumIncludes = 1_000;

const warning = (diagnostics: string): Issue => ({ severity: 'warning', code: 'incomplete', diagnostics });

/** What is added to a page, and what the client must know of it. */
interface Included {
  readonly versions: readonly StoredVersion[];
  readonly issues: readonly Issue[];
}

/** The resources that the matches point to. Only their text says where to, so it is read for this alone. */
async function findIncluded(
  query: SearchQuery,
  matches: readonly StoredVersion[],
  context: Context,
): Promise<Included> {
  if (query.includes.length === 0 || matches.length === 0) return { versions: [], issues: [] };
  const wanted = matches.flatMap(({ text = '{}' }) => {
    const resource = JSON.parse(text) as Resource;
    return query.includes.flatMap(({ code, target }) =>
      context.referencesOf(resource, code).filter(({ type }) => target === undefined || type === target),
    );
  });
  const unique = new Map(wanted.map((identity) => [`${identity.type}/${identity.id}`, identity]));
  const allowed = [...unique.values()].filter(({ type }) => context.access.permits('read', type));
  const versions = await context.store.readMany(allowed.slice(0, maximumIncludes));
  const issues = [
    ...(allowed.length < unique.size ? [warning('The token does not allow to read some of the included types')] : []),
    ...(allowed.length > maximumIncludes ? [warning(`Only ${maximumIncludes} resources are included in a page`)] : []),
  ];
  return { versions, issues };
}

/** The resources that point to the matches. */
async function findRevincluded(
  query: SearchQuery,
  matches: readonly StoredVersion[],
  context: Context,
): Promise<Included> {
  const { revincludes } = query;
  if (revincludes.length === 0 || matches.length === 0) return { versions: [], issues: [] };
  const refused = revincludes.find(({ type }) => !context.access.permits('read', type));
  if (refused) throw forbidden(`The token does not allow to read ${refused.type}`);
  const scope = { revincludes, matches, limit: maximumIncludes + 1 };
  const { rows } = await context.store.search(compileRevincludes(scope, context));
  const issues =
    rows.length > maximumIncludes
      ? [warning(`Only the newest ${maximumIncludes} resources are included in a page`)]
      : [];
  return { versions: rows.slice(0, maximumIncludes), issues };
}

/** Each resource once: matches first, then what they bring along, deletions left out. */
function toEntries(
  matches: readonly StoredVersion[],
  included: readonly StoredVersion[],
  baseUrl: string,
): BundleEntry[] {
  const seen = new Set<string>();
  const entry = (mode: 'match' | 'include', version: StoredVersion): BundleEntry[] => {
    const url = fullUrl(baseUrl, version);
    if (version.text === undefined || seen.has(url)) return [];
    seen.add(url);
    return [{ fullUrl: url, resource: version.text, search: { mode } }];
  };
  return [
    ...matches.flatMap((version) => entry('match', version)),
    ...included.flatMap((version) => entry('include', version)),
  ];
}

function ignoredIssues({ ignored }: SearchQuery): Issue[] {
  return ignored.map((name) => ({
    severity: 'warning',
    code: 'not-supported',
    diagnostics: `The parameter ${name.slice(0, 64)} was ignored`,
  }));
}

function outcomeEntry(issues: readonly Issue[]): BundleEntry[] {
  if (issues.length === 0) return [];
  return [{ resource: JSON.stringify(operationOutcome(issues)), search: { mode: 'outcome' } }];
}

function linksOf(url: string, query: SearchQuery, next: string | undefined): BundleLink[] {
  const applied = selfLink(query);
  const link = (relation: BundleLink['relation'], cursor?: string): BundleLink => {
    const text = [applied, cursor && `_cursor=${encodeURIComponent(cursor)}`].filter(Boolean).join('&');
    return { relation, url: text ? `${url}?${text}` : url };
  };
  return [link('self', query.cursor), link('first'), ...(next === undefined ? [] : [link('next', next)])];
}

function readQuery(input: Input, { searchParameters, settings, now }: Context): SearchQuery {
  return parseSearch({
    type: typeOf(input),
    parameters: input.parameters,
    registry: searchParameters,
    handling: input.prefer.handling,
    baseUrl: settings.baseUrl,
    now: now(),
  });
}

export const searchType: Interaction = async (input, context) => {
  const query = readQuery(input, context);
  const { baseUrl, cursorSecret } = context.settings;
  const { rows, total } = await context.store.search(compileSearch(query, searchContext(context)));
  const matches = rows.slice(0, query.count);
  const included = await findIncluded(query, matches, context);
  const revincluded = await findRevincluded(query, matches, context);
  const added = [...included.versions, ...revincluded.versions];
  const issues = [...ignoredIssues(query), ...included.issues, ...revincluded.issues];
  const text = bundleText({
    type: 'searchset',
    ...(total !== undefined && { total }),
    links: linksOf(`${baseUrl}/${query.type}`, query, nextCursor(query, rows, cursorSecret)),
    entries: [...toEntries(matches, added, baseUrl), ...outcomeEntry(issues)],
  });
  return { status: 200, text, patients: [...matches, ...added].flatMap(({ patients }) => patients) };
};
