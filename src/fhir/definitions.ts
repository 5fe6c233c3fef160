/** What R4 defines, as the rooms see it; `definitions/` reads it from `schemas/r4/`. https://hl7.org/fhir/R4/conformance-module.html */
import type { ElementModel } from './element-model.ts';
import type { SearchParameter } from './search-parameter.ts';

/** For each compartment (`Patient`): the resource types in it and the codes of the search parameters that put them there. `{def}` means the resource itself. https://hl7.org/fhir/R4/compartmentdefinition.html */
export type Compartments = Readonly<Record<string, Readonly<Record<string, readonly string[]>>>>;

export interface Definitions {
  /** Concrete resource types and their stable numbers, alphabetical. */
  readonly resourceTypes: ReadonlyMap<string, number>;
  readonly elements: ElementModel;
  readonly searchParameters: readonly SearchParameter[];
  readonly compartments: Compartments;
  /** The JSON Schema with this `$id` (`resources/Patient`, `types/HumanName`, `value-sets/administrative-gender`), or undefined. */
  schema(id: string): object | undefined;
}
