/** Page cursors: where the next page begins, sealed, so that nobody can read, change or make one, or use it with another search. https://hl7.org/fhir/R4/http.html#paging */
import { createCipheriv, createDecipheriv, createHash, createHmac, hkdfSync } from 'node:crypto';
import { invalid } from '../fhir/fhir-error.ts';
import type { SearchRow } from '../ports.ts';
import { resultParameters } from './result-parameters.ts';
import type { SearchQuery } from './search-query.ts';

/** The last row of a page: its place in the order of the search, and its resource key where others share that place. */
export type Position = Pick<SearchRow, 'position' | 'resourceKey'>;

/** What a cursor belongs to: type, criteria and order. Page size and includes may change from page to page. */
export type CursorScope = Pick<SearchQuery, 'type' | 'applied' | 'sort'>;

const algorithm = 'aes-256-gcm';
const nonceBytes = 12;
const tagBytes = 16;
/** A sealed position is shorter than this. */
const longestCursor = 256;

function keysOf(secret: string) {
  const bytes = Buffer.from(hkdfSync('sha256', secret, '', 'vesta page cursor', 64));
  return { encryption: bytes.subarray(0, 32), nonce: bytes.subarray(32) };
}

function digestOf({ type, applied, sort }: CursorScope): Buffer {
  const criteria = applied.filter(([name]) => !resultParameters.has(name.split(':', 1)[0] ?? name));
  return createHash('sha256')
    .update(JSON.stringify([type, sort, criteria]))
    .digest();
}

/** Text of some 100 characters that are safe in URLs. The same position of the same search gives the same text: the nonce is made from all that is sealed, so none comes twice with different content. */
export function sealCursor({ position, resourceKey }: Position, scope: CursorScope, secret: string): string {
  const keys = keysOf(secret);
  const digest = digestOf(scope);
  const content = `${resourceKey} ${position}`;
  const nonce = createHmac('sha256', keys.nonce).update(digest).update(content).digest().subarray(0, nonceBytes);
  const cipher = createCipheriv(algorithm, keys.encryption, nonce).setAAD(digest);
  const sealed = Buffer.concat([cipher.update(content, 'utf8'), cipher.final()]);
  return Buffer.concat([nonce, cipher.getAuthTag(), sealed]).toString('base64url');
}

/** Throws a FhirError 400 unless `sealCursor` made the text for the same search and secret. */
export function openCursor(text: string, scope: CursorScope, secret: string): Position {
  try {
    const bytes = Buffer.from(text.slice(0, longestCursor), 'base64url');
    const decipher = createDecipheriv(algorithm, keysOf(secret).encryption, bytes.subarray(0, nonceBytes), {
      authTagLength: tagBytes,
    });
    decipher.setAAD(digestOf(scope)).setAuthTag(bytes.subarray(nonceBytes, nonceBytes + tagBytes));
    const sealed = bytes.subarray(nonceBytes + tagBytes);
    const content = Buffer.concat([decipher.update(sealed), decipher.final()]).toString('utf8');
    const space = content.indexOf(' ');
    return { resourceKey: content.slice(0, space), position: content.slice(space + 1) };
  } catch {
    throw invalid('The cursor is none that this server made for this search', 'http._cursor');
  }
}

/** The cursor of the page after these rows, the first of which are `count` matches; undefined when this is the last page. */
export function nextCursor(
  query: CursorScope & Pick<SearchQuery, 'count'>,
  rows: readonly Position[],
  secret: string,
): string | undefined {
  const last = rows[query.count - 1];
  return last && rows.length > query.count ? sealCursor(last, query, secret) : undefined;
}
