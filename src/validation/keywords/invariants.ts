/** `invariants: [{ key, type, severity, human, expression }]`: the rules that R4 states for a value, compiled from their FHIRPath or written in TypeScript. https://hl7.org/fhir/R4/conformance-rules.html#constraints */
import { type CodeKeywordDefinition, _ } from 'ajv';
import type { ElementModel } from '../../fhir/element-model.ts';
import { compileInvariant, type InvariantContext } from '../../fhirpath/invariant/compile-invariant.ts';
import type { NativeInvariants } from '../native-invariants.ts';
import { warnWhen } from './warn.ts';

interface Rule {
  readonly key: string;
  readonly type: string;
  readonly severity: 'error' | 'warning';
  readonly human: string;
  readonly expression: string;
}

type Holds = (value: unknown, context: InvariantContext) => boolean;

export interface InvariantOptions {
  readonly native: NativeInvariants;
  readonly elements: ElementModel;
}

/** A rule is broken when it is false. Empty is no answer: bdl-8 of an entry without fullUrl, ref-1 of a logical reference. */
function compileRule({ key, type, expression }: Rule, { native, elements }: InvariantOptions): Holds {
  const written = native.get(key);
  if (written) return written as Holds;
  const evaluate = compileInvariant(expression, type, elements);
  return (value, context) => evaluate(value, context) !== false;
}

export function invariants(options: InvariantOptions): CodeKeywordDefinition {
  return {
    keyword: 'invariants',
    schemaType: 'array',
    error: { message: 'invariant', params: ({ params }) => _`{key: ${params['key']}, human: ${params['human']}}` },
    code(context) {
      const { gen, data } = context;
      for (const rule of context.schema as readonly Rule[]) {
        const check = gen.scopeValue('func', { ref: compileRule(rule, options) });
        const { key, human } = rule;
        if (rule.severity === 'warning') {
          warnWhen(context, _`${data} !== null && !${check}(${data}, this)`, { key, human });
          continue;
        }
        gen.if(_`${data} !== null && !${check}(${data}, this)`, () => {
          context.setParams({ key: _`${key}`, human: _`${human}` });
          context.error();
        });
      }
    },
  };
}
