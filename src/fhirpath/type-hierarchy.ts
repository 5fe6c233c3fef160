/** Which types are kinds of others. https://hl7.org/fhir/R4/datatypes.html */
import type { ElementModel } from '../fhir/element-model.ts';

/** Specialised data types and what they specialise. */
const parents: Readonly<Record<string, string>> = {
  code: 'string',
  id: 'string',
  markdown: 'string',
  canonical: 'uri',
  oid: 'uri',
  url: 'uri',
  uuid: 'uri',
  positiveInt: 'integer',
  unsignedInt: 'integer',
  Age: 'Quantity',
  Count: 'Quantity',
  Distance: 'Quantity',
  Duration: 'Quantity',
  MoneyQuantity: 'Quantity',
  SimpleQuantity: 'Quantity',
};

/** True when every value of `type` is also one of `ancestor`: `code` is a `string`, `Patient` is a `DomainResource`. */
export function isKindOf(type: string, ancestor: string, elements: ElementModel): boolean {
  if (type === ancestor || parents[type] === ancestor) return true;
  if (ancestor !== 'Resource' && ancestor !== 'DomainResource') return false;
  const definition = elements.type(type);
  return definition?.kind === 'resource' && (ancestor === 'Resource' || definition.elements['contained'] !== undefined);
}
