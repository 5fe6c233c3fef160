/** A StructureDefinition's flat list of elements read as a tree. https://hl7.org/fhir/R4/structuredefinition.html */
import type { ElementDefinition, StructureDefinition } from 'fhir/r4.js';

const systemTypes = 'http://hl7.org/fhirpath/System.';
const fhirTypeUrl = 'http://hl7.org/fhir/StructureDefinition/structuredefinition-fhir-type';
const hierarchyUrl = 'http://hl7.org/fhir/StructureDefinition/structuredefinition-hierarchy';

/** The elements directly below `path`, without those that a type forbids. */
export function childrenOf(definition: StructureDefinition, path: string): readonly ElementDefinition[] {
  const prefix = `${path}.`;
  const elements = definition.snapshot?.element ?? [];
  return elements.filter(
    (element) => element.path.startsWith(prefix) && !element.path.includes('.', prefix.length) && element.max !== '0',
  );
}

/** `value` of `Observation.value[x]`. */
export const nameOf = ({ path }: ElementDefinition): string =>
  path.slice(path.lastIndexOf('.') + 1).replace(/\[x\]$/, '');

export const isChoice = ({ path }: ElementDefinition): boolean => path.endsWith('[x]');

export const isMany = ({ max }: ElementDefinition): boolean => max !== '1';

export const isRequired = ({ min = 0 }: ElementDefinition): boolean => min > 0;

/** True when the parts of this element are defined in place rather than by a data type. */
export function isBackbone(definition: StructureDefinition, { path, type }: ElementDefinition): boolean {
  const code = type?.[0]?.code;
  return (code === 'BackboneElement' || code === 'Element') && childrenOf(definition, path).length > 0;
}

/** `Bundle.link` of the contentReference `#Bundle.link`. */
export const contentReferenceOf = ({ contentReference }: ElementDefinition): string | undefined =>
  contentReference?.slice(contentReference.indexOf('#') + 1);

/** FHIR type codes, where the definitions name FHIRPath's system types for the parts that XML writes as attributes. */
export function typeCodesOf({ base, type = [] }: ElementDefinition): readonly string[] {
  return type.map(({ code, extension }) => {
    if (!code.startsWith(systemTypes)) return code;
    // R4 by mistake says `string` here; the element is defined as id.
    if (base?.path === 'Resource.id') return 'id';
    return extension?.find(({ url }) => url === fhirTypeUrl)?.valueUrl ?? 'string';
  });
}

/** The resource types a Reference or canonical may point to; undefined when any will do. */
export function targetsOf({ type = [] }: ElementDefinition): readonly string[] | undefined {
  const profiles = type.flatMap(({ targetProfile = [] }) => targetProfile);
  const targets = [...new Set(profiles.map((url) => url.slice(url.lastIndexOf('/') + 1)))];
  return targets.length === 0 || targets.includes('Resource') ? undefined : targets;
}

/** True when references from a type to itself may not lead back to where they began. https://hl7.org/fhir/R4/references.html#circular */
export const isHierarchy = ({ type = [] }: ElementDefinition): boolean =>
  type.some(({ extension = [] }) => extension.some(({ url, valueBoolean }) => url === hierarchyUrl && valueBoolean));
