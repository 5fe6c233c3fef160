/** Rules that are not compiled here, run by fhirpath.js: slow, and complete. https://hl7.org/fhirpath/N1/ */
import { compileSafePattern } from '../../fhir/safe-pattern.ts';
import type { Expression } from '../ast.ts';
import type { Truth } from '../evaluate/compile-truth.ts';
import type { InvariantContext } from '../evaluate/invocation.ts';
import { isObject, Unevaluable } from '../evaluate/node.ts';
import { loadInterpreter, type UserFunction } from '../interpreted-path.ts';
import { print } from '../print.ts';
import { rewrite } from '../rewrite.ts';

/** Constants of R4 that fhirpath.js does not know. https://hl7.org/fhir/R4/fhirpath.html#variables */
const constants: Readonly<Record<string, string>> = {
  sct: 'http://snomed.info/sct',
  loinc: 'http://loinc.org',
  vs: 'http://hl7.org/fhir/ValueSet/',
  ext: 'http://hl7.org/fhir/StructureDefinition/',
};

function adaptConstant(node: Extract<Expression, { kind: 'constant' }>): Expression {
  const [name = '', prefix, rest = ''] = /^(?:sct|loinc|(vs|ext)-(.+))$/.exec(node.name) ?? [];
  const known = constants[prefix ?? name];
  return known === undefined ? node : { kind: 'literal', type: 'string', text: known + rest, position: node.position };
}

/** Of several values `as` is meant to filter, where fhirpath.js fails. */
function adapt(node: Expression): Expression {
  if (node.kind === 'constant') return adaptConstant(node);
  if (node.kind === 'call' && node.name === 'as') return { ...node, name: 'ofType' };
  if (node.kind !== 'type' || node.operator !== 'as') return node;
  const { operand, type, position } = node;
  const argument: Expression = { kind: 'member', input: undefined, name: type, position };
  return { kind: 'call', input: operand, name: 'ofType', arguments: [argument], position };
}

/** What is matched is a name, a code, a URL. */
const longestText = 10_000;

function patternFor(text: unknown, source: string, part: 'whole' | 'any'): RegExp {
  const pattern = typeof text === 'string' && text.length <= longestText ? compileSafePattern(source, part) : undefined;
  if (!pattern) throw new Unevaluable();
  return pattern;
}

const ofEach = (parameters: readonly string[], run: (input: unknown, ...given: readonly string[]) => unknown) => ({
  fn: (inputs: readonly unknown[], ...given: readonly string[]) =>
    inputs.map((input) => run(input, ...given)).filter((result) => result !== undefined),
  arity: { [parameters.length]: parameters },
});

const matches = ofEach(['String'], (text, source = '') => patternFor(text, source, 'whole').test(String(text)));

/** What fhirpath.js would do by fetching, by running any pattern, or by asking a terminology server. */
function functionsIn(current: () => InvariantContext): Readonly<Record<string, UserFunction>> {
  return {
    resolve: ofEach([], (input) => {
      const reference = isObject(input) ? input['reference'] : input;
      return typeof reference === 'string' ? current().resolve?.(reference) : undefined;
    }),
    memberOf: ofEach(['String'], (input, valueSet = '') => current().memberOf?.(input, valueSet)),
    conformsTo: ofEach(['String'], (input, profile = '') => current().conformsTo?.(input, profile)),
    hasExtension: ofEach(['String'], (input, url) => {
      const extensions = isObject(input) ? input['extension'] : undefined;
      return Array.isArray(extensions) && extensions.some((one) => isObject(one) && one['url'] === url);
    }),
    htmlChecks: ofEach([], () => true),
    matches,
    matchesFull: matches,
    replaceMatches: ofEach(['String', 'String'], (text, source = '', by = '') =>
      String(text).replaceAll(patternFor(text, source, 'any'), by),
    ),
  };
}

function truthOf(found: readonly unknown[]): boolean | undefined {
  if (found.length > 1) throw new Unevaluable();
  const [value] = found;
  return value === undefined || typeof value === 'boolean' ? value : true;
}

const capitalise = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

/** Compiles a rule about values of `type` for fhirpath.js, which is loaded now. Throws what fhirpath.js throws of text that it cannot parse; evaluating throws Unevaluable. */
export function interpretInvariant(expression: Expression, type: string): Truth {
  const { fhirpath, model } = loadInterpreter();
  const running: InvariantContext[] = [];
  const options = {
    async: false,
    resolveInternalTypes: true,
    traceFn: () => {},
    userInvocationTable: functionsIn(() => {
      const context = running.at(-1);
      if (!context) throw new Unevaluable();
      return context;
    }),
  } as const;
  const text = print(rewrite(expression, adapt));
  const alone = fhirpath.compile({ base: type, expression: text }, model, options);
  // only as a part of something else does a primitive have its sibling
  const withSibling = fhirpath.compile({ base: 'Extension', expression: `value.select(${text})` }, model, options);
  const property = `value${capitalise(type)}`;
  return (value, context, sibling) => {
    running.push(context);
    try {
      const variables = {
        resource: context.resource,
        rootResource: context.rootResource,
        extension: context.extension,
      };
      if (sibling === undefined) return truthOf(alone(value, variables));
      return truthOf(withSibling({ [property]: value, [`_${property}`]: sibling }, variables));
    } catch {
      throw new Unevaluable();
    } finally {
      running.pop();
    }
  };
}
