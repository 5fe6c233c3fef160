/** What a search asks of its answer, beside what it chooses. https://hl7.org/fhir/R4/search.html#return */
import type { SearchQuery } from './search-query.ts';

export const defaultCount = 50;

/** The parts of a query that do not choose resources. */
export type Shaping = Pick<
  SearchQuery,
  'count' | 'sort' | 'total' | 'includes' | 'revincludes' | 'cursor' | 'subset' | 'contained' | 'containedType'
>;

export const defaultShaping: Shaping = {
  count: defaultCount,
  sort: [],
  total: 'none',
  includes: [],
  revincludes: [],
};
