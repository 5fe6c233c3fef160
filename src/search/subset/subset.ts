/** What is left of a resource when a search asks for parts of it. https://hl7.org/fhir/R4/search.html#elements */
export type Subset =
  | { readonly kind: 'elements'; readonly elements: readonly string[] }
  | { readonly kind: 'summary'; readonly mode: 'true' | 'text' | 'data' };
