/** What the server did with a search, as a query string. https://hl7.org/fhir/R4/search.html#conformance */
import type { SearchQuery } from './search-query.ts';

/** The parameters that were applied, percent-encoded, without `?` and without the cursor; `''` when there are none. */
export function selfLink({ applied }: Pick<SearchQuery, 'applied'>): string {
  const query = new URLSearchParams();
  for (const [name, value] of applied) query.append(name, value);
  return query.toString();
}
