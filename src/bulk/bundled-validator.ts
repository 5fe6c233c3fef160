/** A validator that needs no database: what is bundled, and the conformance resources it is given. https://hl7.org/fhir/R4/validation.html */
import { createBundledConformance } from '../definitions/bundled-conformance.ts';
import { loadDefinitions } from '../definitions/load-definitions.ts';
import { type Conformance, type ConformanceResources, splitCanonical } from '../fhir/conformance.ts';
import { createTerminology } from '../terminology/terminology.ts';
import { createValidator, type Validate } from '../validation/validate.ts';

/** The given resources first, by URL and, when it is asked for, version; then the bundled ones. */
function withGiven(bundled: Conformance, given: readonly object[]): Conformance {
  if (given.length === 0) return bundled;
  const known = new Map<string, object>();
  for (const resource of given as readonly { resourceType?: string; url?: string; version?: string }[]) {
    const { resourceType, url, version } = resource;
    known.set(`${resourceType} ${url}`, resource);
    known.set(`${resourceType} ${url}|${version}`, resource);
  }
  return {
    find<Type extends keyof ConformanceResources>(type: Type, canonical: string) {
      const { url, version } = splitCanonical(canonical);
      const name = version === undefined ? url : `${url}|${version}`;
      const found = known.get(`${type} ${name}`) as ConformanceResources[Type] | undefined;
      return found ?? bundled.find(type, canonical);
    },
  };
}

/** `schemas` is the folder `schemas/r4`; `conformance` holds StructureDefinitions, ValueSets and CodeSystems. Profiles that a resource claims and nobody knows are warnings. */
export function createBundledValidator(schemas: string, conformance: readonly object[] = []): Validate {
  const definitions = loadDefinitions(schemas);
  const known = withGiven(createBundledConformance(schemas), conformance);
  const terminology = createTerminology(known);
  const policy = { unknown: 'warning', required: new Map() } as const;
  return createValidator({ definitions, conformance: known, terminology, policy });
}
