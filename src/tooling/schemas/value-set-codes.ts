/** The codes of value sets, for required bindings. https://hl7.org/fhir/R4/valueset.html#compositions */
import type { ValueSetCompose } from 'fhir/r4.js';
import type { OfficialDefinitions } from './official-definitions.ts';

type Include = ValueSetCompose['include'][number];
type Sources = Pick<OfficialDefinitions, 'codeSystems' | 'valueSets'>;

interface Concept {
  readonly code?: string | undefined;
  readonly abstract?: boolean | undefined;
  readonly contains?: readonly Concept[] | undefined;
  readonly concept?: readonly Concept[] | undefined;
}

const flatten = (concepts: readonly Concept[]): readonly string[] =>
  concepts.flatMap(({ code, abstract, contains, concept }) => [
    ...(code !== undefined && !abstract ? [code] : []),
    ...flatten(contains ?? concept ?? []),
  ]);

const joined = (lists: readonly (readonly string[] | undefined)[]): readonly string[] | undefined =>
  lists.every((list) => list !== undefined) ? lists.flat() : undefined;

function includedCodes({ filter, concept, system, valueSet = [] }: Include, sources: Sources) {
  if (filter) return undefined;
  if (concept) return concept.map(({ code }) => code);
  if (system === undefined) return joined(valueSet.map((url) => valueSetCodes(url, sources)));
  const codeSystem = sources.codeSystems.get(system);
  return codeSystem?.content === 'complete' ? flatten(codeSystem.concept ?? []) : undefined;
}

function systemsOf({ system, valueSet = [] }: Include, sources: Sources): readonly (string | undefined)[] {
  return system === undefined ? valueSet.map((url) => valueSetSystem(url, sources)) : [system];
}

/** The one code system that all codes of a value set are from; undefined when there are several, or the value set is not known. */
export function valueSetSystem(canonical: string, sources: Sources): string | undefined {
  const [url = ''] = canonical.split('|');
  const includes = sources.valueSets.get(url)?.compose?.include ?? [];
  const systems = new Set(includes.flatMap((include) => systemsOf(include, sources)));
  const [system] = systems;
  return systems.size === 1 ? system : undefined;
}

/** The codes of a value set in the order of its definition, or undefined when they cannot be enumerated (media types, languages). `canonical` may carry `|version`. */
export function valueSetCodes(canonical: string, sources: Sources): readonly string[] | undefined {
  const [url = ''] = canonical.split('|');
  const valueSet = sources.valueSets.get(url);
  const expansion = valueSet?.expansion?.contains;
  if (expansion) return [...new Set(flatten(expansion))];
  if (!valueSet?.compose || valueSet.compose.exclude) return undefined;
  const codes = joined(valueSet.compose.include.map((include) => includedCodes(include, sources)));
  return codes && [...new Set(codes)];
}
