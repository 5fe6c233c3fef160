/** `is`, `as` and `ofType`. https://hl7.org/fhirpath/N1/#types */
import type { ElementModel } from '../../fhir/element-model.ts';
import { isKindOf } from '../type-hierarchy.ts';
import { type Node, Unevaluable } from './node.ts';

/** `System.Boolean`, `Boolean` and `FHIR.boolean` are written alike here: FHIR's primitives stand for the System types that they convert to. */
const systemTypes: ReadonlySet<string> = new Set([
  'Boolean',
  'String',
  'Integer',
  'Decimal',
  'Date',
  'DateTime',
  'Time',
]);

function typeCode(name: string): string {
  const bare = name.replace(/^(?:FHIR|System)\./, '');
  return systemTypes.has(bare) ? bare.charAt(0).toLowerCase() + bare.slice(1) : bare;
}

/** A function that tells whether a node is of the type, or a kind of it. */
export function typeTest(name: string | undefined, elements: ElementModel): (node: Node) => boolean {
  if (name === undefined) throw new Unevaluable();
  const wanted = typeCode(name);
  return ({ type }) => isKindOf(type, wanted, elements);
}
