/** Every rule that R4's definitions state, and where in examples they apply. */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type { Definitions } from '../../../src/fhir/definitions.ts';

export interface OfficialInvariant {
  readonly key: string;
  readonly type: string;
  readonly severity: string;
  readonly expression: string;
}

const examples = path.resolve('node_modules/hl7.fhir.r4.examples');
const schemas = path.resolve('schemas/r4');

function collect(value: unknown, found: Map<string, OfficialInvariant>): void {
  if (typeof value !== 'object' || value === null) return;
  for (const [name, child] of Object.entries(value)) {
    if (name === 'invariants' && Array.isArray(child)) {
      for (const rule of child as OfficialInvariant[]) found.set(`${rule.type}|${rule.expression}`, rule);
    } else collect(child, found);
  }
}

/** Those of the generated schemas, each once for a type. */
export function officialInvariants(): readonly OfficialInvariant[] {
  const found = new Map<string, OfficialInvariant>();
  for (const folder of ['resources', 'types']) {
    for (const name of readdirSync(path.join(schemas, folder))) {
      collect(JSON.parse(readFileSync(path.join(schemas, folder, name), 'utf8')), found);
    }
  }
  return [...found.values()];
}

/** At most `limit` examples of each resource type, the smallest first. */
export function someExamples(limit: number, { resourceTypes }: Definitions): readonly Record<string, unknown>[] {
  const taken = new Map<string, number>();
  const files = readdirSync(examples).filter((name) => /^[A-Z].*\.json$/.test(name));
  const texts = files.map((name) => readFileSync(path.join(examples, name), 'utf8'));
  return texts
    .sort((one, other) => one.length - other.length)
    .flatMap((text) => {
      const type = /"resourceType"\s*:\s*"([A-Za-z]+)"/.exec(text)?.[1] ?? '';
      const count = taken.get(type) ?? 0;
      if (count >= limit || !resourceTypes.has(type)) return [];
      taken.set(type, count + 1);
      const resource = JSON.parse(text) as Record<string, unknown>;
      return resource['resourceType'] === type ? [resource] : [];
    });
}

export interface Occurrence {
  readonly value: object;
  readonly type: string;
  readonly resource: object;
  readonly rootResource: object;
}

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null;

function* occurrencesIn(
  value: unknown,
  type: string,
  around: Occurrence | undefined,
  model: Definitions['elements'],
): Generator<Occurrence> {
  if (!isObject(value)) return;
  const isResource = typeof value['resourceType'] === 'string' && (type === 'Resource' || around === undefined);
  const own = isResource ? String(value['resourceType']) : type;
  const isContained = isResource && ((around?.resource as { contained?: unknown[] })?.contained ?? []).includes(value);
  const resource = isResource ? value : (around?.resource ?? value);
  const rootResource = isResource && !isContained ? value : (around?.rootResource ?? value);
  const here = { value, type: own, resource, rootResource };
  yield here;
  for (const [name, child] of Object.entries(value)) {
    const property = model.property(own, name);
    if (!property) continue;
    for (const item of Array.isArray(child) ? child : [child]) yield* occurrencesIn(item, property.type, here, model);
  }
}

/** Every object of a resource with its type. */
export const occurrences = (resource: object, { elements }: Definitions): Iterable<Occurrence> =>
  occurrencesIn(resource, 'Resource', undefined, elements);
