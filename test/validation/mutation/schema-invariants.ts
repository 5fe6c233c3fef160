/** The rules that the schemas carry, each once for a type. https://hl7.org/fhir/R4/conformance-rules.html#constraints */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

export interface SchemaInvariant {
  readonly key: string;
  readonly type: string;
  readonly severity: 'error' | 'warning';
  readonly expression: string;
}

function collect(value: unknown, found: Map<string, SchemaInvariant>): void {
  if (typeof value !== 'object' || value === null) return;
  for (const [name, child] of Object.entries(value)) {
    if (name === 'invariants' && Array.isArray(child)) {
      for (const rule of child as SchemaInvariant[]) found.set(`${rule.key}|${rule.type}|${rule.expression}`, rule);
    } else collect(child, found);
  }
}

export function schemaInvariants(): readonly SchemaInvariant[] {
  const found = new Map<string, SchemaInvariant>();
  for (const folder of ['resources', 'types']) {
    const directory = path.resolve('schemas/r4', folder);
    for (const name of readdirSync(directory)) {
      collect(JSON.parse(readFileSync(path.join(directory, name), 'utf8')), found);
    }
  }
  return [...found.values()];
}
