/** Whose data a resource is: the Patients in whose compartment it stands. https://hl7.org/fhir/R4/compartmentdefinition-patient.html */
import type { Definitions } from '../fhir/definitions.ts';
import type { Resource } from '../fhir/resource.ts';
import { localReference } from './local-reference.ts';
import { createSearchParameters, type SearchParameters } from './parameters.ts';
import { createSearchPaths } from './search-paths.ts';

export interface PatientsOfOptions {
  /** Of this server, without a slash at the end. */
  readonly baseUrl?: string;
  readonly parameters?: SearchParameters;
}

/** Logical ids, each once. */
export type PatientsOf = (resource: Resource) => readonly string[];

/** A Patient is in its own compartment and, by `link`, in those of the Patients it names. References to other servers and by identifier count for nothing. */
export function createPatientsOf(
  definitions: Definitions,
  { baseUrl, parameters = createSearchParameters(definitions) }: PatientsOfOptions = {},
): PatientsOf {
  const paths = createSearchPaths(definitions, parameters);
  const codesByType = new Map(Object.entries(definitions.compartments['Patient'] ?? {}));
  return (resource) => {
    const { resourceType, id } = resource;
    const patients = new Set<string>();
    if (resourceType === 'Patient' && id !== undefined) patients.add(id);
    for (const code of codesByType.get(resourceType) ?? []) {
      paths(resourceType, code)?.evaluate(resource, (value) => {
        const identity = localReference(value, baseUrl);
        if (identity?.type === 'Patient') patients.add(identity.id);
      });
    }
    return [...patients];
  };
}
