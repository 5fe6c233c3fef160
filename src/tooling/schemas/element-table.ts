/** The table of every element of every type that walkers of resources need at run time. https://hl7.org/fhir/R4/elementdefinition.html */
import type { ElementDefinition as OfficialElement, StructureDefinition } from 'fhir/r4.js';
import type { ElementDefinition, ElementTable, TypeDefinition } from '../../fhir/element-model.ts';
import {
  childrenOf,
  contentReferenceOf,
  isBackbone,
  isChoice,
  isMany,
  nameOf,
  targetsOf,
  typeCodesOf,
} from './structure.ts';

const kinds: Readonly<Record<string, TypeDefinition['kind']>> = {
  resource: 'resource',
  'complex-type': 'complex',
  'primitive-type': 'primitive',
};

function elementOf(definition: StructureDefinition, element: OfficialElement): ElementDefinition {
  const reference = contentReferenceOf(element) ?? (isBackbone(definition, element) ? element.path : undefined);
  const targets = targetsOf(element);
  return {
    types: reference ? [reference] : typeCodesOf(element),
    ...(isMany(element) && { many: true }),
    ...(isChoice(element) && { choice: true }),
    ...(targets && { targets }),
  };
}

/** The value of a primitive has no JSON property of its own: the JSON value is it. */
function elementsOf(definition: StructureDefinition, path: string): Record<string, ElementDefinition> {
  const children = childrenOf(definition, path).filter(
    (element) => definition.kind !== 'primitive-type' || nameOf(element) !== 'value',
  );
  return Object.fromEntries(children.map((element) => [nameOf(element), elementOf(definition, element)]));
}

function typesOf(definition: StructureDefinition): (readonly [string, TypeDefinition])[] {
  const backbones = (definition.snapshot?.element ?? []).filter((element) => isBackbone(definition, element));
  const own: TypeDefinition = {
    kind: kinds[definition.kind] ?? 'complex',
    elements: elementsOf(definition, definition.type),
  };
  return [
    [definition.type, own],
    ...backbones.map(({ path }) => [path, { kind: 'backbone', elements: elementsOf(definition, path) }] as const),
  ];
}

/** Abstract types are in it as well, for what is said of all resources or elements. */
export function elementTable(types: ReadonlyMap<string, StructureDefinition>): ElementTable {
  return Object.fromEntries([...types.values()].flatMap(typesOf));
}
