/** Rows of `resource` and `resource_history` as stored versions. */
import type { ChangeMethod, StoredVersion } from '../ports.ts';

export interface VersionRow {
  resource_type: number;
  id: string;
  version: number;
  last_updated: Date;
  method: string;
  deleted: boolean;
  patients: string[];
  content: string | null;
}

/** Resource types have numbers in the tables and names everywhere else. */
export interface TypeNumbers {
  numberOf(type: string): number;
  nameOf(number: number): string;
}

/** From `schemas/r4/resource-types.json`. Both throw on what R4 does not know: callers check types at the door. */
export function createTypeNumbers(resourceTypes: ReadonlyMap<string, number>): TypeNumbers {
  const names = new Map([...resourceTypes].map(([name, number]) => [number, name]));
  return {
    numberOf(type) {
      const number = resourceTypes.get(type);
      if (number === undefined) throw new Error('Not a resource type of R4');
      return number;
    },
    nameOf(number) {
      const name = names.get(number);
      if (name === undefined) throw new Error(`No resource type has the number ${number}`);
      return name;
    },
  };
}

export function toStoredVersion(row: VersionRow, types: TypeNumbers): StoredVersion {
  return {
    type: types.nameOf(row.resource_type),
    id: row.id,
    version: row.version,
    lastUpdated: row.last_updated.toISOString(),
    method: row.method as ChangeMethod,
    deleted: row.deleted,
    text: row.content ?? undefined,
    patients: row.patients,
  };
}
