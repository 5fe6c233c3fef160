/** The Parameters that terminology operations answer with. https://hl7.org/fhir/R4/parameters.html */
import type { Parameters, ParametersParameter } from 'fhir/r4.js';

/** Parameters of those that are there. */
export function parameters(...parameter: readonly (ParametersParameter | undefined)[]): Parameters {
  return { resourceType: 'Parameters', parameter: parameter.filter((one) => one !== undefined) };
}

export const textParameter = (name: string, value: string | undefined): ParametersParameter | undefined =>
  value === undefined ? undefined : { name, valueString: value };
