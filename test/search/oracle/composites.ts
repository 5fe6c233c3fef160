/** Composites: components of one and the same element. https://hl7.org/fhir/R4/search.html#composite */
import type { SearchParameter } from '../../../src/fhir/search-parameter.ts';
import { registry } from '../registry.ts';
import type { Asked } from './asked.ts';
import { Choices } from './choices.ts';
import { askDate } from './dates.ts';
import { askNumber } from './numbers.ts';
import { askQuantity } from './quantities.ts';
import { askReference } from './references.ts';
import { askString } from './texts.ts';
import { askToken } from './tokens.ts';
import { askUri } from './uris.ts';
import { componentValues, isJson, type StoredResource, type Value } from './values.ts';

interface Part {
  readonly parameter: SearchParameter;
  readonly expression: string;
}

type Ask = (pool: readonly Value[], choices: Choices) => Asked | undefined;

const asks: Readonly<Record<string, Ask>> = {
  token: askToken,
  quantity: askQuantity,
  number: askNumber,
  date: askDate,
  string: askString,
  uri: askUri,
  reference: (pool, choices) => askReference(pool, choices, []),
};

function partsOf({ component = [] }: SearchParameter): readonly Part[] {
  return component.flatMap(({ definition, expression }) => {
    const parameter = registry.byUrl(definition);
    return parameter ? [{ parameter, expression }] : [];
  });
}

const fromResource = '%resource.';

/** The values of a component; an element of a composite knows its path and the resource around it. */
function valuesIn(expression: string, [value, path]: Value): readonly Value[] {
  if (!isJson(value)) return [];
  const resource = value['resource'] as StoredResource;
  return expression.startsWith(fromResource)
    ? componentValues(expression.slice(fromResource.length), resource.resourceType, resource)
    : componentValues(expression, path, value['element']);
}

/** Components have no modifiers, a token in them has a code, a unit its system. */
function isWhole({ modifier, text }: Asked): boolean {
  return modifier === undefined && !text.endsWith('|') && !text.includes('||');
}

/** One that all components of an element can be asked for by: as chance has it, or, where that is not possible, in the simplest way. */
function askPart({ parameter, expression }: Part, element: Value, choices: Choices): Asked | undefined {
  const own = valuesIn(expression, element);
  if (own.length === 0) return undefined;
  const one = asks[parameter.type]?.(own, choices);
  if (one && isWhole(one)) return one;
  const simplest = asks[parameter.type]?.(own, new Choices([]));
  return simplest && isWhole(simplest) ? simplest : undefined;
}

/** Of a value that some element has, for each component. */
export function askComposite(composite: SearchParameter, pool: readonly Value[], choices: Choices): Asked | undefined {
  // R4 lists the definitions of its components crosswise
  if (composite.code === 'relationship') return undefined;
  const parts = partsOf(composite);
  const whole = pool.filter((element) => parts.every(({ expression }) => valuesIn(expression, element).length > 0));
  const element = choices.of(whole);
  if (!element) return undefined;
  const asked = parts.map((part) => askPart(part, element, choices));
  if (asked.length < 2 || !asked.every((one) => one !== undefined)) return undefined;
  return {
    text: asked.map(({ text }) => text).join('$'),
    holds: (values) =>
      values.some((value) => asked.every(({ holds }, index) => holds(valuesIn(parts[index]?.expression ?? '', value)))),
  };
}
