/** What HL7 says of every element, from the snapshots of its own StructureDefinitions; nothing here is read from our schemas. https://hl7.org/fhir/R4/elementdefinition.html */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type { ElementDefinition, StructureDefinition } from 'fhir/r4.js';

const directory = path.resolve('node_modules/hl7.fhir.r4.examples');
const files = readdirSync(directory).filter((name) => name.startsWith('StructureDefinition-'));
const all = files.map((name) => JSON.parse(readFileSync(path.join(directory, name), 'utf8')) as StructureDefinition);

/** Of types, not of profiles of them. */
export const officialTypes: readonly StructureDefinition[] = all.filter(
  ({ kind, derivation }) => kind !== 'logical' && derivation !== 'constraint',
);

/** The one profile that R4 gives elements of its own types. */
export const simpleQuantity = all.find(({ id }) => id === 'SimpleQuantity') as StructureDefinition;

/** By path, such as `Patient.contact` or `HumanName.family`. */
const elements: ReadonlyMap<string, ElementDefinition> = new Map(
  officialTypes.flatMap(({ snapshot }) => (snapshot?.element ?? []).map((element) => [element.path, element] as const)),
);

/** The `id` of an element, which R4 gives no type of FHIR: any text without spaces, and without extensions. */
const elementId = 'elementId';

export const primitives: ReadonlySet<string> = new Set([
  elementId,
  ...officialTypes.filter(({ kind }) => kind === 'primitive-type').map(({ type }) => type),
]);

/** Concrete ones. */
export const resourceTypes: readonly string[] = officialTypes
  .filter(({ kind, abstract }) => kind === 'resource' && !abstract)
  .map(({ type }) => type);
const isResourceType: ReadonlySet<string> = new Set(resourceTypes);

/** A JSON property of a type. */
export interface Property {
  readonly element: ElementDefinition;
  /** `value` of `valueQuantity`. */
  readonly name: string;
  /** FHIR type; the path of a backbone element. */
  readonly type: string;
}

export const capitalise = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

/** What is written as plain JSON, without extensions: ids, the url of an extension. R4 gives these the types of FHIRPath. */
export const isPlain = ({ element, type }: Property): boolean =>
  type === 'xhtml' || element.type?.[0]?.code.startsWith('http://hl7.org/fhirpath/') === true;

function typeCode({ path: at }: ElementDefinition, code: string): string {
  if (!code.startsWith('http://hl7.org/fhirpath/')) return code;
  if (at === 'Extension.url') return 'uri';
  return isResourceType.has(at.slice(0, -'.id'.length)) ? 'id' : elementId;
}

function typeOf(element: ElementDefinition): string {
  if (element.contentReference) return element.contentReference.slice(1);
  const code = typeCode(element, element.type?.[0]?.code ?? '');
  return code === 'BackboneElement' || (code === 'Element' && elements.has(`${element.path}.id`)) ? element.path : code;
}

/** What a JSON property of a type is; undefined when HL7 knows no such property. */
export function propertyOf(type: string, name: string): Property | undefined {
  const plain = elements.get(`${type}.${name}`);
  if (plain) return { element: plain, name, type: typeOf(plain) };
  for (let length = name.length - 1; length > 0; length -= 1) {
    const choice = elements.get(`${type}.${name.slice(0, length)}[x]`);
    const code = choice?.type?.find((one) => capitalise(one.code) === name.slice(length))?.code;
    if (choice && code !== undefined) return { element: choice, name: name.slice(0, length), type: code };
  }
  return undefined;
}
