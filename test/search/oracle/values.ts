/** What fhirpath.js finds in a resource: the values of search parameters and the elements of composites. https://hl7.org/fhirpath/N1/ */
import type { Resource } from '../../../src/fhir/resource.ts';
import type { SearchParameter } from '../../../src/fhir/search-parameter.ts';
import { interpretPath, loadInterpreter } from '../../../src/fhirpath/interpreted-path.ts';
import { definitions } from '../registry.ts';

export type Value = readonly [value: unknown, type: string];
export type StoredResource = Resource & { readonly id: string };
export type Json = Readonly<Record<string, unknown>>;

export const isJson = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
export const isText = (value: unknown): value is string => typeof value === 'string' && value !== '';
export const listOf = (value: unknown): readonly unknown[] =>
  Array.isArray(value) ? value : value === undefined ? [] : [value];

/** What an extension holds: some parameters lead to it. */
function unwrap([value, type]: Value): Value {
  if (type !== 'Extension' || !isJson(value)) return [value, type];
  const name = Object.keys(value).find((key) => /^value[A-Z]/.test(key)) ?? 'value';
  const inner = name.slice('value'.length);
  const isPrimitive = typeof value[name] !== 'object';
  return [value[name], isPrimitive ? inner.charAt(0).toLowerCase() + inner.slice(1) : inner];
}

const paths = new Map<string, ReturnType<typeof interpretPath>>();
const found = new WeakMap<object, Map<string, readonly Value[]>>();

function evaluate(expression: string, resource: Resource): readonly Value[] {
  const key = `${resource.resourceType} ${expression}`;
  const path = paths.get(key) ?? interpretPath(expression, resource.resourceType, definitions.elements);
  paths.set(key, path);
  const values: Value[] = [];
  path.evaluate(resource, (value, type) => values.push([value, type]));
  return values;
}

/** The elements of a composite by their paths, each with the resource around it. */
function elementsOf(expression: string, resource: Resource): readonly Value[] {
  const branches = expression
    .split('|')
    .map((branch) => branch.trim())
    .filter((branch) => branch.split('.')[0] === resource.resourceType);
  return branches.flatMap((branch) =>
    evaluate(branch, resource).map(([element]): Value => [{ element, resource }, branch]),
  );
}

/** A resource in the place of a reference counts where the parameter is about its type. */
const isMeant = ([value]: Value, targets: readonly string[]): boolean =>
  !isJson(value) || !isText(value['resourceType']) || targets.includes(value['resourceType']);

/** Worked out once for each resource and parameter. */
export function valuesOf(
  { url, expression = '', type, target = [] }: SearchParameter,
  resource: Resource,
): readonly Value[] {
  const known = found.get(resource) ?? new Map<string, readonly Value[]>();
  found.set(resource, known);
  const values =
    known.get(url) ??
    (type === 'composite'
      ? elementsOf(expression, resource)
      : evaluate(expression, resource)
          .map(unwrap)
          .filter((value) => isMeant(value, target)));
  known.set(url, values);
  return values;
}

const { fhirpath, model } = loadInterpreter();
const parts = new Map<string, (element: unknown) => readonly unknown[]>();
const options = {
  async: false,
  resolveInternalTypes: false,
  traceFn: () => undefined,
  userInvocationTable: {},
} as const;

/** The values of a component within an element of its composite. */
export function componentValues(expression: string, base: string, element: unknown): readonly Value[] {
  const key = `${base} ${expression}`;
  // R4 writes `value as Quantity` and means those of that type
  const filtering = expression
    .replaceAll(/(\w+) as (\w+)/g, '$1.ofType($2)')
    .replaceAll(/\.as\((\w+)\)/g, '.ofType($1)');
  const run =
    parts.get(key) ??
    (fhirpath.compile({ base, expression: filtering.replaceAll('DateTime', 'dateTime') }, model, options) as (
      element: unknown,
    ) => readonly unknown[]);
  parts.set(key, run);
  const values = run(element);
  const types = fhirpath.types(values);
  return fhirpath
    .resolveInternalTypes(values)
    .map((value, index) => [value, (types[index] ?? '').replace(/^(FHIR|System)\./, '')] as const);
}
