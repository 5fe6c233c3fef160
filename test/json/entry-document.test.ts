import { describe, expect, test } from '@jest/globals';
import { entryDocument } from '../../src/json/entry-document.ts';
import { documentOf } from './documents.ts';

const text = `{ "resourceType":"Bundle","entry":[
  {"fullUrl":"urn:uuid:1","resource": {"id" : "a", "resourceType":"Patient","meta":{"versionId":"1"},"x":1.00} },
  {"request":{"method":"DELETE","url":"Patient/1"}},
  {"resource":"no object"},
  {"resource":{"resourceType":"Bundle","entry":[{"resource":{"resourceType":"Group"}}]}}
]}`;

describe('entryDocument', () => {
  const bundle = documentOf(text);

  test('is what reading the text of the entry would give', () => {
    const entry = entryDocument(bundle, 0);
    expect(entry?.text).toBe('{"id" : "a", "resourceType":"Patient","meta":{"versionId":"1"},"x":1.00}');
    expect(entry).toEqual(documentOf(entry?.text ?? ''));
    expect(entry?.resource).toBe((bundle.resource['entry'] as { resource: unknown }[])[0]?.resource);
  });

  test.each([1, 2, 4, -1])('is undefined for entry %i, which has no resource', (index) => {
    expect(entryDocument(bundle, index)).toBeUndefined();
  });

  test('is undefined without entries', () => {
    expect(entryDocument(documentOf('{"resourceType":"Bundle"}'), 0)).toBeUndefined();
    expect(entryDocument(documentOf('{"resourceType":"Patient"}'), 0)).toBeUndefined();
  });

  test('takes a nested Bundle as one resource', () => {
    expect(entryDocument(bundle, 3)?.resource.resourceType).toBe('Bundle');
  });
});
