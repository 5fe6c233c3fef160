/** Which of several resources a canonical means. https://hl7.org/fhir/R4/references.html#canonical */
import { compareVersions } from '../fhir/compare-versions.ts';

interface Versioned {
  readonly version?: string | undefined;
}

/** What R4 defines under its own URLs stays R4's, whatever later versions of it are stored here. */
const r4Url = 'http://hl7.org/fhir/';

/** Whether what is bundled is meant without a look at what is stored: its very version is named, or R4's is meant. */
export const isBundledChoice = (url: string, version: string | undefined): boolean =>
  version !== undefined || url.startsWith(r4Url);

/**
 * The resource that has the version, or without one the newest; undefined when no version matches.
 * `bundled` is already of that version. Of equal versions the bundled one is meant, then the last of `stored`.
 */
export function choose<Resource extends Versioned>(
  bundled: Resource | undefined,
  stored: readonly Resource[],
  version: string | undefined,
): Resource | undefined {
  if (version !== undefined) return bundled ?? stored.findLast((one) => one.version === version);
  let newest: Resource | undefined;
  for (const one of stored) if (!newest || compareVersions(one.version, newest.version) >= 0) newest = one;
  if (!newest || (bundled && compareVersions(bundled.version, newest.version) >= 0)) return bundled;
  return newest;
}
