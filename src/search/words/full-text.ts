/** Which of the two full-text parameters are indexed. https://hl7.org/fhir/R4/search.html#content */

/** `text`: the words of narratives. `content`: those of all else that is written in a resource as well. */
export type FullText = 'off' | 'text' | 'content';

export type FullTextCode = '_text' | '_content';

/** Raise it when the same text would give other words than before. */
const wordsVersion = '1';

const urls: Readonly<Record<FullTextCode, string>> = {
  _text: 'http://hl7.org/fhir/SearchParameter/DomainResource-text',
  _content: 'http://hl7.org/fhir/SearchParameter/Resource-content',
};

export const isFullTextCode = (code: string): code is FullTextCode => Object.hasOwn(urls, code);

export const isIndexed = (code: FullTextCode, level: FullText): boolean =>
  level === 'content' || (level === 'text' && code === '_text');

/** What is kept of the two, so that a change of the setting has every resource indexed anew. */
export const fullTextFingerprints = (level: FullText): readonly { url: string; fingerprint: string }[] =>
  (Object.keys(urls) as FullTextCode[]).map((code) => ({
    url: urls[code],
    fingerprint: isIndexed(code, level) ? wordsVersion : 'off',
  }));
