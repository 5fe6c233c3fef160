/** Index rows of composite parameters: what the last component gives, under a key that holds the others. https://hl7.org/fhir/R4/search.html#composite */
import type { ElementModel } from '../fhir/element-model.ts';
import type { Resource } from '../fhir/resource.ts';
import type { SearchParameterType } from '../fhir/search-parameter.ts';
import { type Component, componentPath, type CompositeShape } from './composites.ts';
import { compositeKey, tokenForm } from './keys.ts';
import type { IndexContext, IndexSink, SearchType } from './search-type.ts';
import { numberOf, textOf } from './shapes.ts';
import { targetsIn } from './types/reference.ts';
import { tokensOf } from './types/token.ts';

interface Options {
  readonly elements: ElementModel;
  readonly types: Readonly<Partial<Record<SearchParameterType, SearchType>>>;
}

type Base = Omit<IndexContext, 'elementType'>;
type Found = readonly (readonly [value: unknown, elementType: string])[];

/** The ways to ask for a value exactly: of a token its code, with and without its system. */
function formsOf(type: SearchParameterType, value: unknown, context: IndexContext): readonly string[] {
  if (type === 'reference') return targetsIn(value, context).map((target) => `reference\u0000${target}`);
  if (type === 'uri') return textOf(value) === undefined ? [] : [`uri\u0000${String(value)}`];
  return tokensOf(value, context).flatMap(({ system = '', code }) =>
    code === undefined ? [] : [tokenForm({ code }), tokenForm({ system, code })],
  );
}

/** Every combination of one form of each component. */
function combine(lists: readonly (readonly string[])[]): readonly string[] {
  return lists.reduce<readonly string[]>(
    (joined, forms) =>
      joined.flatMap((before) => forms.map((form) => (before === '' ? form : `${before}\u0001${form}`))),
    [''],
  );
}

/** Indexes what one composite finds in one element. */
export function createCompositeIndexer(shape: CompositeShape, base: Base, { elements, types }: Options) {
  const paths = new Map<string, ReturnType<typeof componentPath>>();
  const last = types[shape.last.parameter.type];

  const valuesOf = (component: Component, element: unknown, elementType: string, resource: Resource): Found => {
    const key = `${elementType} ${component.expression}`;
    if (!paths.has(key)) {
      paths.set(key, componentPath(component, { element: elementType, resource: resource.resourceType }, elements));
    }
    const found: [unknown, string][] = [];
    paths.get(key)?.(element, resource, (value, type) => found.push([value, type]));
    return found;
  };

  return (element: unknown, elementType: string, resource: Resource, sink: IndexSink): void => {
    const values = valuesOf(shape.last, element, elementType, resource);
    if (values.length === 0) return;
    const second = shape.second && valuesOf(shape.second, element, elementType, resource);
    const forms = shape.forms.map((component) =>
      valuesOf(component, element, elementType, resource).flatMap(([value, type]) =>
        formsOf(component.parameter.type, value, { ...base, elementType: type }),
      ),
    );
    for (const form of combine(forms)) {
      const key = compositeKey(base.hash, base.key, form);
      if (second) addPairs(values, second, key, sink);
      else
        for (const [value, type] of values)
          last?.index(value, { ...base, key, elementType: type, isComponent: true }, sink);
    }
  };
}

/** Two numbers share a row: the first is its low end, the second its high one. */
function addPairs(firsts: Found, seconds: Found, key: string, sink: IndexSink): void {
  for (const first of firsts.map(([value]) => numberOf(value))) {
    for (const second of seconds.map(([value]) => numberOf(value))) {
      if (first !== undefined && second !== undefined) sink.number(key, first, second);
    }
  }
}
