/** The JSON Schema of one object: a resource, a data type or a backbone element. https://hl7.org/fhir/R4/json.html */
import type { ElementDefinition, StructureDefinition } from 'fhir/r4.js';
import { bindingOf } from './binding.ts';
import { type Invariant, invariantsOf, ownInvariants } from './invariants.ts';
import { primitiveSchemas } from './primitive-schemas.ts';
import {
  childrenOf,
  contentReferenceOf,
  isBackbone,
  isChoice,
  isMany,
  isRequired,
  nameOf,
  targetsOf,
  typeCodesOf,
} from './structure.ts';

/** The `$id` of the shared document for a value set, or undefined when its codes cannot be enumerated. */
export type ValueSetReference = (canonical: string) => string | undefined;

interface ObjectSchema {
  readonly properties: Record<string, object>;
  readonly required: string[];
  readonly requiredPrimitives: string[];
  readonly choices: object[];
}

/** One JSON property: several belong to an element with a choice of types. */
interface Property {
  readonly element: ElementDefinition;
  readonly name: string;
  readonly schema: object;
  readonly primitive: boolean;
}

const capitalise = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);
const typeReference = (code: string): object => ({ $ref: `fhir:types/${code}` });
/** Ids and URLs that XML writes as attributes cannot have extensions, so they have no `_sibling` in JSON; neither has XHTML. */
const isAttribute = ({ path, representation }: ElementDefinition): boolean =>
  path.endsWith('.id') || representation !== undefined || path === 'Narrative.div';

/** An element id is any string without spaces, which is what uri is. */
const elementId = typeReference('uri');

export function objectSchemaFactory(definition: StructureDefinition, valueSet: ValueSetReference) {
  const codeSchema = (element: ElementDefinition): object => {
    const { binding } = element;
    const id = binding?.strength === 'required' && binding.valueSet ? valueSet(binding.valueSet) : undefined;
    return id ? { $ref: id } : { ...typeReference('code'), ...bindingOf(element, 'code') };
  };

  const typeSchema = (element: ElementDefinition, code: string): object => {
    if (code === 'code') return codeSchema(element);
    if (element.path.endsWith('.id') && code === 'string') return elementId;
    const targets = code === 'Reference' ? targetsOf(element) : undefined;
    return { ...typeReference(code), ...bindingOf(element, code), ...(targets && { targets }) };
  };

  /** What R4 says of this element over what it says of its type. */
  const withInvariants = (element: ElementDefinition, type: string, schema: object): object => {
    const own = ownInvariants(element, type);
    return own.length > 0 ? { ...schema, invariants: own } : schema;
  };

  const propertiesOf = (element: ElementDefinition): readonly Property[] => {
    const name = nameOf(element);
    const local = contentReferenceOf(element) ?? (isBackbone(definition, element) ? element.path : undefined);
    if (local) {
      const reference = { $ref: `#/$defs/${local}` };
      return [{ element, name, schema: withInvariants(element, local, reference), primitive: false }];
    }
    return typeCodesOf(element).map((code) => ({
      element,
      name: isChoice(element) ? name + capitalise(code) : name,
      schema: withInvariants(element, code, typeSchema(element, code)),
      primitive: code in primitiveSchemas && !isAttribute(element),
    }));
  };

  return (path: string, constraints: ElementDefinition['constraint']): object => {
    const object: ObjectSchema = { properties: {}, required: [], requiredPrimitives: [], choices: [] };
    if (definition.kind === 'resource' && path === definition.type) {
      object.properties['resourceType'] = { const: definition.type };
      object.required.push('resourceType');
    }
    for (const element of childrenOf(definition, path)) {
      const properties = propertiesOf(element);
      for (const property of properties) addProperty(object, property);
      addCardinality(object, element, properties);
    }
    return objectSchema(object, invariantsOf(constraints, path));
  };
}

/** null stands in arrays where only the sibling (or only the value) has something at that index; the keyword `sibling` sees to that. */
const listOf = (items: object, sibling?: string): object =>
  sibling === undefined
    ? { type: 'array', minItems: 1, items }
    : { type: 'array', minItems: 1, items: { if: { type: 'null' }, else: items }, sibling };

function addProperty({ properties }: ObjectSchema, { element, name, schema, primitive }: Property): void {
  if (!primitive) {
    properties[name] = isMany(element) ? listOf(schema) : schema;
    return;
  }
  const sibling = typeReference('Element');
  properties[name] = isMany(element) ? listOf(schema, `_${name}`) : schema;
  properties[`_${name}`] = isMany(element) ? listOf(sibling, name) : { ...sibling, sibling: name };
}

function addCardinality(object: ObjectSchema, element: ElementDefinition, properties: readonly Property[]): void {
  const names = properties.map(({ name }) => name);
  if (isChoice(element)) {
    object.choices.push({ name: nameOf(element), properties: names, required: isRequired(element) });
  } else if (isRequired(element)) {
    const list = properties.some(({ primitive }) => primitive) ? object.requiredPrimitives : object.required;
    list.push(...names);
  }
}

function objectSchema(object: ObjectSchema, invariants: readonly Invariant[]): object {
  const { properties, required, requiredPrimitives, choices } = object;
  return {
    type: 'object',
    properties,
    additionalProperties: false,
    ...(required.length > 0 && { required }),
    ...(requiredPrimitives.length > 0 && { requiredPrimitives }),
    ...(choices.length > 0 && { choices }),
    ...(invariants.length > 0 && { invariants }),
  };
}
