/** `nestedResource: true`: here stands a whole resource (contained, in a Bundle entry, in Parameters), to be checked by the schema of its own type afterwards. `extensionUse: true`: here stands an extension, to be compared with its definition. https://hl7.org/fhir/R4/references.html#contained */
import { type CodeKeywordDefinition, _ } from 'ajv';
import { pointerTo } from './warn.ts';

/** A keyword that puts what it stands on into a list of the check. */
const collecting = (keyword: string, list: 'nested' | 'extensions'): CodeKeywordDefinition => ({
  keyword,
  type: 'object',
  schemaType: 'boolean',
  code(context) {
    context.gen.code(_`this.note(${list}, ${context.data}, ${pointerTo(context)})`);
  },
});

export const nestedResource = collecting('nestedResource', 'nested');
export const extensionUse = collecting('extensionUse', 'extensions');
