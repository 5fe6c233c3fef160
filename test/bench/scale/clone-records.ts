/** Patient records by the thousand, cloned from transaction Bundles: new ids, dates shifted from clone to clone. */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type { Resource } from '../../../src/fhir/resource.ts';

type Json = string | number | boolean | null | readonly Json[] | { readonly [name: string]: Json };
export type StoredResource = Resource & { readonly id: string };

const wanted: ReadonlySet<string> = new Set(['Patient', 'Encounter', 'Observation', 'Condition']);
const day = 86_400_000;

export interface Record {
  readonly resources: readonly StoredResource[];
  /** What entries call each other, and what they become. */
  readonly names: ReadonlyMap<string, string>;
}

interface Bundle {
  readonly entry?: readonly { readonly fullUrl?: string; readonly resource?: StoredResource }[];
}

function readRecord(file: string): Record {
  const { entry = [] } = JSON.parse(readFileSync(file, 'utf8')) as Bundle;
  const known = entry.flatMap(({ fullUrl = '', resource }) => (resource ? [{ fullUrl, resource }] : []));
  const names = new Map(known.map(({ fullUrl, resource }) => [fullUrl, `${resource.resourceType}/${resource.id}`]));
  return { resources: known.map(({ resource }) => resource).filter((one) => wanted.has(one.resourceType)), names };
}

/** Every file of the folder that holds a patient. */
export function readRecords(folder: string): readonly Record[] {
  const files = readdirSync(folder).filter((name) => name.endsWith('.json'));
  const records = files.map((name) => readRecord(path.join(folder, name)));
  return records.filter(({ resources }) => resources.some(({ resourceType }) => resourceType === 'Patient'));
}

const isDate = /^\d{4}-\d\d-\d\d(?:$|T)/;

function shift(text: string, days: number): string {
  const moved = new Date(Date.parse(text.slice(0, 10)) + days * day).toISOString().slice(0, 10);
  return moved + text.slice(10);
}

/** A copy of the record; of two copies with different numbers no id is the same. */
export function cloneRecord({ resources, names }: Record, number: number): readonly StoredResource[] {
  const copy = (value: Json): Json => {
    if (typeof value === 'string') {
      const name = names.get(value);
      if (name !== undefined) return `${name}-${number}`;
      // references by criteria lead to who is the same for all
      if (/^[A-Z][A-Za-z]+\?/.test(value)) return `${value.slice(0, value.indexOf('?'))}/same`;
      return isDate.test(value) ? shift(value, -number * 3) : value;
    }
    if (Array.isArray(value)) return value.map(copy);
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, copy(one)]));
  };
  return resources.map((resource) => {
    const made = copy(resource as unknown as Json) as unknown as StoredResource;
    return { ...made, id: `${resource.id}-${number}` };
  });
}
