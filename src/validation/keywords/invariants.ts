/** `invariants: { "per-1": "…" }`: the rules that R4 states for an object. Those with a native check are checked here; the others are left to whoever evaluates their FHIRPath. https://hl7.org/fhir/R4/conformance-rules.html#constraints */
import { type CodeKeywordDefinition, _ } from 'ajv';
import type { NativeInvariants } from '../native-invariants.ts';

export function invariants(native: NativeInvariants): CodeKeywordDefinition {
  return {
    keyword: 'invariants',
    type: 'object',
    schemaType: 'object',
    error: { message: 'invariant', params: ({ params }) => _`{key: ${params['key']}, human: ${params['human']}}` },
    code(context) {
      const { gen, data } = context;
      for (const [key, human] of Object.entries(context.schema as Record<string, string>)) {
        const holds = native.get(key);
        if (!holds) continue;
        const check = gen.scopeValue('func', { ref: holds });
        gen.if(_`!${check}(${data})`, () => {
          context.setParams({ key: _`${key}`, human: _`${human}` });
          context.error();
        });
      }
    },
  };
}
