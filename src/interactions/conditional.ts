/** Criteria of conditional interactions: none, one, or too many. https://hl7.org/fhir/R4/http.html#ccreate */
import { forbidden, notSupported, preconditionFailed } from '../fhir/fhir-error.ts';
import { isLogicalId } from '../fhir/resource.ts';
import { type CompileContext, compileSearch } from '../search/sql/compile-search.ts';
import { readQuery } from './search/read-query.ts';
import type { StoredVersion } from '../ports.ts';
import type { Context, Input, Parameters } from './interaction.ts';
import { queryText } from './page-links.ts';

/** Parameters that shape a result instead of choosing resources; they mean nothing in criteria. */
const resultParameters: ReadonlySet<string> = new Set([
  '_count',
  '_sort',
  '_total',
  '_include',
  '_revinclude',
  '_cursor',
  '_elements',
  '_summary',
  '_contained',
  '_containedType',
]);
const ignored: ReadonlySet<string> = new Set(['_format', '_pretty']);

/** `?` and the type may stand before the criteria of If-None-Exist; neither is part of them. */
function readCriteria(criteria: string): Parameters {
  const start = criteria.indexOf('?');
  const equals = criteria.indexOf('=');
  const text = start >= 0 && (equals < 0 || start < equals) ? criteria.slice(start + 1) : criteria;
  return [...new URLSearchParams(text)].filter(([name]) => !ignored.has(name));
}

/** The criteria in the URL of the input. */
export function queryOf({ parameters }: Input): string {
  return queryText(parameters.filter(([name]) => !ignored.has(name)));
}

/** The name of the lock that requests with the same criteria share, however they order and encode them. */
export function lockName(type: string, criteria: string): string {
  const sorted = readCriteria(criteria)
    .map(([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(value)}`)
    .sort();
  return `${type}?${sorted.join('&')}`;
}

/** The one resource that the criteria match, undefined when there is none; 403 when the caller may not search, 412 when there are no criteria or several matches. */
export async function findMatch(type: string, criteria: string, context: Context): Promise<StoredVersion | undefined> {
  // whether something matches tells what is stored, so it takes the permission to search
  if (!context.access.permits('search-type', type)) throw forbidden(`The token does not allow to search ${type}`);
  const parameters = readCriteria(criteria);
  if (parameters.length === 0) throw preconditionFailed('A conditional interaction needs criteria', 'required');
  const shaping = parameters.find(([name]) => resultParameters.has(name));
  if (shaping)
    throw notSupported(`${shaping[0]} cannot be a criterion of a conditional interaction`, `http.${shaping[0]}`);
  const [first] = parameters;
  if (parameters.length === 1 && first?.[0] === '_id' && isLogicalId(first[1])) {
    const version = await context.store.read({ type, id: first[1] });
    return version?.deleted === false ? version : undefined;
  }
  const query = await readQuery(
    { types: [type], parameters: [...parameters, ['_count', '2']], handling: 'strict' },
    context,
  );
  const { rows } = await context.store.search(compileSearch(query, searchContext(context)));
  if (rows.length > 1)
    throw preconditionFailed(`Several resources of type ${type} match the criteria`, 'multiple-matches');
  return rows[0];
}

/** What compiling a search needs of the context. */
export function searchContext({ hash, definitions, searchParameters, settings }: Context): CompileContext {
  return {
    hash,
    resourceTypes: definitions.resourceTypes,
    parameters: searchParameters,
    cursorSecret: settings.cursorSecret,
  };
}
