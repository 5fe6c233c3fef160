/** `sibling: "_given"` on `given` and the reverse: a primitive's value and its `_sibling` make one element together, which needs a value or an extension; in lists they are paired by index, with null where one has nothing. https://hl7.org/fhir/R4/json.html#primitive */
import { type CodeKeywordDefinition, _ } from 'ajv';

const isSibling = (name: string): boolean => name.startsWith('_');

const hasExtension = (sibling: unknown): boolean =>
  typeof sibling === 'object' && sibling !== null && 'extension' in sibling;

/** Whether every part of `sibling` has a value beside it or extensions. What is of the wrong shape is told elsewhere. */
function isPaired(value: unknown, sibling: unknown): boolean {
  if (Array.isArray(sibling)) {
    const values = Array.isArray(value) ? value : [];
    const sameLength = value === undefined || values.length === sibling.length;
    return sameLength && sibling.every((item, index) => hasExtension(item) || (values[index] ?? null) !== null);
  }
  return value !== undefined || hasExtension(sibling) || typeof sibling !== 'object';
}

/** Without a `_sibling` no value may be null. */
const hasAllValues = (values: unknown, siblings: unknown): boolean =>
  siblings !== undefined || !Array.isArray(values) || !values.includes(null);

export const sibling: CodeKeywordDefinition = {
  keyword: 'sibling',
  schemaType: 'string',
  error: { message: 'sibling' },
  code(context) {
    const { gen, data, it, schema } = context;
    const other = _`${it.parentData}[${schema}]`;
    if (isSibling(String(schema))) {
      const check = gen.scopeValue('func', { ref: hasAllValues });
      context.fail(_`!${check}(${data}, ${other})`);
    } else {
      const check = gen.scopeValue('func', { ref: isPaired });
      context.fail(_`!${check}(${other}, ${data})`);
    }
  },
};
