/** Version ids as HTTP entity tags. https://hl7.org/fhir/R4/http.html#versioning */
import { invalid } from './fhir-error.ts';

/** `W/"3"` for version 3. */
export function etag(version: number): string {
  return `W/"${version}"`;
}

const tagPattern = /^(?:W\/)?"(\d{1,9})"$/;
const opaquePattern = /^(?:W\/)?"[\u0021\u0023-\u007e]{0,64}"$/;

/** The version that an If-Match header names, 0 for one that no resource of this server can have; anything but one entity tag is refused (400). */
export function versionOfIfMatch(header: string): number {
  const text = header.trim();
  const match = tagPattern.exec(text);
  if (match) return Number(match[1]);
  if (opaquePattern.test(text)) return 0;
  throw invalid('If-Match must be one entity tag such as W/"1"', 'http.If-Match');
}

/** True when one of the entity tags of an If-None-Match header is this version, or it is `*`. */
export function matchesEtag(header: string, version: number): boolean {
  return header.split(',').some((tag) => {
    const text = tag.trim();
    return text === '*' || Number(tagPattern.exec(text)?.[1]) === version;
  });
}
