/** Page cursors: where the next page begins, sealed, so that nobody can read, change or make one, or use it with another search. https://hl7.org/fhir/R4/http.html#paging */
import { createCipheriv, createDecipheriv, createHash, createHmac, hkdfSync } from 'node:crypto';
import { invalid } from '../fhir/fhir-error.ts';
import type { SearchRow } from '../search-ports.ts';
import { resultParameters } from './result-parameters.ts';
import type { SearchQuery } from './search-query.ts';

/** A row of a page: its values in the order of the search, null where it has none, and its resource key. */
export interface Position {
  readonly values: readonly (string | null)[];
  readonly resourceKey: string;
}

/** Where a page begins: behind a row, or, going back, before it. */
export interface Start extends Position {
  readonly isBackward: boolean;
}

/** What a cursor belongs to: types, criteria, order and what is returned of contained matches. Page size and includes may change from page to page. */
export type CursorScope = Pick<SearchQuery, 'types' | 'applied' | 'sort' | 'contained' | 'containedType'>;

const algorithm = 'aes-256-gcm';
const nonceBytes = 12;
const tagBytes = 16;
/** A sealed position is shorter than this: strings are kept to 1,600 bytes. */
const longestCursor = 12_288;

function keysOf(secret: string) {
  const bytes = Buffer.from(hkdfSync('sha256', secret, '', 'vesta page cursor', 64));
  return { encryption: bytes.subarray(0, 32), nonce: bytes.subarray(32) };
}

function digestOf({ types, applied, sort, contained, containedType }: CursorScope): Buffer {
  const criteria = applied.filter(([name]) => !resultParameters.has(name.split(':', 1)[0] ?? name));
  return createHash('sha256')
    .update(JSON.stringify([types, sort, criteria, ...(contained ? [contained, containedType] : [])]))
    .digest();
}

/** Text that is safe in URLs. The same start of the same search gives the same text: the nonce is made from all that is sealed, so none comes twice with different content. */
export function sealCursor({ isBackward, resourceKey, values }: Start, scope: CursorScope, secret: string): string {
  const keys = keysOf(secret);
  const digest = digestOf(scope);
  const content = JSON.stringify([isBackward, resourceKey, ...values]);
  const nonce = createHmac('sha256', keys.nonce).update(digest).update(content).digest().subarray(0, nonceBytes);
  const cipher = createCipheriv(algorithm, keys.encryption, nonce).setAAD(digest);
  const sealed = Buffer.concat([cipher.update(content, 'utf8'), cipher.final()]);
  return Buffer.concat([nonce, cipher.getAuthTag(), sealed]).toString('base64url');
}

/** Throws a FhirError 400 unless `sealCursor` made the text for the same search and secret. */
export function openCursor(text: string, scope: CursorScope, secret: string): Start {
  try {
    const bytes = Buffer.from(text.slice(0, longestCursor), 'base64url');
    const decipher = createDecipheriv(algorithm, keysOf(secret).encryption, bytes.subarray(0, nonceBytes), {
      authTagLength: tagBytes,
    });
    decipher.setAAD(digestOf(scope)).setAuthTag(bytes.subarray(nonceBytes, nonceBytes + tagBytes));
    const sealed = bytes.subarray(nonceBytes + tagBytes);
    const content = Buffer.concat([decipher.update(sealed), decipher.final()]).toString('utf8');
    const [isBackward, resourceKey, ...values] = JSON.parse(content) as [boolean, string, ...(string | null)[]];
    return { isBackward, resourceKey, values };
  } catch {
    throw invalid('The cursor is none that this server made for this search', 'http._cursor');
  }
}

export interface Page {
  /** In the order of the search. */
  readonly matches: readonly SearchRow[];
  /** Sealed cursors of the pages after and before this one, where there are any. */
  readonly next?: string;
  readonly previous?: string;
}

const positionOf = ({ position, resourceKey }: SearchRow): Position => ({ values: position, resourceKey });

/** What is shown of the rows that were found, one more than a page if there were as many. */
export function pageOf(
  query: CursorScope & Pick<SearchQuery, 'count' | 'cursor'>,
  rows: readonly SearchRow[],
  secret: string,
): Page {
  const { count, cursor } = query;
  const start = cursor === undefined ? undefined : openCursor(cursor, query, secret);
  const isBackward = start?.isBackward === true;
  const hasMore = rows.length > count;
  const shown = rows.slice(0, count);
  const matches = isBackward ? shown.toReversed() : shown;
  const [first, last] = [matches[0], matches.at(-1)];
  const seal = (row: SearchRow, backward: boolean) =>
    sealCursor({ ...positionOf(row), isBackward: backward }, query, secret);
  const hasNext = isBackward || hasMore;
  const hasPrevious = isBackward ? hasMore : start !== undefined;
  return {
    matches,
    ...(hasNext && last && { next: seal(last, false) }),
    ...(hasPrevious && first && { previous: seal(first, true) }),
  };
}
