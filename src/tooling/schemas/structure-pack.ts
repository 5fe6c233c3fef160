/** R4's StructureDefinitions with what computing needs and without what only people read, one a line. https://hl7.org/fhir/R4/structuredefinition.html */
import type {
  ElementDefinition,
  ElementDefinitionBinding,
  ElementDefinitionConstraint,
  StructureDefinition,
} from 'fhir/r4.js';
import type { OfficialDefinitions } from './official-definitions.ts';

/** The url comes first: by it a line is found without being parsed. */
const definitionMembers = [
  'url',
  'version',
  'resourceType',
  'name',
  'title',
  'status',
  'fhirVersion',
  'kind',
  'abstract',
  'context',
  'contextInvariant',
  'type',
  'baseDefinition',
  'derivation',
] as const;

const elementMembers = [
  'id',
  'path',
  'sliceName',
  'slicing',
  'short',
  'min',
  'max',
  'base',
  'contentReference',
  'type',
  'maxLength',
  'constraint',
  'mustSupport',
  'isModifier',
  'isSummary',
  'binding',
];

/** Members whose names end with a type, such as `fixedUri`. */
const choiceMembers = /^(fixed|pattern|minValue|maxValue)[A-Z]/;
const maximumValueSet = 'http://hl7.org/fhir/StructureDefinition/elementdefinition-maxValueSet';

function only<Whole extends object>(whole: Whole, names: readonly (keyof Whole)[]): Partial<Whole> {
  const present = names.filter((name) => whole[name] !== undefined);
  return Object.fromEntries(present.map((name) => [name, whole[name]])) as Partial<Whole>;
}

function slimBinding({ strength, valueSet, extension = [] }: ElementDefinitionBinding): object {
  const maximum = extension.filter(({ url }) => url === maximumValueSet);
  return { strength, valueSet, ...(maximum.length > 0 ? { extension: maximum } : {}) };
}

const slimConstraint = (constraint: ElementDefinitionConstraint): object =>
  only(constraint, ['key', 'severity', 'human', 'expression']);

/** Rules of another type (those with a source, such as ele-1 on every element) are stated where they come from. */
function slimElement(element: ElementDefinition): object {
  const { slicing, type, binding, constraint = [] } = element;
  const own = constraint.filter(({ source }) => source === undefined);
  const slim: Record<string, unknown> = {
    ...element,
    slicing: slicing && only(slicing, ['discriminator', 'ordered', 'rules']),
    type: type?.map((one) => only(one, ['code', 'profile', 'targetProfile', 'aggregation', 'versioning'])),
    binding: binding && slimBinding(binding),
    constraint: own.length > 0 ? own.map(slimConstraint) : undefined,
  };
  return only(slim, [...elementMembers, ...Object.keys(slim).filter((name) => choiceMembers.test(name))]);
}

/** A profile is its differential, its snapshot is made when it is needed; a type is its snapshot. */
function slimDefinition(definition: StructureDefinition): object {
  const elements = definition.derivation === 'constraint' ? 'differential' : 'snapshot';
  return {
    ...only(definition, definitionMembers),
    [elements]: { element: definition[elements]?.element.map(slimElement) ?? [] },
  };
}

const byUrl = (left: StructureDefinition, right: StructureDefinition): number => (left.url < right.url ? -1 : 1);

/** File names relative to `schemas/r4` and their texts: `structure-definitions.ndjson`, sorted by url. */
export function structurePack({ structures }: OfficialDefinitions): ReadonlyMap<string, string> {
  const lines = [...structures].sort(byUrl).map((definition) => `${JSON.stringify(slimDefinition(definition))}\n`);
  return new Map([['structure-definitions.ndjson', lines.join('')]]);
}
