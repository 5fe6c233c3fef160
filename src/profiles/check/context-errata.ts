/** Places where R4's own definitions use extensions of R4 against the contexts that R4 gives them. What HL7 itself publishes must be storable. https://hl7.org/fhir/R4/extensibility-registry.html */

const base = 'http://hl7.org/fhir/StructureDefinition/';

/** Further contexts by the URL of the extension. */
export const contextErrata: ReadonlyMap<string, readonly string[]> = new Map([
  [`${base}structuredefinition-fhir-type`, ['ElementDefinition.type']],
  [
    `${base}structuredefinition-normative-version`,
    ['CodeSystem', 'ValueSet', 'OperationDefinition', 'ElementDefinition', 'ConceptMap', 'SearchParameter'],
  ],
  [`${base}regex`, ['ElementDefinition.type']],
  [`${base}translation`, ['ValueSet.expansion.contains']],
  [`${base}valueset-concept-comments`, ['CodeSystem.concept']],
]);
