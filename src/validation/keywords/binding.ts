/** `binding: { strength, valueSet, maximum }`: which value set the codes of an element come from. https://hl7.org/fhir/R4/terminologies.html#strength */
import { type CodeKeywordDefinition, _ } from 'ajv';
import { type CodedValue, codingsIn, type Terminology } from '../../fhir/terminology.ts';
import type { CheckContext } from '../check-context.ts';
import { warnWhen } from './warn.ts';

interface Binding {
  readonly strength: 'required' | 'extensible' | 'preferred';
  readonly valueSet: string;
  /** No code outside this one, however weak the binding is. */
  readonly maximum?: string;
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** True when no coding is in the value set; false when one is, or might be. */
function isOutside(codings: readonly CodedValue[], valueSet: string, terminology: Terminology): boolean {
  return codings.every((coding) => terminology.membership(valueSet, coding) === 'not-member');
}

/** A concept in words alone has no code, which a required binding does not allow; a value with extensions only may say why. */
function lacksCode(value: unknown): boolean {
  return isObject(value) && value['extension'] === undefined && value['currency'] === undefined;
}

type Breaks = (value: unknown, context: CheckContext) => boolean;

function breaksRule({ strength, valueSet, maximum }: Binding, terminology: Terminology): Breaks | undefined {
  const limit = strength === 'required' ? valueSet : maximum;
  if (limit === undefined) return undefined;
  return (value) => {
    const codings = codingsIn(value);
    if (codings.length > 0) return isOutside(codings, limit, terminology);
    return strength === 'required' && lacksCode(value);
  };
}

const breaksAdvice =
  ({ valueSet }: Binding, terminology: Terminology): Breaks =>
  (value) => {
    const codings = codingsIn(value);
    return codings.length > 0 && isOutside(codings, valueSet, terminology);
  };

export function binding(terminology: Terminology): CodeKeywordDefinition {
  return {
    keyword: 'binding',
    schemaType: 'object',
    error: { message: 'binding', params: ({ params }) => _`{valueSet: ${params['valueSet']}}` },
    code(context) {
      const { gen, data } = context;
      const bound = context.schema as Binding;
      const rule = breaksRule(bound, terminology);
      if (rule) {
        const breaks = gen.scopeValue('func', { ref: rule });
        context.setParams({ valueSet: _`${bound.strength === 'required' ? bound.valueSet : (bound.maximum ?? '')}` });
        gen.if(_`${breaks}(${data})`, () => context.error());
      }
      if (bound.strength === 'required') return;
      const { strength, valueSet } = bound;
      const breaks = gen.scopeValue('func', { ref: breaksAdvice(bound, terminology) });
      warnWhen(context, _`${breaks}(${data})`, { strength, valueSet });
    },
  };
}
