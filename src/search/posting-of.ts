/** Matches as postings: which rows of which index table. */
import { type SQL, sql } from 'drizzle-orm';
import type { Hash } from '../ports.ts';
import {
  changeLog,
  dateIndex,
  numberIndex,
  referenceIndex,
  resource,
  stringIndex,
  tokenIndex,
  uriIndex,
} from '../store/tables.ts';
import type { Comparison, Match } from './match.ts';
import { allOf, anyOf, breadths, type Posting } from './posting.ts';
import { prefixEnd } from './prefix-end.ts';
import { rangeCondition } from './range-condition.ts';
import { storedUri } from './stored-uri.ts';
import { targetKey, typeKey } from './type-key.ts';
import { unitKey } from './types/quantity.ts';
import { tokenKey } from './types/token.ts';

export interface PostingContext {
  readonly hash: Hash;
  /** Number of the resource type in the tables. */
  readonly typeNumber: number;
  /** Of the search parameter. */
  readonly code: string;
  readonly parameterKey: string;
}

type MatchOf<Kind extends Match['kind']> = Extract<Match, { kind: Kind }>;

/** Codes of parameters whose values are few, so that each finds a large part of its type. */
const commonCodes: ReadonlySet<string> = new Set(
  (
    '_security _tag active category class clinical-status deceased experimental gender intent kind language mode outcome ' +
    'priority severity status subject-type use verification-status'
  ).split(' '),
);

function tokenBreadth(code: string): number {
  if (code === 'identifier') return breadths.identifier;
  return commonCodes.has(code) ? breadths.commonToken : breadths.token;
}

function rangeBreadth(comparisons: readonly Comparison<unknown>[]): number {
  const isNarrow = comparisons.every(({ prefix }) => prefix === 'eq' || prefix === 'ap');
  return isNarrow ? breadths.equalRange : breadths.openRange;
}

/** The same value twice is one list. */
const unique = (keys: readonly string[]): readonly string[] => [...new Set(keys)];

/** Begins with `prefix`. In `C` collation texts sort by code point, so all of them lie together. */
function startsWith(prefix: string): SQL {
  const end = prefixEnd(prefix);
  const from = sql`${stringIndex.value} >= ${prefix}`;
  return end === undefined ? from : sql`(${from} AND ${stringIndex.value} < ${end})`;
}

function numberPosting({ comparisons }: MatchOf<'number'>, { hash, parameterKey }: PostingContext): Posting {
  const where = comparisons.map((comparison) => {
    const key = comparison.unit ? unitKey(hash, parameterKey, comparison.unit) : parameterKey;
    return sql`${numberIndex.parameterKey} = ${key}::bigint AND ${rangeCondition(comparison, numberIndex, 'float8')}`;
  });
  const breadth = rangeBreadth(comparisons);
  return { from: numberIndex, resourceKey: numberIndex.resourceKey, where: anyOf(where), breadth };
}

function datePosting({ comparisons }: MatchOf<'date'>, { parameterKey }: PostingContext): Posting {
  const ranges = comparisons.map((comparison) => rangeCondition(comparison, dateIndex, 'timestamptz'));
  const where = allOf([sql`${dateIndex.parameterKey} = ${parameterKey}::bigint`, anyOf(ranges)]);
  return { from: dateIndex, resourceKey: dateIndex.resourceKey, where, breadth: rangeBreadth(comparisons) };
}

function stringPosting({ prefixes }: MatchOf<'string'>, { parameterKey }: PostingContext): Posting {
  const where = allOf([
    sql`${stringIndex.parameterKey} = ${parameterKey}::bigint`,
    anyOf(prefixes.map((prefix) => startsWith(prefix))),
  ]);
  const breadth = prefixes.every(({ length }) => length >= 3) ? breadths.text : breadths.shortText;
  return { from: stringIndex, resourceKey: stringIndex.resourceKey, where, breadth };
}

function uriPosting({ values }: MatchOf<'uri'>, { hash, parameterKey }: PostingContext): Posting {
  return {
    from: uriIndex,
    resourceKey: uriIndex.resourceKey,
    where: sql`${uriIndex.parameterKey} = ${parameterKey}::bigint`,
    lists: { column: uriIndex.value, type: 'text', keys: unique(values.map((value) => storedUri(hash, value))) },
    breadth: breadths.uri,
  };
}

function tokenPosting({ tokens }: MatchOf<'token'>, { hash, code, parameterKey }: PostingContext): Posting {
  const keys = unique(tokens.map((token) => tokenKey(hash, parameterKey, token)));
  const lists = { column: tokenIndex.tokenKey, type: 'bigint', keys } as const;
  return { from: tokenIndex, resourceKey: tokenIndex.resourceKey, lists, breadth: tokenBreadth(code) };
}

function referencePosting({ targets }: MatchOf<'reference'>, { hash, parameterKey }: PostingContext): Posting {
  const keys = unique(targets.map((target) => targetKey(hash, target)));
  return {
    from: referenceIndex,
    resourceKey: referenceIndex.resourceKey,
    where: sql`${referenceIndex.parameterKey} = ${parameterKey}::bigint`,
    lists: { column: referenceIndex.targetKey, type: 'bigint', keys },
    breadth: breadths.reference,
  };
}

function idPosting({ ids }: MatchOf<'id'>, { typeNumber }: PostingContext): Posting {
  const where = sql`${resource.resourceType} = ${typeNumber}::smallint AND ${resource.id} = ANY(${sql.param(ids)}::text[]) AND NOT ${resource.deleted}`;
  return { from: resource, resourceKey: resource.resourceKey, where, breadth: breadths.id };
}

/** Of the change log those rows that made the current version; one resource is checked without the log. */
function lastUpdatedPosting({ comparisons }: MatchOf<'lastUpdated'>, { typeNumber }: PostingContext): Posting {
  const lastUpdated = (column: SQL): SQL =>
    anyOf(comparisons.map((comparison) => rangeCondition(comparison, { low: column, high: column }, 'timestamptz')));
  const { resourceKey, version, deleted } = resource;
  return {
    from: sql`${changeLog} JOIN ${resource} ON ${resourceKey} = ${changeLog.resourceKey} AND ${version} = ${changeLog.version} AND NOT ${deleted}`,
    resourceKey: changeLog.resourceKey,
    where: sql`${changeLog.resourceType} = ${typeNumber}::smallint AND ${lastUpdated(sql`${changeLog.lastUpdated}`)}`,
    check: { from: resource, resourceKey, where: lastUpdated(sql`${resource.lastUpdated}`) },
    lastUpdated,
    breadth: breadths.openRange,
  };
}

/** All resources of a type. */
export function typePosting(hash: Hash, type: string): Posting {
  const lists = { column: tokenIndex.tokenKey, type: 'bigint', keys: [typeKey(hash, type)] } as const;
  return { from: tokenIndex, resourceKey: tokenIndex.resourceKey, lists, breadth: breadths.type };
}

export function postingOf(match: Match, context: PostingContext): Posting {
  switch (match.kind) {
    case 'id':
      return idPosting(match, context);
    case 'lastUpdated':
      return lastUpdatedPosting(match, context);
    case 'token':
      return tokenPosting(match, context);
    case 'reference':
      return referencePosting(match, context);
    case 'date':
      return datePosting(match, context);
    case 'number':
      return numberPosting(match, context);
    case 'string':
      return stringPosting(match, context);
    default:
      return uriPosting(match, context);
  }
}
