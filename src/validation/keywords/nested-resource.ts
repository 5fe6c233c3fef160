/** `nestedResource: true`: here stands a whole resource (contained, in a Bundle entry, in Parameters), to be checked by the schema of its own type afterwards. https://hl7.org/fhir/R4/references.html#contained */
import { type CodeKeywordDefinition, _ } from 'ajv';

/** Found in a resource: another one, and the JSON pointer to it. */
export interface NestedResource {
  readonly resource: Record<string, unknown>;
  readonly instancePath: string;
}

/** The `this` of a check. */
export interface CheckContext {
  readonly nested: NestedResource[];
}

export const nestedResource: CodeKeywordDefinition = {
  keyword: 'nestedResource',
  type: 'object',
  schemaType: 'boolean',
  code({ gen, data, it }) {
    const pointer = _`instancePath + ${it.errorPath}`;
    gen.code(_`this.nested.push({resource: ${data}, instancePath: ${pointer}})`);
  },
};
