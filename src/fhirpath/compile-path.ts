/** Compiles the FHIRPath that search parameters use into plain functions, typed by the element model. https://hl7.org/fhir/R4/searchparameter.html */
import type { ElementModel } from '../fhir/element-model.ts';
import { type Call, type Expression, type Indexer, typeNameOf } from './ast.ts';
import { branchesFor } from './branches-for.ts';
import { type CompileSteps, compileCondition, extensionHasUrl, Uncompilable } from './compile-condition.ts';
import type { CompiledPath } from './compiled-path.ts';
import { parse } from './parse.ts';
import { at, both, choice, end, isObject, property, type Step, when } from './steps.ts';
import { isKindOf } from './type-hierarchy.ts';

/** Compiles what follows a value of this type; undefined when nothing of that type goes on. */
type Next = (type: string) => Step | undefined;

const allOf = (steps: readonly (Step | undefined)[]): Step | undefined => {
  const present = steps.filter((step) => step !== undefined);
  return present.length > 0 ? both(present) : undefined;
};

class PathCompiler {
  private readonly elements: ElementModel;

  constructor(elements: ElementModel) {
    this.elements = elements;
  }

  /** The steps from a value of type `focus` through the expression to `next`. */
  readonly compile: CompileSteps = (expression, focus, next) => {
    switch (expression.kind) {
      case 'variable':
        if (expression.name !== 'this') throw new Uncompilable();
        return next(focus);
      case 'member':
        return this.member(expression, focus, next);
      case 'call':
        return this.call(expression, focus, next);
      case 'indexer':
        return this.indexer(expression, focus, next);
      case 'type':
        if (expression.operator === 'is') return this.condition(expression, focus, next);
        return this.compile(expression.operand, focus, this.ofType(expression.type, next));
      case 'binary':
        if (expression.operator !== '|') return this.condition(expression, focus, next);
        return allOf([this.compile(expression.left, focus, next), this.compile(expression.right, focus, next)]);
      default:
        throw new Uncompilable();
    }
  };

  private isResource(name: string): boolean {
    return this.elements.type(name)?.kind === 'resource';
  }

  private member({ input, name }: Extract<Expression, { kind: 'member' }>, focus: string, next: Next) {
    if (input) return this.compile(input, focus, (type) => this.element(type, name, next));
    if (isKindOf(focus, name, this.elements)) return next(focus);
    return this.isResource(name) ? undefined : this.element(focus, name, next);
  }

  /** An unknown element yields nothing, as in FHIRPath; but of a resource in a resource nobody knows before. */
  private element(type: string, name: string, next: Next): Step | undefined {
    const definition = this.elements.type(type);
    const known = definition && Object.hasOwn(definition.elements, name) ? definition.elements[name] : undefined;
    if (definition?.kind === 'primitive' && known) throw new Uncompilable();
    if (!known && (type === 'Resource' || type === 'DomainResource')) throw new Uncompilable();
    if (!known) return undefined;

    const alternatives = new Map<string, Step>();
    for (const elementType of known.types) {
      const step = next(elementType);
      const suffix = known.choice ? elementType.charAt(0).toUpperCase() + elementType.slice(1) : '';
      if (step) alternatives.set(name + suffix, step);
    }
    if (alternatives.size === 0) return undefined;
    const [first] = alternatives;
    return known.choice || !first ? choice(alternatives) : property(name, first[1]);
  }

  /** Lets pass what is of the type; for a resource within a resource that shows when it is there. */
  private ofType(name: string | undefined, next: Next): Next {
    const wanted = name?.replace(/^FHIR\./, '');
    if (!wanted || !this.elements.type(wanted)) throw new Uncompilable();
    return (type) => {
      if (isKindOf(type, wanted, this.elements)) return next(type);
      if (!isKindOf(wanted, type, this.elements) || !this.isResource(wanted)) return undefined;
      const step = next(wanted);
      return step && when((value) => isObject(value) && value['resourceType'] === wanted, step);
    };
  }

  private call(call: Call, focus: string, next: Next): Step | undefined {
    const [argument] = call.arguments;
    const from = (then: Next): Step | undefined => (call.input ? this.compile(call.input, focus, then) : then(focus));
    switch (call.name) {
      case 'as':
      case 'ofType':
        return from(this.ofType(typeNameOf(argument), next));
      case 'where':
        if (!argument) throw new Uncompilable();
        return from((type) => {
          const step = next(type);
          return step && when(compileCondition(argument, type, this.compile), step);
        });
      case 'extension':
        return from((type) => this.element(type, 'extension', this.withUrl(argument, next)));
      case 'first':
        return this.at(0, call.input, focus, next);
      default:
        return this.condition(call, focus, next);
    }
  }

  private withUrl(argument: Expression | undefined, next: Next): Next {
    const condition = extensionHasUrl(argument);
    return (type) => {
      const step = next(type);
      return step && when(condition, step);
    };
  }

  private indexer({ input, index }: Indexer, focus: string, next: Next): Step | undefined {
    if (index.kind !== 'literal' || index.type !== 'integer') throw new Uncompilable();
    return this.at(Number(index.text), input, focus, next);
  }

  private at(position: number, input: Expression | undefined, focus: string, next: Next): Step | undefined {
    const byType = new Map<string, Step>();
    const steps =
      input &&
      this.compile(input, focus, (type) => {
        const step = next(type);
        if (step) byType.set(type, step);
        return end(type);
      });
    return steps && at(position, steps, byType);
  }

  /** An expression that is true or false of the focus. */
  private condition(expression: Expression, focus: string, next: Next): Step | undefined {
    const condition = compileCondition(expression, focus, this.compile);
    const step = next('boolean');
    if (!step) return undefined;
    return (value, visit) => {
      const result = condition(value);
      if (result !== undefined) step(result, visit);
    };
  }
}

/**
 * Compiles an expression for values of one type, such as `Patient` or (for the parts of a composite) `Observation.component`.
 * Of a union only the branches that begin with that type, or one it is a kind of, take part. Returns undefined for what
 * this compiler does not know; throws FhirError 400 for what is not FHIRPath.
 */
export function compilePath(expression: string, type: string, elements: ElementModel): CompiledPath | undefined {
  const compiler = new PathCompiler(elements);
  const types = new Set<string>();
  const finish: Next = (found) => {
    types.add(found);
    return end(found);
  };
  try {
    const branches = branchesFor(type, parse(expression), elements);
    const steps = allOf(branches.map((branch) => compiler.compile(branch, type, finish)));
    return { types: [...types], evaluate: (resource, visit) => steps?.(resource, visit) };
  } catch (error) {
    if (error instanceof Uncompilable) return undefined;
    throw error;
  }
}
