/** `referenceUse: true`: a literal reference that is relative names a type of R4 and an id, or a search; and Reference.type, if it is there, says the same. https://hl7.org/fhir/R4/references.html#literal */
import { type CodeKeywordDefinition, _ } from 'ajv';
import { isAbsoluteUri } from '../../fhir/reference.ts';
import type { CheckContext } from '../check-context.ts';
import { referencedType } from './targets.ts';

type Fault = 'reference' | 'type' | undefined;

/** A URL with a scheme means something elsewhere, `#` something within. */
const isRelative = (reference: string): boolean => !reference.startsWith('#') && !isAbsoluteUri(reference);
const relative = /^([A-Z][A-Za-z]{1,63})(?:\/[A-Za-z0-9\-.]{1,64}(?:\/_history\/[A-Za-z0-9\-.]{1,64})?(?:#.*)?$|\?)/;

function faultOf(
  { reference, type }: Readonly<Record<string, unknown>>,
  types: ReadonlyMap<string, number>,
  context: CheckContext,
): Fault {
  if (typeof reference !== 'string') return undefined;
  if (isRelative(reference) && !types.has(relative.exec(reference)?.[1] ?? '')) return 'reference';
  if (typeof type !== 'string' || !types.has(type)) return undefined;
  const told = referencedType(reference, context);
  return typeof told === 'string' && types.has(told) && told !== type ? 'type' : undefined;
}

export function referenceUse(resourceTypes: ReadonlyMap<string, number>): CodeKeywordDefinition {
  return {
    keyword: 'referenceUse',
    type: 'object',
    schemaType: 'boolean',
    error: { message: 'reference', params: ({ params }) => _`{about: ${params['about']}}` },
    code(context) {
      const { gen, data } = context;
      const find = gen.scopeValue('func', {
        ref: (value: Readonly<Record<string, unknown>>, checked: CheckContext) =>
          faultOf(value, resourceTypes, checked),
      });
      const about = gen.const('about', _`${find}(${data}, this)`);
      context.setParams({ about });
      gen.if(_`${about} !== undefined`, () => context.error());
    },
  };
}
