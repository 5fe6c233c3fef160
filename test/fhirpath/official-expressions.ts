/** Every FHIRPath that R4 publishes: invariants of all elements and expressions of all search parameters. */
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { loadDefinitions } from '../../src/definitions/load-definitions.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));

interface Element {
  readonly constraint?: readonly { readonly expression?: string }[];
}
interface StructureDefinition {
  readonly snapshot?: { readonly element: readonly Element[] };
  readonly differential?: { readonly element: readonly Element[] };
}

function expressionsOf({ snapshot, differential }: StructureDefinition): readonly string[] {
  const elements = [...(snapshot?.element ?? []), ...(differential?.element ?? [])];
  return elements.flatMap(({ constraint = [] }) => constraint.flatMap(({ expression }) => expression ?? []));
}

/** The distinct expressions of all `ElementDefinition.constraint`. */
export function officialInvariants(): readonly string[] {
  const folder = `${root}node_modules/hl7.fhir.r4.examples`;
  const files = readdirSync(folder).filter((file) => file.startsWith('StructureDefinition-'));
  const definitions = files.map((file) => JSON.parse(readFileSync(`${folder}/${file}`, 'utf8')) as StructureDefinition);
  return [...new Set(definitions.flatMap(expressionsOf))];
}

/** The distinct expressions of the search parameter registry. */
export function officialSearchExpressions(): readonly string[] {
  const { searchParameters } = loadDefinitions(`${root}schemas/r4`);
  return [...new Set(searchParameters.flatMap(({ expression }) => expression ?? []))];
}
