/** Compiles any FHIRPath expression to a function. Values carry their types at run time, so it works wherever it is evaluated; what is common and simple has a faster way in `compile-truth.ts`. https://hl7.org/fhirpath/N1/ */
import type { ElementModel } from '../../fhir/element-model.ts';
import { type Binary, type Call, type Expression, type Literal, typeNameOf } from '../ast.ts';
import { isKindOf } from '../type-hierarchy.ts';
import { spend } from './budget.ts';
import type { Children } from './children.ts';
import { functionsOfCollections } from './functions-of-collections.ts';
import { functionsOfValues } from './functions-of-values.ts';
import type { Evaluate, FunctionDefinition, Scope } from './invocation.ts';
import { type Node, type Nodes, nothing, numberOf, truthNodes, truthOf, Unevaluable } from './node.ts';
import { isWorthKeeping, kept } from './kept.ts';
import { operators } from './operators.ts';
import { typeTest } from './type-test.ts';
import { withInput } from './with-input.ts';

/** Thrown while compiling: the expression uses what is not known here. */
export class Uncompilable extends Error {}

const functions: ReadonlyMap<string, FunctionDefinition> = new Map(
  Object.entries({ ...functionsOfCollections, ...functionsOfValues }),
);
/** Operators whose work grows with what they are applied to. */
const ofLists: ReadonlySet<string> = new Set(['|', 'in', 'contains']);
/** Their argument names a type and is not evaluated. */
const typeFunctions: ReadonlySet<string> = new Set(['ofType', 'as', 'is']);

export interface CompileOptions {
  readonly elements: ElementModel;
  readonly children: Children;
}

function resourceNode(value: object): Nodes {
  const { resourceType } = value as { resourceType?: unknown };
  return [{ value, type: typeof resourceType === 'string' ? resourceType : 'Resource' }];
}

const constants: Readonly<Record<string, (scope: Scope) => Nodes>> = {
  resource: ({ context }) => resourceNode(context.resource),
  rootResource: ({ context }) => resourceNode(context.rootResource),
  context: ({ start }) => [start],
  extension: ({ context: { extension } }) => (extension ? [{ value: extension, type: 'Extension' }] : nothing),
  ucum: () => [{ value: 'http://unitsofmeasure.org', type: 'string' }],
  sct: () => [{ value: 'http://snomed.info/sct', type: 'string' }],
  loinc: () => [{ value: 'http://loinc.org', type: 'string' }],
};

/** `%"vs-name"` and `%"ext-name"` are shorthands of R4's canonical URLs. */
function constantOf(name: string): (scope: Scope) => Nodes {
  const known = Object.hasOwn(constants, name) ? constants[name] : undefined;
  if (known) return known;
  const [, kind, rest] = /^(vs|ext)-(.+)$/.exec(name) ?? [];
  if (kind === undefined) throw new Uncompilable();
  const value = `http://hl7.org/fhir/${kind === 'vs' ? 'ValueSet' : 'StructureDefinition'}/${rest}`;
  return () => [{ value, type: 'string' }];
}

function literalNode({ type, text }: Literal): Node {
  if (type === 'boolean') return { value: text === 'true', type };
  if (type === 'integer' || type === 'decimal') return { value: Number(text), type };
  return { value: type === 'time' ? text.replace(/^T/, '') : text, type };
}

/** And, or, xor and implies, the left side first. https://hl7.org/fhirpath/N1/#boolean-logic */
export function combineTruth(operator: string, left: boolean | undefined, right: () => boolean | undefined) {
  switch (operator) {
    case 'and': {
      if (left === false) return false;
      const other = right();
      return other === false ? false : left && other;
    }
    case 'or': {
      if (left === true) return true;
      const other = right();
      return other === true ? true : left === undefined || other === undefined ? undefined : false;
    }
    case 'implies': {
      if (left === false) return true;
      const other = right();
      return other === true ? true : left === undefined || other === undefined ? undefined : false;
    }
    default: {
      const other = right();
      return left === undefined || other === undefined ? undefined : left !== other;
    }
  }
}

export const logicalOperators: ReadonlySet<string> = new Set(['and', 'or', 'xor', 'implies']);

class Compiler {
  readonly #options: CompileOptions;

  constructor(options: CompileOptions) {
    this.#options = options;
  }

  compile(expression: Expression): Evaluate {
    const evaluate = this.#compile(expression);
    return isWorthKeeping(expression) ? kept(evaluate) : evaluate;
  }

  #compile(expression: Expression): Evaluate {
    switch (expression.kind) {
      case 'empty':
        return () => nothing;
      case 'literal': {
        const nodes = [literalNode(expression)];
        return () => nodes;
      }
      case 'quantity': {
        const { value, unit, system } = expression;
        const ucum = system === 'ucum' ? { system: 'http://unitsofmeasure.org', code: unit } : { unit };
        const nodes = [{ value: { value: Number(value), ...ucum }, type: 'Quantity' }];
        return () => nodes;
      }
      case 'variable':
        return this.#variable(expression.name);
      case 'constant': {
        const constant = constantOf(expression.name);
        return (_self, scope) => constant(scope);
      }
      case 'member':
        return this.#member(expression.input, expression.name);
      case 'call':
        return this.#call(expression);
      case 'indexer':
        return this.#indexer(expression.input, expression.index);
      case 'polarity':
        return this.#polarity(expression.operand, expression.operator);
      case 'type':
        return this.#type(expression.operand, expression.operator, expression.type);
      default:
        return this.#binary(expression);
    }
  }

  #variable(name: 'this' | 'index' | 'total'): Evaluate {
    if (name === 'this') return (self) => [self];
    if (name === 'total') return (_self, { total }) => total ?? nothing;
    return (_self, { index }) => (index === undefined ? nothing : [{ value: index, type: 'integer' }]);
  }

  #member(input: Expression | undefined, name: string): Evaluate {
    const { children, elements } = this.#options;
    if (input) {
      const from = this.compile(input);
      return (self, scope) => {
        const found: Node[] = [];
        for (const node of from(self, scope)) children.named(node, name, found);
        return found;
      };
    }
    const isType = elements.type(name) !== undefined;
    return (self) => {
      // `Patient.name` begins at a Patient
      if (isType && isKindOf(self.type, name, elements)) return [self];
      const found: Node[] = [];
      children.named(self, name, found);
      return found;
    };
  }

  #call(call: Call): Evaluate {
    const { input, name } = call;
    // what iif decides on is the whole input, which may be empty
    const given = name === 'iif' && input ? call.arguments.map((one) => withInput(one, input)) : call.arguments;
    const definition = functions.get(name);
    if (!definition || given.length < definition.minimum || given.length > definition.maximum) throw new Uncompilable();
    const from = input && this.compile(input);
    const typeName = typeFunctions.has(name) ? typeNameOf(given[0]) : undefined;
    if (typeFunctions.has(name) && typeName === undefined) throw new Uncompilable();
    const compiled = typeName === undefined ? given.map((one) => this.compile(one)) : [];
    const { children, elements } = this.#options;
    return (self, scope) =>
      definition.run({
        input: from ? from(self, scope) : [self],
        self,
        scope,
        arguments: compiled,
        typeName,
        children,
        elements,
      });
  }

  #indexer(input: Expression, index: Expression): Evaluate {
    const [from, at] = [this.compile(input), this.compile(index)];
    return (self, scope) => {
      const position = numberOf(at(self, scope));
      return position === undefined ? nothing : from(self, scope).slice(position, position + 1);
    };
  }

  #polarity(operand: Expression, operator: '+' | '-'): Evaluate {
    const of = this.compile(operand);
    if (operator === '+') return of;
    return (self, scope) => {
      const nodes = of(self, scope);
      const value = numberOf(nodes);
      return value === undefined ? nothing : [{ value: -value, type: nodes[0]?.type ?? 'decimal' }];
    };
  }

  #type(operand: Expression, operator: 'is' | 'as', type: string): Evaluate {
    const of = this.compile(operand);
    const test = typeTest(type, this.#options.elements);
    if (operator === 'as') return (self, scope) => of(self, scope).filter(test);
    return (self, scope) => {
      const nodes = of(self, scope);
      if (nodes.length > 1) throw new Unevaluable();
      return nodes[0] ? truthNodes(test(nodes[0])) : nothing;
    };
  }

  #binary({ operator, left, right }: Binary): Evaluate {
    const [one, other] = [this.compile(left), this.compile(right)];
    if (logicalOperators.has(operator)) {
      return (self, scope) =>
        truthNodes(combineTruth(operator, truthOf(one(self, scope)), () => truthOf(other(self, scope))));
    }
    const run = operators[operator];
    if (!run) throw new Uncompilable();
    if (!ofLists.has(operator)) return (self, scope) => run(one(self, scope), other(self, scope));
    return (self, scope) => {
      const [first, second] = [one(self, scope), other(self, scope)];
      spend(scope, first.length + second.length);
      return run(first, second);
    };
  }
}

/** Throws Uncompilable for functions, operators and constants that are not known. Evaluating may throw Unevaluable. */
export function compileExpression(expression: Expression, options: CompileOptions): Evaluate {
  return new Compiler(options).compile(expression);
}
