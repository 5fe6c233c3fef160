/** Parameters that shape the result instead of choosing resources. https://hl7.org/fhir/R4/search.html#return */
import { malformed, refused } from './malformed.ts';
import { readInclude, readRevinclude, type ShapingContext } from './read-include.ts';
import type { SearchQuery } from './search-query.ts';

export const maximumCount = 1_000;
export const defaultCount = 50;

/** The parts of a query that do not choose resources. */
export type Shaping = Pick<SearchQuery, 'count' | 'sort' | 'total' | 'includes' | 'revincludes' | 'cursor'>;

export const defaultShaping: Shaping = {
  count: defaultCount,
  sort: 'newest',
  total: 'none',
  includes: [],
  revincludes: [],
};

export interface ResultParameter {
  /** True when it may be given several times. */
  readonly repeats?: boolean;
  read(value: string, shaping: Shaping, context: ShapingContext): Partial<Shaping>;
}

const sorts: ReadonlyMap<string, Shaping['sort']> = new Map([
  ['_lastUpdated', 'lastUpdated'],
  ['-_lastUpdated', '-lastUpdated'],
]);

const isTotal = (value: string): value is Shaping['total'] => ['none', 'estimate', 'accurate'].includes(value);

/** What another stage of the request has read already. */
const readElsewhere: ResultParameter = { repeats: true, read: () => ({}) };

export const resultParameters: ReadonlyMap<string, ResultParameter> = new Map<string, ResultParameter>([
  [
    '_count',
    {
      read(value, _shaping, { name }) {
        if (!/^\d{1,9}$/.test(value)) throw malformed(name, 'a whole number');
        return { count: Math.min(Number(value), maximumCount) };
      },
    },
  ],
  [
    '_sort',
    {
      read(value, _shaping, { name }) {
        const sort = sorts.get(value);
        if (!sort) throw refused(name, 'results are sorted by _lastUpdated or -_lastUpdated only');
        return { sort };
      },
    },
  ],
  [
    '_total',
    {
      read(value, _shaping, { name }) {
        if (!isTotal(value)) throw malformed(name, 'none, estimate or accurate');
        return { total: value };
      },
    },
  ],
  [
    '_include',
    {
      repeats: true,
      read: (value, { includes }, context) => ({ includes: [...includes, readInclude(value, context)] }),
    },
  ],
  [
    '_revinclude',
    {
      repeats: true,
      read: (value, { revincludes }, context) => ({ revincludes: [...revincludes, readRevinclude(value, context)] }),
    },
  ],
  ['_cursor', { read: (value) => ({ cursor: value }) }],
  ['_format', readElsewhere],
  ['_pretty', readElsewhere],
]);

/** What R4 has and this server does not do, with what to say of it. */
export const refusedParameters: ReadonlyMap<string, string> = new Map([
  ['_contained', 'contained resources are found by the resource around them'],
  ['_containedType', 'contained resources are found by the resource around them'],
  ['_content', 'there is no full-text search'],
  ['_elements', 'resources are returned whole'],
  ['_filter', 'use search parameters'],
  ['_has', 'reverse chains are not searched'],
  ['_list', 'lists are not searched'],
  ['_query', 'there are no named queries'],
  ['_summary', 'resources are returned whole; _count=0 counts'],
  ['_text', 'there is no full-text search'],
  ['_type', 'a search is about the one type in its URL'],
]);
