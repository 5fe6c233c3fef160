/** `targets: ["Patient", "Group"]`: the resource types that a Reference here may point to. https://hl7.org/fhir/R4/references.html */
import { type CodeKeywordDefinition, _ } from 'ajv';
import type { CheckContext } from '../check-context.ts';

const literal = /(?:^|\/)([A-Z][A-Za-z]{1,63})\/[A-Za-z0-9\-.]{1,64}(?:\/_history\/[A-Za-z0-9\-.]{1,64})?$/;
const conditional = /^([A-Z][A-Za-z]{1,63})\?/;

/** The resource type that a reference names by its words, or by what it points to in the same resource or Bundle; undefined when it does not tell. */
export function referencedType(reference: string, { resolve }: CheckContext): unknown {
  if (reference.startsWith('#') || reference.startsWith('urn:')) {
    const target: { readonly resourceType?: unknown } | undefined = resolve?.(reference);
    return target?.resourceType;
  }
  return (literal.exec(reference) ?? conditional.exec(reference))?.[1];
}

/** The type a reference tells by itself or, if it is only logical, says it has. */
function targetOf(value: unknown, context: CheckContext): unknown {
  const { reference, type } = value as { reference?: unknown; type?: unknown };
  return (typeof reference === 'string' ? referencedType(reference, context) : undefined) ?? type;
}

export function targets(resourceTypes: ReadonlyMap<string, number>): CodeKeywordDefinition {
  return {
    keyword: 'targets',
    schemaType: 'array',
    error: { message: 'targets', params: ({ params }) => _`{allowed: ${params['allowed']}}` },
    code(context) {
      const { gen, data } = context;
      const allowed = new Set(context.schema as readonly string[]);
      const isWrong = (value: unknown, checked: CheckContext): boolean => {
        if (typeof value !== 'object' || value === null) return false;
        const target = targetOf(value, checked);
        return typeof target === 'string' && resourceTypes.has(target) && !allowed.has(target);
      };
      const wrong = gen.scopeValue('func', { ref: isWrong });
      context.setParams({ allowed: _`${[...allowed].join(', ')}` });
      gen.if(_`${wrong}(${data}, this)`, () => context.error());
    },
  };
}
