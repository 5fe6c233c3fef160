/** Conformance resources by canonical URL, as the rooms that compute see them. https://hl7.org/fhir/R4/references.html#canonical */
import type { CodeSystem, ConceptMap, StructureDefinition, ValueSet } from 'fhir/r4.js';

export interface ConformanceResources {
  readonly StructureDefinition: StructureDefinition;
  readonly ValueSet: ValueSet;
  readonly CodeSystem: CodeSystem;
  readonly ConceptMap: ConceptMap;
}

export type ConformanceType = keyof ConformanceResources;

const types: ReadonlySet<string> = new Set<ConformanceType>([
  'StructureDefinition',
  'ValueSet',
  'CodeSystem',
  'ConceptMap',
]);

export const isConformanceType = (type: string): type is ConformanceType => types.has(type);

/**
 * What is known here and now, without waiting. `canonical` is a URL, with `|version` or without; without a version the newest is meant.
 * The same object comes back for the same canonical until the resource changes, so that what is made of it can be kept in a WeakMap.
 * An implementation notes what it was asked for and did not know; whoever called may have that loaded and compute again.
 */
export interface Conformance {
  find<Type extends ConformanceType>(type: Type, canonical: string): ConformanceResources[Type] | undefined;
  /** Another number once anything may be found that was not, or not the same, before. Absent where that never happens. */
  readonly generation?: number;
}

/** The URL and the version of a canonical; a fragment (`#id` of something contained) is no part of either. */
export function splitCanonical(canonical: string): { readonly url: string; readonly version?: string } {
  const hash = canonical.indexOf('#');
  const whole = hash < 0 ? canonical : canonical.slice(0, hash);
  const bar = whole.indexOf('|');
  return bar < 0 ? { url: whole } : { url: whole.slice(0, bar), version: whole.slice(bar + 1) };
}
