/** Search parameter expressions that `compile-path.ts` does not know, run by fhirpath.js: slow, and complete. https://hl7.org/fhirpath/N1/ */
import { createRequire } from 'node:module';
import type { ElementModel } from '../fhir/element-model.ts';
import { notSupported } from '../fhir/fhir-error.ts';
import type { Expression } from './ast.ts';
import { branchesFor } from './branches-for.ts';
import type { CompiledPath } from './compiled-path.ts';
import { parse } from './parse.ts';
import { print } from './print.ts';
import { refersTo } from './referenced-type.ts';
import { rewrite } from './rewrite.ts';

export interface UserFunction {
  readonly fn: (inputs: readonly unknown[], ...parameters: readonly string[]) => readonly unknown[];
  readonly arity: Readonly<Record<number, readonly string[]>>;
}

interface Options {
  readonly async: false;
  readonly resolveInternalTypes: boolean;
  readonly traceFn: () => void;
  readonly userInvocationTable: Readonly<Record<string, UserFunction>>;
}

/** An expression, or one about a value of the type `base`. */
type Source = string | { readonly base: string; readonly expression: string };
type Run = (value: unknown, variables: Readonly<Record<string, unknown>>) => readonly unknown[];

export interface FhirPathModule {
  compile(expression: Source, model: unknown, options: Options): Run;
  types(values: readonly unknown[]): readonly string[];
  resolveInternalTypes(values: readonly unknown[]): readonly unknown[];
}

/** `resolve` would fetch what a reference points to, from wherever it says; `trace` would print patient data. */
const options: Options = {
  async: false,
  resolveInternalTypes: false,
  traceFn: () => {},
  userInvocationTable: {
    resolve: { fn: () => [], arity: { 0: [] } },
    refersTo: { fn: (inputs, type = '') => inputs.map(refersTo(type)), arity: { 1: ['String'] } },
  },
};

/** Says in terms that fhirpath.js runs what R4 means: `as` of several values filters them, and of a resolved reference only the type is asked. */
function adapt(node: Expression): Expression {
  if (node.kind === 'call' && node.name === 'as') return { ...node, name: 'ofType' };
  if (node.kind !== 'type') return node;
  const { position, operand, type } = node;
  if (node.operator === 'as') {
    const argument: Expression = { kind: 'member', input: undefined, name: type, position };
    return { kind: 'call', input: operand, name: 'ofType', arguments: [argument], position };
  }
  if (operand.kind !== 'call' || operand.name !== 'resolve') return node;
  const argument: Expression = { kind: 'literal', type: 'string', text: type, position };
  return { ...operand, name: 'refersTo', arguments: [argument] };
}

/** `FHIR.CodeableConcept` is `CodeableConcept`, `System.Boolean` is `boolean`. */
function typeCode(name: string): string {
  const [space, type = name] = name.split('.');
  return space === 'System' && type !== 'Quantity' ? type.charAt(0).toLowerCase() + type.slice(1) : type;
}

/** What a resource makes impossible to evaluate (several values where one is wanted) yields nothing: that is no reason to refuse the resource. */
function valuesOf(run: Run, resource: object): readonly unknown[] {
  try {
    return run(resource, { resource, rootResource: resource });
  } catch {
    return [];
  }
}

/** fhirpath.js and its model of R4. It takes 150 ms to load, so it is loaded when first needed. */
export function loadInterpreter(): { readonly fhirpath: FhirPathModule; readonly model: unknown } {
  const require = createRequire(import.meta.url);
  return { fhirpath: require('fhirpath') as FhirPathModule, model: require('fhirpath/fhir-context/r4') as unknown };
}

/** Like `compilePath`, for any FHIRPath. Throws FhirError 400 for what is not FHIRPath or what fhirpath.js refuses. */
export function interpretPath(expression: string, type: string, elements: ElementModel): CompiledPath {
  const branches = branchesFor(type, parse(expression), elements);
  const { fhirpath, model } = loadInterpreter();
  try {
    const runs = branches.map((branch) => fhirpath.compile(print(rewrite(branch, adapt)), model, options));
    return {
      types: undefined,
      evaluate(resource, visit) {
        for (const run of runs) {
          const found = valuesOf(run, resource);
          const types = fhirpath.types(found);
          for (const [index, value] of fhirpath.resolveInternalTypes(found).entries()) {
            visit(value, typeCode(types[index] ?? ''));
          }
        }
      },
    };
  } catch {
    throw notSupported('This FHIRPath expression cannot be evaluated');
  }
}
