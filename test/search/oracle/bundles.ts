/** Resources of a folder of transaction Bundles and single resources, with the ids and references that a server would give them. */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type { StoredResource } from './values.ts';

interface Entry {
  readonly fullUrl?: string;
  readonly resource?: StoredResource;
}

const isBundle = (value: object): value is { readonly entry?: readonly Entry[] } =>
  (value as { resourceType?: string }).resourceType === 'Bundle';

function entriesOf(file: string): readonly Entry[] {
  const content = JSON.parse(readFileSync(file, 'utf8')) as object;
  return isBundle(content) ? (content.entry ?? []) : [{ resource: content as StoredResource }];
}

/** Every so many-th, so that no more than `limit` are left; but all that many others refer to. */
function sampled(resources: readonly StoredResource[], limit: number): readonly StoredResource[] {
  const step = Math.max(1, Math.ceil(resources.length / limit));
  const hubs: ReadonlySet<string> = new Set(['Patient', 'Practitioner', 'Encounter']);
  return resources.filter(({ resourceType }, index) => index % step === 0 || hubs.has(resourceType));
}

/** References within a Bundle become references to what it makes; conditional ones stay as they are. */
export function readBundles(folder: string, limit: number): readonly StoredResource[] {
  const files = readdirSync(folder).filter((name) => name.endsWith('.json'));
  const entries = files.flatMap((name) => entriesOf(path.join(folder, name)));
  const made = entries.flatMap(({ fullUrl, resource }) => (resource?.id === undefined ? [] : [{ fullUrl, resource }]));
  const targets = new Map(
    made.map(({ fullUrl = '', resource }) => [fullUrl, `${resource.resourceType}/${resource.id}`]),
  );
  const local = (key: string, value: unknown) => (key === 'reference' ? (targets.get(String(value)) ?? value) : value);
  const byKey = new Map(made.map(({ resource }) => [`${resource.resourceType}/${resource.id}`, resource]));
  return sampled([...byKey.values()], limit).map((one) => JSON.parse(JSON.stringify(one), local) as StoredResource);
}
