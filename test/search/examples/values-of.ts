/** What fhirpath.js finds in a resource: the oracle of searches by values. https://hl7.org/fhirpath/N1/ */
import { interpretPath } from '../../../src/fhirpath/interpreted-path.ts';
import { definitions } from '../registry.ts';

/** A value and its FHIR type. */
export type Value = readonly [value: unknown, type: string];

const paths = new Map<string, ReturnType<typeof interpretPath>>();

/** The values of an expression for a resource or an element of the type. */
export function valuesOf(expression: string, type: string, focus: object): readonly Value[] {
  const key = `${type} ${expression}`;
  const path = paths.get(key) ?? interpretPath(expression, type, definitions.elements);
  paths.set(key, path);
  const found: Value[] = [];
  path.evaluate(focus, (value, of) => found.push([value, of]));
  return found;
}
