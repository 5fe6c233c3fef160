/** Composite parameters: components of one element that belong together. https://hl7.org/fhir/R4/search.html#composite */
import type { ElementModel } from '../fhir/element-model.ts';
import type { SearchParameter, SearchParameterType } from '../fhir/search-parameter.ts';
import { compilePath } from '../fhirpath/compile-path.ts';
import type { CompiledPath } from '../fhirpath/compiled-path.ts';
import type { SearchParameters } from './parameters.ts';

export interface Component {
  /** What the component is compared as. */
  readonly parameter: SearchParameter;
  readonly expression: string;
}

/** Compared by its written form; of the others a composite may have one, which stands last, or two numbers. */
const exactTypes: ReadonlySet<SearchParameterType> = new Set(['token', 'reference', 'uri']);

export const isExact = ({ parameter }: Component): boolean => exactTypes.has(parameter.type);

/** How the components are kept: those whose form is part of the key, and what stands under that key. */
export interface CompositeShape {
  readonly forms: readonly Component[];
  readonly last: Component;
  /** The number after `last`, when both are numbers. */
  readonly second?: Component;
}

/** Where the official definitions name another parameter than the one their expression is about, or spell a type wrongly. */
const relationship: ReadonlyMap<string, string> = new Map([
  [
    'http://hl7.org/fhir/SearchParameter/DocumentReference-relatesto',
    'http://hl7.org/fhir/SearchParameter/DocumentReference-relation',
  ],
  [
    'http://hl7.org/fhir/SearchParameter/DocumentReference-relation',
    'http://hl7.org/fhir/SearchParameter/DocumentReference-relatesto',
  ],
]);

function definitionOf({ code }: SearchParameter, definition: string): string {
  return code === 'relationship' ? (relationship.get(definition) ?? definition) : definition;
}

/** The components with what they are compared as; undefined when one of them is not known. */
export function componentsOf(
  parameter: SearchParameter,
  parameters: SearchParameters,
): readonly Component[] | undefined {
  const found = (parameter.component ?? []).map(({ definition, expression }) => {
    const known = parameters.byUrl(definitionOf(parameter, definition));
    return known && { parameter: known, expression: expression.replaceAll('as(DateTime)', 'as(dateTime)') };
  });
  return found.length > 1 && found.every((one) => one !== undefined) ? found : undefined;
}

/** Undefined for a composite that cannot be kept: with two dates, strings or quantities. */
export function compositeShape(components: readonly Component[]): CompositeShape | undefined {
  const count = components.findIndex((component) => !isExact(component));
  const forms = components.slice(0, count < 0 ? components.length - 1 : count);
  const [last, second, ...others] = components.slice(forms.length);
  if (!last || forms.length === 0 || others.length > 0) return undefined;
  if (!second) return { forms, last };
  return last.parameter.type === 'number' && second.parameter.type === 'number' ? { forms, last, second } : undefined;
}

const fromResource = '%resource.';

/** The path of a component; from the element of the composite, or from the resource around it. */
export function componentPath(
  { expression }: Component,
  types: { readonly element: string; readonly resource: string },
  elements: ElementModel,
) {
  const isFromResource = expression.startsWith(fromResource);
  const path = compilePath(
    isFromResource ? expression.slice(fromResource.length) : expression,
    isFromResource ? types.resource : types.element,
    elements,
  );
  if (!path) return undefined;
  const evaluate: (element: unknown, resource: object, visit: Parameters<CompiledPath['evaluate']>[1]) => void = (
    element,
    resource,
    visit,
  ) => path.evaluate(isFromResource ? resource : (element as object), visit);
  return evaluate;
}
