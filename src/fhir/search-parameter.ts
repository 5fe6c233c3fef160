/** The search parameter registry's vocabulary: `schemas/r4/search-parameters.json` as the rooms see it. https://hl7.org/fhir/R4/searchparameter.html */
export type SearchParameterType =
  | 'number'
  | 'date'
  | 'string'
  | 'token'
  | 'reference'
  | 'composite'
  | 'quantity'
  | 'uri'
  | 'special';

export interface SearchParameter {
  readonly url: string;
  readonly code: string;
  readonly type: SearchParameterType;
  /** Resource types it applies to; `Resource` and `DomainResource` mean all (of that kind). */
  readonly base: readonly string[];
  /** FHIRPath; absent for special parameters. */
  readonly expression?: string;
  /** For references: the types it may point to. */
  readonly target?: readonly string[];
  /** For composites: canonical URL and relative expression of each part. */
  readonly component?: readonly { readonly definition: string; readonly expression: string }[];
}
