/** The conformance resources of packages on disk, for validation without a server. https://confluence.hl7.org/display/FHIR/NPM+Package+Specification */
import { readFileSync } from 'node:fs';
import { isConformanceType } from '../../fhir/conformance.ts';
import { wellFormed } from '../guides/well-formed.ts';
import { readResources } from '../../guides/read-package.ts';

/** Reads `.tgz` packages, and complains of malformed definitions. Throws a PackageFault for what is none. */
export async function readGuides(
  paths: readonly string[],
  complain: (sentence: string) => void,
): Promise<readonly object[]> {
  const found: object[] = [];
  for (const path of paths) {
    for await (const { type, text } of wellFormed(readResources(readFileSync(path)), complain)) {
      if (isConformanceType(type)) found.push(JSON.parse(text) as object);
    }
  }
  return found;
}
