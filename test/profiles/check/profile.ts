/** Small profiles for the tests of this room, and what is wrong with a resource by them. */
import type { Resource } from '../../../src/fhir/resource.ts';
import { bundledValidator } from '../../support/validator.ts';

type Json = Readonly<Record<string, unknown>>;

const kinds: Readonly<Record<string, string>> = { Extension: 'complex-type', HumanName: 'complex-type' };

export const profileUrl = (name: string): string => `http://a.example/${name}`;

/** An element of a differential by its id: path and slice name follow from it. */
export function element(id: string, facts: Json = {}): Json {
  const last = id.slice(id.lastIndexOf('.') + 1);
  const colon = last.indexOf(':');
  const path = id.replaceAll(/:[^.]+/g, '');
  return { id, path, ...(colon > 0 && { sliceName: last.slice(colon + 1) }), ...facts };
}

/** A profile of a type, as a differential. */
export const profile = (name: string, type: string, elements: readonly Json[], more: Json = {}): Json => ({
  resourceType: 'StructureDefinition',
  url: profileUrl(name),
  name,
  status: 'active',
  kind: kinds[type] ?? 'resource',
  abstract: false,
  type,
  baseDefinition: `http://hl7.org/fhir/StructureDefinition/${type}`,
  derivation: 'constraint',
  differential: { element: elements[0]?.['id'] === type ? elements : [element(type), ...elements] },
  ...more,
});

/** A function that names the elements of a resource with which the first of the definitions finds fault. */
export function faultsBy(definitions: readonly Json[]): (resource: Resource) => readonly string[] {
  const validate = bundledValidator(definitions);
  const profiles = [String(definitions[0]?.['url'])];
  return (resource) => validate(resource, { profiles }).flatMap(({ expression = [] }) => expression);
}
