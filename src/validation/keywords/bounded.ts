/** `items` and `additionalProperties: false` as JSON Schema defines them, except that they stop looking once enough is wrong: AJV's own would make an error object for each of a million bad items. https://json-schema.org/draft/2020-12/json-schema-core */
import { type CodeKeywordDefinition, type KeywordCxt, type Name, _ } from 'ajv';
import { Type } from 'ajv/dist/compile/util.js';

/** `errors` is AJV's own counter in the function it generates for a type. */
const stopWhenEnough = ({ gen }: KeywordCxt, limit: number): void => {
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

export function boundedAdditionalProperties(limit: number): CodeKeywordDefinition {
  return {
    keyword: 'additionalProperties',
    type: 'object',
    schemaType: 'boolean',
    error: { message: 'unknown property', params: ({ params }) => _`{name: ${params['name']}}` },
    code(context) {
      const { gen, data, parentSchema } = context;
      const known = new Set(Object.keys(parentSchema['properties'] as object));
      const set = gen.scopeValue('obj', { ref: known });
      const checkName = (name: Name): void => {
        const fail = (): void => {
          context.setParams({ name });
          context.error();
          stopWhenEnough(context, limit);
        };
        gen.if(_`!${set}.has(${name})`, fail);
      };
      gen.forIn('name', data, checkName);
    },
  };
}
