/** R4's code systems, value sets and concept maps with what terminology computes with, one a line. https://hl7.org/fhir/R4/terminologies.html */
import type { CodeSystem, CodeSystemConcept, ConceptMap, ValueSet } from 'fhir/r4.js';
import type { OfficialDefinitions } from './official-definitions.ts';

/** The url comes first: by it a line is found without being parsed. */
const facts = ['url', 'version', 'resourceType', 'id', 'name', 'title', 'status', 'experimental', 'copyright'] as const;

type Json = Readonly<Record<string, unknown>>;

function only(whole: object, names: readonly string[]): Json {
  const members = whole as Json;
  return Object.fromEntries(names.filter((name) => members[name] !== undefined).map((name) => [name, members[name]]));
}

function slimConcept({ concept, ...rest }: CodeSystemConcept): object {
  const own = only(rest, ['code', 'display', 'definition', 'designation', 'property']);
  return concept ? { ...own, concept: concept.map(slimConcept) } : own;
}

const codeSystemFacts = [
  ...facts,
  'caseSensitive',
  'valueSet',
  'hierarchyMeaning',
  'compositional',
  'versionNeeded',
  'content',
  'supplements',
  'count',
  'filter',
  'property',
];

function slimCodeSystem(codeSystem: CodeSystem): object {
  const { concept } = codeSystem;
  return { ...only(codeSystem, codeSystemFacts), ...(concept && { concept: concept.map(slimConcept) }) };
}

interface Contained {
  readonly contains?: readonly Contained[] | undefined;
}

const slimContains = (contains: readonly Contained[]): object[] =>
  contains.map(({ contains: parts, ...rest }) => ({
    ...only(rest, ['system', 'abstract', 'inactive', 'version', 'code', 'display']),
    ...(parts && { contains: slimContains(parts) }),
  }));

/** Systems that are not in the package: what is made of them only HL7's expansion tells. */
function needsExpansion({ compose }: ValueSet, { codeSystems, valueSets }: OfficialDefinitions): boolean {
  const includes = [...(compose?.include ?? []), ...(compose?.exclude ?? [])];
  return includes.some(({ system, concept, valueSet = [] }) => {
    const isKnown = system === undefined || concept !== undefined || codeSystems.get(system)?.content === 'complete';
    return (
      !isKnown ||
      valueSet.some((url) =>
        needsExpansion(valueSets.get(url.split('|')[0] ?? '') ?? ({} as ValueSet), {
          codeSystems,
          valueSets,
        } as OfficialDefinitions),
      )
    );
  });
}

/** An expansion that leaves something out is no answer. */
const isWhole = ({ expansion }: ValueSet): boolean =>
  expansion?.contains !== undefined && !expansion.parameter?.some(({ name }) => name === 'limitedExpansion');

function slimValueSet(valueSet: ValueSet, official: OfficialDefinitions): object {
  const { compose, expansion } = valueSet;
  const isExpanded = (compose === undefined || needsExpansion(valueSet, official)) && isWhole(valueSet);
  return {
    ...only(valueSet, [...facts, 'immutable']),
    ...(compose && { compose: only(compose, ['lockedDate', 'inactive', 'include', 'exclude']) }),
    ...(isExpanded &&
      expansion && { expansion: { timestamp: expansion.timestamp, contains: slimContains(expansion.contains ?? []) } }),
  };
}

const slimConceptMap = (map: ConceptMap): object =>
  only(map, [...facts, 'sourceUri', 'sourceCanonical', 'targetUri', 'targetCanonical', 'group']);

interface Canonical {
  readonly url?: string | undefined;
}

function packText<Kind extends Canonical>(resources: Iterable<Kind>, slim: (resource: Kind) => object): string {
  const named = [...resources].filter(({ url = '' }) => url !== '');
  const sorted = named.sort((one, other) => ((one.url ?? '') < (other.url ?? '') ? -1 : 1));
  return sorted.map((resource) => `${JSON.stringify(slim(resource))}\n`).join('');
}

/** File names relative to `schemas/r4` and their texts. */
export function terminologyPacks(official: OfficialDefinitions): ReadonlyMap<string, string> {
  return new Map([
    ['code-systems.ndjson', packText(official.codeSystems.values(), slimCodeSystem)],
    ['value-sets.ndjson', packText(official.valueSets.values(), (valueSet) => slimValueSet(valueSet, official))],
    ['concept-maps.ndjson', packText(official.conceptMaps.values(), slimConceptMap)],
  ]);
}
