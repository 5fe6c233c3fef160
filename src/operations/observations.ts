/** All Observations that a search finds, for operations that compute with them. */
import { FhirError } from '../fhir/fhir-error.ts';
import { searchContext } from '../interactions/conditional.ts';
import type { Context } from '../interactions/interaction.ts';
import type { SearchRow } from '../search-ports.ts';
import { pageOf } from '../search/cursor.ts';
import type { SearchQuery } from '../search/search-query.ts';
import { compileSearch } from '../search/sql/compile-search.ts';

/** Observations that are gone through; a question about more is about no patient. */
export const maximumObservations = 20_000;

export function tooCostly(diagnostics: string): FhirError {
  return new FhirError(422, [{ severity: 'error', code: 'too-costly', diagnostics }]);
}

/** Page after page. Throws a FhirError 422 when there are too many. */
export async function* readAll(query: SearchQuery, context: Context): AsyncGenerator<SearchRow> {
  let page: SearchQuery | undefined = query;
  let count = 0;
  while (page) {
    const { rows } = await context.store.search(compileSearch(page, searchContext(context)));
    const { matches, next } = pageOf(page, rows, context.settings.cursorSecret);
    count += matches.length;
    if (count > maximumObservations) {
      throw tooCostly(`More than ${maximumObservations} Observations would have to be gone through: ask for fewer`);
    }
    yield* matches;
    page = next === undefined ? undefined : { ...query, cursor: next };
  }
}
