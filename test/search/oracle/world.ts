/** All resources of a test in memory: what they hold, and what refers to what. */
import type { SearchParameter } from '../../../src/fhir/search-parameter.ts';
import { registry } from '../registry.ts';
import { localTarget } from './references.ts';
import { isJson, type StoredResource, type Value, valuesOf } from './values.ts';

/** A search parameter of a type that some resource has a value of. */
export interface Column {
  readonly type: string;
  readonly parameter: SearchParameter;
  /** All values there are. */
  readonly pool: readonly Value[];
}

export interface World {
  readonly types: readonly string[];
  ofType(type: string): readonly StoredResource[];
  columnsOf(type: string): readonly Column[];
  /** The parameter that several types have in common under a code. */
  parameter(type: string, code: string): SearchParameter | undefined;
  /** What a reference parameter of the resource leads to. */
  targetsOf(parameter: SearchParameter, resource: StoredResource): readonly StoredResource[];
}

/** `patient` is a Patient, whatever else R4 lists. */
export const targetTypes = ({ code, target = [] }: SearchParameter): readonly string[] =>
  code === 'patient' ? ['Patient'] : target;

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
  const columns = new Map<string, readonly Column[]>();

  function makeColumns(type: string): readonly Column[] {
    return [...registry.forType(type).values()]
      .filter(({ code, expression, type: kind }) => expression && !code.startsWith('_') && kind !== 'special')
      .map((parameter) => ({
        type,
        parameter,
        pool: (byType.get(type) ?? []).flatMap((resource) => valuesOf(parameter, resource)),
      }))
      .filter(({ pool }) => pool.length > 0);
  }

  return {
    types: [...byType.keys()],
    ofType: (type) => byType.get(type) ?? [],
    columnsOf(type) {
      const made = columns.get(type) ?? makeColumns(type);
      columns.set(type, made);
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
