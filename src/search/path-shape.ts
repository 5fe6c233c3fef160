/** What an expression alone tells of the values that it finds. https://hl7.org/fhir/R4/searchparameter-definitions.html#SearchParameter.expression */
import type { ElementDefinition, ElementModel } from '../fhir/element-model.ts';
import type { Expression } from '../fhirpath/ast.ts';
import { branchesFor } from '../fhirpath/branches-for.ts';
import { parse } from '../fhirpath/parse.ts';
import { print } from '../fhirpath/print.ts';
import { isKindOf } from '../fhirpath/type-hierarchy.ts';

export interface PathShape {
  /** True when it finds one value at most. */
  readonly isSingle: boolean;
  /** The system that R4 implies for every code that it finds. */
  readonly system?: string;
  /** Names of elements from the resource on, where it is one path. */
  readonly names?: readonly string[];
}

/** The path without conversions and conditions, neither of which makes more of it. */
function plain(expression: Expression): Expression | undefined {
  switch (expression.kind) {
    case 'type':
      return expression.operator === 'as' ? plain(expression.operand) : undefined;
    case 'call':
      return ['as', 'ofType', 'where', 'first'].includes(expression.name) && expression.input
        ? plain(expression.input)
        : undefined;
    case 'member': {
      if (!expression.input) return expression;
      const input = plain(expression.input);
      return input && { ...expression, input };
    }
    default:
      return undefined;
  }
}

/** Element names from the root; undefined for what is no chain of elements. */
function namesOf(expression: Expression): readonly string[] | undefined {
  if (expression.kind !== 'member') return undefined;
  if (!expression.input) return [expression.name];
  const before = namesOf(expression.input);
  return before && [...before, expression.name];
}

/** `partOf` of `Location.partOf`. */
function withoutRoot(names: readonly string[], type: string, elements: ElementModel): readonly string[] {
  const [root = '', ...others] = names;
  return isKindOf(type, root, elements) ? others : names;
}

/** The definitions of the elements on the way; undefined where one of them has several types or is not known. */
function elementsOf(names: readonly string[], type: string, elements: ElementModel) {
  const found: ElementDefinition[] = [];
  let current = type;
  for (const name of names) {
    const element = elements.type(current)?.elements[name];
    if (!element) return undefined;
    found.push(element);
    current = element.types.length === 1 ? (element.types[0] ?? '') : '';
  }
  return found;
}

/** Several branches about one element, each with another type of it, are one path. */
export function pathShape(expression: string, type: string, elements: ElementModel): PathShape {
  const branches = branchesFor(type, parse(expression), elements).map(plain);
  const paths = new Map(branches.map((branch) => [branch && print(branch), branch]));
  const ways = [...paths.values()].map((branch) => {
    const names = branch && namesOf(branch);
    return names && withoutRoot(names, type, elements);
  });
  const found = ways.map((names) => names && elementsOf(names, type, elements));
  const [first] = found;
  const [names] = ways;
  const isSingle = found.length === 1 && first !== undefined && first.every(({ many = false }) => !many);
  const systems = new Set(found.map((path) => path?.at(-1)?.system));
  const [system] = systems;
  return {
    isSingle,
    ...(systems.size === 1 && system !== undefined && { system }),
    ...(ways.length === 1 && names && { names }),
  };
}
