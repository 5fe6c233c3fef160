/** What R4 says of every element, as `schemas/r4/elements.json` holds it: enough to walk any resource by type. https://hl7.org/fhir/R4/elementdefinition.html */

/** One element of a type. `types` are FHIR type codes; a backbone element's type is its own path (`Patient.contact`). */
export interface ElementDefinition {
  readonly types: readonly string[];
  /** True when the element may repeat (max > 1). */
  readonly many?: boolean;
  /** True for `value[x]`: the JSON property is the element name and the capitalised type (`valueQuantity`). */
  readonly choice?: boolean;
  /** For Reference and canonical: the resource types it may point to; absent means any. */
  readonly targets?: readonly string[];
  /** True when R4 says of references to the own type that they are a strict hierarchy. */
  readonly hierarchy?: boolean;
  /** True when it must be there (min > 0). */
  readonly required?: boolean;
  /** True when it is part of a summary. */
  readonly summary?: boolean;
  /** Of a `code` whose required binding draws on one code system: that system, which R4 implies. */
  readonly system?: string;
}

/** The elements of one type by name (`value`, not `value[x]`), inherited ones included. */
export interface TypeDefinition {
  readonly kind: 'resource' | 'complex' | 'primitive' | 'backbone';
  readonly elements: Readonly<Record<string, ElementDefinition>>;
}

export type ElementTable = Readonly<Record<string, TypeDefinition>>;

/** A JSON property of a type: the element it belongs to and the one type that its values have. */
export interface PropertyDefinition {
  readonly element: string;
  readonly type: string;
  readonly many: boolean;
  readonly targets?: readonly string[];
}

export interface ElementModel {
  type(name: string): TypeDefinition | undefined;
  /** The meaning of a JSON property (`valueQuantity`) of a type, or undefined when R4 knows no such property. */
  property(typeName: string, name: string): PropertyDefinition | undefined;
}

const capitalise = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

function propertiesOf(definition: TypeDefinition): ReadonlyMap<string, PropertyDefinition> {
  const properties = new Map<string, PropertyDefinition>();
  for (const [element, { types, many = false, choice = false, targets }] of Object.entries(definition.elements)) {
    for (const type of types) {
      const name = choice ? element + capitalise(type) : element;
      properties.set(name, { element, type, many, ...(targets && { targets }) });
    }
  }
  return properties;
}

/** Wraps the table of `schemas/r4/elements.json`; the properties of a type are worked out the first time it is asked for. */
export function createElementModel(table: ElementTable): ElementModel {
  const types = new Map(Object.entries(table));
  const properties = new Map<string, ReadonlyMap<string, PropertyDefinition>>();
  return {
    type: (name) => types.get(name),
    property(typeName, name) {
      let known = properties.get(typeName);
      if (!known) {
        const definition = types.get(typeName);
        if (!definition) return undefined;
        known = propertiesOf(definition);
        properties.set(typeName, known);
      }
      return known.get(name);
    },
  };
}
