/** An index that can be read: what a search type gives to the sink, with keys that say what they stand for. */
import type { Hash } from '../../src/ports.ts';
import type { IndexContext, IndexSink, SearchType } from '../../src/search/search-type.ts';

/** Parts of a key, joined by spaces. */
export const readableHash: Hash = (text) => text.replaceAll('\u0000', ' ');

export function indexContext(elementType: string): IndexContext {
  return {
    resourceType: 'Type',
    code: 'code',
    key: 'KEY',
    hash: readableHash,
    elementType,
    baseUrl: 'http://here.example/fhir',
    canonicalUnit: () => undefined,
  };
}

/** The rows of one value in the order they came. */
export function rowsOf(searchType: SearchType, value: unknown, elementType: string): unknown[] {
  const rows: unknown[] = [];
  const sink: IndexSink = {
    token: (key) => rows.push(key),
    code: () => undefined,
    reference: (target, parameter) => rows.push([target, parameter]),
    fragment: (id, parameter) => rows.push([`#${id}`, parameter]),
    date: (parameter, low, high) => rows.push([parameter, low, high]),
    number: (parameter, low, high) => rows.push([parameter, low, high]),
    string: (parameter, text) => rows.push([parameter, text]),
    uri: (parameter, text) => rows.push([parameter, text]),
  };
  searchType.index(value, indexContext(elementType), sink);
  return rows;
}
