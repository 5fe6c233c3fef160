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

const anyResource: ReadonlySet<string> = new Set(['Resource', 'DomainResource']);
const anyElement: ReadonlySet<string> = new Set(['Element', 'BackboneElement']);

/** True when an element that may be of type `allowed` may be of `type`: of that very type, unless it is abstract. A `code` is no `string` there. */
export function isOfType(type: string, allowed: string, elements: ElementModel): boolean {
  if (type === allowed || anyElement.has(allowed)) return true;
  return anyResource.has(allowed) && isKindOf(type, allowed, elements);
}

/** True when every value of `type` is also one of `ancestor`: `code` is a `string`, `Patient` is a `DomainResource`. */
export function isKindOf(type: string, ancestor: string, elements: ElementModel): boolean {
  if (type === ancestor || parents[type] === ancestor) return true;
  if (ancestor !== 'Resource' && ancestor !== 'DomainResource') return false;
  const definition = elements.type(type);
  return definition?.kind === 'resource' && (ancestor === 'Resource' || definition.elements['contained'] !== undefined);
}
