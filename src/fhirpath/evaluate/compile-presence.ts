/** Whether a path leads to anything, asked of the JSON itself: what most rules of R4 are made of. https://hl7.org/fhirpath/N1/#existence */
import type { ElementModel } from '../../fhir/element-model.ts';
import type { Expression } from '../ast.ts';
import { isKindOf } from '../type-hierarchy.ts';
import { propertiesOf } from './children.ts';
import { isObject } from './node.ts';

/** True when a value of the type it was made for has what the path leads to. */
export type Presence = (value: unknown) => boolean;

/** The names of a chain `a.b.c` that starts at the value in hand; undefined for any other expression. */
export function chainOf(expression: Expression, type: string, elements: ElementModel): readonly string[] | undefined {
  if (expression.kind === 'variable') return expression.name === 'this' ? [] : undefined;
  if (expression.kind !== 'member') return undefined;
  if (expression.input) {
    const before = chainOf(expression.input, type, elements);
    return before && [...before, expression.name];
  }
  const isTypeName = elements.type(expression.name) !== undefined;
  if (isTypeName) return isKindOf(type, expression.name, elements) ? [] : undefined;
  return [expression.name];
}

const never: Presence = () => false;

/** Up to so many names it is quicker to ask for each than to look at what there is: an extension may have one of a hundred. */
const fewNames = 8;

function lastStep(names: readonly string[]): Presence {
  const [first = '', second = '', ...others] = names;
  if (names.length > fewNames) {
    const known = new Set(names);
    return (value) => {
      if (!isObject(value)) return false;
      for (const name in value) if (known.has(name) && value[name] !== undefined) return true;
      return false;
    };
  }
  if (others.length > 0) {
    return (value) => isObject(value) && names.some((name) => value[name] !== undefined);
  }
  return (value) => isObject(value) && (value[first] !== undefined || value[second] !== undefined);
}

const anyOf =
  (name: string, next: Presence): Presence =>
  (value) => {
    if (!isObject(value)) return false;
    const child = value[name];
    if (child === undefined) return false;
    return Array.isArray(child) ? child.some(next) : next(child);
  };

/** Makes the test for a chain of elements below `type`; undefined when what is on the way is known only at run time. */
export function presenceOf(chain: readonly string[], type: string, elements: ElementModel): Presence | undefined {
  const [name, ...rest] = chain;
  if (name === undefined) return (value) => value !== undefined;
  if (type === 'Resource' || elements.type(type)?.kind === 'primitive') return undefined;
  const properties = propertiesOf(elements, type, name);
  if (properties.length === 0) return never;
  if (rest.length === 0) return lastStep(properties.flatMap((property) => [property.name, property.sibling]));
  const branches: Presence[] = [];
  for (const property of properties) {
    const next = presenceOf(rest, property.type, elements);
    if (!next) return undefined;
    branches.push(anyOf(property.name, next));
  }
  const [only = never, ...others] = branches;
  return others.length === 0 ? only : (value) => branches.some((branch) => branch(value));
}
