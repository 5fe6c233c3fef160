/** The table of every element of every type that walkers of resources need at run time. https://hl7.org/fhir/R4/elementdefinition.html */
import type { ElementDefinition as OfficialElement, StructureDefinition } from 'fhir/r4.js';
import type { ElementDefinition, ElementTable, TypeDefinition } from '../../fhir/element-model.ts';
import type { OfficialDefinitions } from './official-definitions.ts';
import {
  childrenOf,
  contentReferenceOf,
  isBackbone,
  isChoice,
  isHierarchy,
  isMany,
  nameOf,
  targetsOf,
  typeCodesOf,
} from './structure.ts';
import { valueSetSystem } from './value-set-codes.ts';

const kinds: Readonly<Record<string, TypeDefinition['kind']>> = {
  resource: 'resource',
  'complex-type': 'complex',
  'primitive-type': 'primitive',
};

/** A `code` says nothing of where it is from: its binding does. */
function systemOf({ binding, type = [] }: OfficialElement, official: OfficialDefinitions): string | undefined {
  const isCode = type.length === 1 && type[0]?.code === 'code';
  return isCode && binding?.strength === 'required' && binding.valueSet
    ? valueSetSystem(binding.valueSet, official)
    : undefined;
}

function elementOf(
  definition: StructureDefinition,
  element: OfficialElement,
  official: OfficialDefinitions,
): ElementDefinition {
  const reference = contentReferenceOf(element) ?? (isBackbone(definition, element) ? element.path : undefined);
  const targets = targetsOf(element);
  const system = systemOf(element, official);
  return {
    types: reference ? [reference] : typeCodesOf(element),
    ...(isMany(element) && { many: true }),
    ...(isChoice(element) && { choice: true }),
    ...(targets && { targets }),
    ...(isHierarchy(element) && { hierarchy: true }),
    ...(element.min && { required: true }),
    ...(element.isSummary && { summary: true }),
    ...(system !== undefined && { system }),
  };
}

/** The value of a primitive has no JSON property of its own: the JSON value is it. */
function elementsOf(
  definition: StructureDefinition,
  path: string,
  official: OfficialDefinitions,
): Record<string, ElementDefinition> {
  const children = childrenOf(definition, path).filter(
    (element) => definition.kind !== 'primitive-type' || nameOf(element) !== 'value',
  );
  return Object.fromEntries(children.map((element) => [nameOf(element), elementOf(definition, element, official)]));
}

function typesOf(
  definition: StructureDefinition,
  official: OfficialDefinitions,
): (readonly [string, TypeDefinition])[] {
  const backbones = (definition.snapshot?.element ?? []).filter((element) => isBackbone(definition, element));
  const own: TypeDefinition = {
    kind: kinds[definition.kind] ?? 'complex',
    elements: elementsOf(definition, definition.type, official),
  };
  return [
    [definition.type, own],
    ...backbones.map(
      ({ path }) => [path, { kind: 'backbone', elements: elementsOf(definition, path, official) }] as const,
    ),
  ];
}

/** Abstract types are in it as well, for what is said of all resources or elements. */
export function elementTable(official: OfficialDefinitions): ElementTable {
  return Object.fromEntries([...official.types.values()].flatMap((definition) => typesOf(definition, official)));
}
