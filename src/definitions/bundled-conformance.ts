/** The conformance resources that R4 itself defines, from the packs in `schemas/r4/`. https://hl7.org/fhir/R4/conformance-module.html */
import { join } from 'node:path';
import {
  type Conformance,
  type ConformanceResources,
  type ConformanceType,
  splitCanonical,
} from '../fhir/conformance.ts';
import { createPack, type Pack } from './pack.ts';

const files: Readonly<Record<ConformanceType, string>> = {
  StructureDefinition: 'structure-definitions.ndjson',
  ValueSet: 'value-sets.ndjson',
  CodeSystem: 'code-systems.ndjson',
  ConceptMap: 'concept-maps.ndjson',
};

/** R4 was published as 4.0.0 and 4.0.1, and is called 4.0; all mean the same definitions. */
const r4Versions: ReadonlySet<string | undefined> = new Set(['4.0', '4.0.0', '4.0.1']);

const isSameVersion = (wanted: string | undefined, version: string | undefined): boolean =>
  wanted === undefined || wanted === version || (r4Versions.has(wanted) && r4Versions.has(version));

/** Finds what is bundled; a canonical with another version than the bundled one is not. Each pack is read when something of its type is first asked for. */
export function createBundledConformance(directory: string): Conformance {
  const packs = new Map<ConformanceType, Pack>(
    Object.entries(files).map(([type, file]) => [type as ConformanceType, createPack(join(directory, file))]),
  );
  return {
    find<Type extends ConformanceType>(type: Type, canonical: string) {
      const { url, version } = splitCanonical(canonical);
      const resource = packs.get(type)?.find(url) as ConformanceResources[Type] | undefined;
      return resource && isSameVersion(version, resource.version) ? resource : undefined;
    },
  };
}
