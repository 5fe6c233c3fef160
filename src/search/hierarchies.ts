/** Which references make hierarchies of resources. https://hl7.org/fhir/R4/search.html#recursive */
import type { ElementModel } from '../fhir/element-model.ts';
import type { SearchParameter } from '../fhir/search-parameter.ts';
import { pathShape } from './path-shape.ts';
import type { SearchScope } from './search-scope.ts';

/** Leads from a resource to the one above it in the hierarchy. */
const wholeElement = 'partOf';

/** R4 marks few elements as strict hierarchies; `partOf` is one by its meaning wherever it leads to the own type. */
function isHierarchy(type: string, name: string, elements: ElementModel): boolean {
  const element = elements.type(type)?.elements[name];
  if (!element?.types.includes('Reference') || !element.targets?.includes(type)) return false;
  return element.hierarchy === true || name === wholeElement;
}

/** The one element at the top of the resource that a parameter is about. */
function elementOf(type: string, { expression }: SearchParameter, elements: ElementModel): string | undefined {
  const { names = [] } = expression === undefined ? {} : pathShape(expression, type, elements);
  return names.length === 1 ? names[0] : undefined;
}

/** True when the parameter itself leads up in a hierarchy: `Location?partof`, `CarePlan?based-on`. */
export function leadsUp(type: string, parameter: SearchParameter, { elements }: Pick<SearchScope, 'elements'>) {
  const name = elementOf(type, parameter, elements);
  return name !== undefined && isHierarchy(type, name, elements);
}

/** The parameter that leads from resources of a type to what they are part of; undefined where they are part of nothing of their own type. */
export function wholeOf(
  type: string,
  { elements, registry }: Pick<SearchScope, 'elements' | 'registry'>,
): SearchParameter | undefined {
  if (!isHierarchy(type, wholeElement, elements)) return undefined;
  return [...registry.forType(type).values()].find(
    (parameter) => parameter.type === 'reference' && elementOf(type, parameter, elements) === wholeElement,
  );
}
