/** A context that also knows a value set or code system that was sent, or is stored without a url. https://hl7.org/fhir/R4/terminology-service.html */
import type { CodeSystem, ValueSet } from 'fhir/r4.js';
import type { Conformance, ConformanceResources, ConformanceType } from '../fhir/conformance.ts';
import type { Context } from '../interactions/interaction.ts';
import { createTerminology } from '../terminology/terminology.ts';

/** What a resource without a url of its own is called while one request lasts. */
const nameless = 'urn:vesta:given';

export interface GivenResource {
  readonly context: Context;
  readonly conformance: Conformance;
  readonly canonical: string;
}

/** Looks the resource up first, under its own url; everything else where it always is. */
export function withResource(resource: ValueSet | CodeSystem, context: Context): GivenResource {
  const canonical = resource.url ?? nameless;
  const { library } = context;
  const conformance: Conformance = {
    find: <Type extends ConformanceType>(type: Type, wanted: string): ConformanceResources[Type] | undefined => {
      const isIt = type === resource.resourceType && wanted === canonical;
      return isIt ? (resource as ConformanceResources[Type]) : library.conformance.find(type, wanted);
    },
  };
  if (library.conformance.find(resource.resourceType, canonical) === resource)
    return { context, conformance, canonical };
  return { context: { ...context, terminology: createTerminology(conformance) }, conformance, canonical };
}
