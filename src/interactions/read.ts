/** FHIR read and conditional read. https://hl7.org/fhir/R4/http.html#read */
import { matchesEtag } from '../fhir/etag.ts';
import { gone, notFound } from '../fhir/fhir-error.ts';
import type { StoredVersion } from '../ports.ts';
import { identityOf } from './identity.ts';
import type { Conditions, Interaction } from './interaction.ts';

/** HTTP dates have whole seconds. If-None-Match wins over If-Modified-Since (RFC 9110 §13.2.2). */
export function isNotModified({ ifNoneMatch, ifModifiedSince }: Conditions, version: StoredVersion): boolean {
  if (ifNoneMatch !== undefined) return matchesEtag(ifNoneMatch, version.version);
  if (ifModifiedSince === undefined) return false;
  const since = Date.parse(ifModifiedSince);
  return Math.floor(Date.parse(version.lastUpdated) / 1000) * 1000 <= since;
}

export const read: Interaction = async (input, { store }) => {
  const identity = identityOf(input);
  const version = await store.read(identity);
  if (!version) throw notFound(`There is no such ${identity.type}`);
  if (version.deleted || version.text === undefined) throw gone(`This ${identity.type} was deleted`);
  const { patients } = version;
  if (isNotModified(input.conditions, version)) return { status: 304, version, patients };
  return { status: 200, text: version.text, version, patients };
};
