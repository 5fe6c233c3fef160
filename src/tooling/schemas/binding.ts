/** Which value set an element takes its codes from, where a list of codes in the schema cannot say it. https://hl7.org/fhir/R4/terminologies.html#strength */
import type { ElementDefinition } from 'fhir/r4.js';

const bindable = new Set(['code', 'Coding', 'CodeableConcept', 'Quantity', 'Duration', 'string', 'uri']);

const maximumUrl = 'http://hl7.org/fhir/StructureDefinition/elementdefinition-maxValueSet';

/** The keyword `binding` for one of the types of an element; nothing for bindings that only give examples. */
export function bindingOf({ binding }: ElementDefinition, type: string): object {
  if (!binding?.valueSet || binding.strength === 'example' || !bindable.has(type)) return {};
  const { strength, valueSet, extension = [] } = binding;
  const maximum = extension.find(({ url }) => url === maximumUrl)?.valueCanonical;
  return { binding: { strength, valueSet, ...(maximum !== undefined && { maximum }) } };
}
