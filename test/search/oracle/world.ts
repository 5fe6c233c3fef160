/** All resources of a test in memory: what they hold, and what refers to what. */
import type { SearchParameter } from '../../../src/fhir/search-parameter.ts';
import { registry } from '../registry.ts';
import { localTarget } from './references.ts';
import { isJson, type StoredResource, type Value, valuesOf } from './values.ts';

/** A search parameter of a type, or of several, that some resource has a value of. */
export interface Column {
  readonly types: readonly string[];
  readonly parameter: SearchParameter;
  /** All values there are. */
  readonly pool: readonly Value[];
  /** Those of one resource. */
  valuesOf(resource: StoredResource): readonly Value[];
}

export interface World {
  readonly types: readonly string[];
  ofTypes(types: readonly string[]): readonly StoredResource[];
  /** What all of the types have. */
  columnsOf(types: readonly string[]): readonly Column[];
  /** The parameter of a type under a code. */
  parameter(type: string, code: string): SearchParameter | undefined;
  /** What a reference parameter of the resource leads to. */
  targetsOf(parameter: SearchParameter, resource: StoredResource): readonly StoredResource[];
}

/** `patient` is a Patient, whatever else R4 lists. */
export const targetTypes = ({ code, target = [] }: SearchParameter): readonly string[] =>
  code === 'patient' ? ['Patient'] : target;

/** Of these the resources tell nothing: the id is no value here, and the server knows when it wrote. */
const columns: ReadonlySet<string> = new Set(['_id', '_lastUpdated']);

/** What stands in the same resource, with what stands beside it. */
function containedTarget([value]: Value, { contained }: StoredResource): StoredResource | undefined {
  const reference = isJson(value) ? String(value['reference']) : '';
  const all = Array.isArray(contained) ? (contained as StoredResource[]) : [];
  const found = all.find(({ id }) => `#${id}` === reference);
  return found && { ...found, contained };
}

export function createWorld(resources: readonly StoredResource[]): World {
  const byType = new Map<string, StoredResource[]>();
  for (const resource of resources) {
    const { resourceType } = resource;
    byType.set(resourceType, [...(byType.get(resourceType) ?? []), resource]);
  }
  const byTarget = new Map(resources.map((resource) => [`${resource.resourceType}/${resource.id}`, resource]));
  const known = new Map<string, readonly Column[]>();
  const ofTypes = (types: readonly string[]) => types.flatMap((type) => byType.get(type) ?? []);

  function makeColumns(types: readonly string[]): readonly Column[] {
    const [first = '', ...others] = types;
    const isShared = ({ code, type }: SearchParameter) =>
      others.every((other) => registry.forType(other).get(code)?.type === type);
    return [...registry.forType(first).values()]
      .filter((one) => one.expression && !columns.has(one.code) && isShared(one))
      .map((parameter) => {
        const valuesIn = (resource: StoredResource) => {
          const own = registry.forType(resource.resourceType).get(parameter.code);
          return own ? valuesOf(own, resource) : [];
        };
        return { types, parameter, pool: ofTypes(types).flatMap(valuesIn), valuesOf: valuesIn };
      })
      .filter(({ pool }) => pool.length > 0);
  }

  return {
    types: [...byType.keys()],
    ofTypes,
    columnsOf(types) {
      const made = known.get(types.join()) ?? makeColumns(types);
      known.set(types.join(), made);
      return made;
    },
    parameter: (type, code) => registry.forType(type).get(code),
    targetsOf(parameter, resource) {
      const found = valuesOf(parameter, resource).map(
        (value) => containedTarget(value, resource) ?? byTarget.get(localTarget(value) ?? ''),
      );
      return found.filter((one) => one !== undefined);
    },
  };
}
