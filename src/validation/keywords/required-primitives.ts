/** `requiredPrimitives: ["status"]`: a required primitive is there as a value (`status`) or only as its extensions (`_status`). https://hl7.org/fhir/R4/json.html#primitive */
import { type CodeKeywordDefinition, _ } from 'ajv';

export const requiredPrimitives: CodeKeywordDefinition = {
  keyword: 'requiredPrimitives',
  type: 'object',
  schemaType: 'array',
  error: { message: 'required', params: ({ params }) => _`{name: ${params['name']}}` },
  code(context) {
    const { gen, data } = context;
    for (const name of context.schema as readonly string[]) {
      gen.if(_`${data}[${name}] === undefined && ${data}[${`_${name}`}] === undefined`, () => {
        context.setParams({ name: _`${name}` });
        context.error();
      });
    }
  },
};
