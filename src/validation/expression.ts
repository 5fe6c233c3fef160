/** Where an issue is, as FHIRPath: `Observation.value.code`, whatever JSON calls the property (`valueQuantity`, `_status`). https://hl7.org/fhir/R4/operationoutcome-definitions.html#OperationOutcome.issue.expression */
import type { ElementModel } from '../fhir/element-model.ts';

/** A place in a resource: its FHIRPath and the FHIR type of what is there. */
export interface Place {
  readonly expression: string;
  readonly type: string;
}

/** Names are shown only when they look like an element's: anything else might be data in the wrong place. */
const elementName = /^_?[A-Za-z][A-Za-z0-9]{0,63}$/;

/** One step down, by a JSON property of the type or an index. */
function step(elements: ElementModel, { expression, type }: Place, segment: string): Place {
  if (/^[0-9]+$/.test(segment)) return { expression: `${expression}[${segment}]`, type };
  const bare = segment.startsWith('_') ? segment.slice(1) : segment;
  const property = elements.property(type, segment) ?? elements.property(type, bare);
  return property
    ? { expression: `${expression}.${property.element}`, type: property.type }
    : { expression: below(expression, segment), type: '' };
}

/** The FHIRPath of a property as it is called, known or not; just `expression` when the name is no name at all. */
export function below(expression: string, name: string): string {
  return elementName.test(name) ? `${expression}.${name}` : expression;
}

/** Follows a JSON pointer (`/name/0/_given/1`) from `start`. */
export function follow(elements: ElementModel, start: Place, pointer: string): Place {
  const segments = pointer === '' ? [] : pointer.slice(1).split('/');
  return segments.reduce((place, segment) => step(elements, place, segment), start);
}
