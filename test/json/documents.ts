/** Documents for the tests of this room. */
import type { ResourceDocument } from '../../src/json/document.ts';
import { readDocument } from '../../src/json/read-document.ts';

/** The document of a text that is known to be good. */
export function documentOf(text: string): ResourceDocument {
  const document = readDocument(text);
  if (!('outline' in document)) throw new Error(JSON.stringify(document));
  return document;
}
