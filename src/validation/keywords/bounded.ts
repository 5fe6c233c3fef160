/** `items` as JSON Schema defines it, except that it stops looking once enough is wrong: AJV's own would make an error object for each of a million bad items. `if: { type: "null" }`, the one condition in the schemas of FHIR: lists of primitives have null where only the sibling list has something. https://json-schema.org/draft/2020-12/json-schema-core */
import { type CodeKeywordDefinition, type KeywordCxt, type Name, _ } from 'ajv';
import { Type } from 'ajv/dist/compile/util.js';

/** `errors` is AJV's own counter in the function it generates for a type. */
export const stopWhenEnough = ({ gen }: KeywordCxt, limit: number): void => {
  gen.if(_`errors >= ${limit}`, () => gen.break());
};

export function boundedItems(limit: number): CodeKeywordDefinition {
  return {
    keyword: 'items',
    type: 'array',
    schemaType: 'object',
    code(context) {
      const { gen, data } = context;
      const length = gen.const('length', _`${data}.length`);
      const checkItem = (index: Name): void => {
        context.subschema({ keyword: 'items', dataProp: index, dataPropType: Type.Num }, gen.name('valid'));
        stopWhenEnough(context, limit);
      };
      gen.forRange('i', 0, length, checkItem);
    },
  };
}

/** Anything but null is as `else` says. */
export const unlessNull: CodeKeywordDefinition = {
  keyword: 'if',
  schemaType: 'object',
  code(context) {
    const { gen, data, schema } = context;
    if ((schema as { type?: unknown }).type !== 'null') throw new Error('Only null is a condition');
    gen.if(_`${data} !== null`, () => void context.subschema({ keyword: 'else' }, gen.name('valid')));
  },
};
