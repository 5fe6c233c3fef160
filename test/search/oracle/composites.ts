/** Composites: components of one and the same element. https://hl7.org/fhir/R4/search.html#composite */
import type { SearchParameter } from '../../../src/fhir/search-parameter.ts';
import { registry } from '../registry.ts';
import type { Asked } from './asked.ts';
import { askDate } from './dates.ts';
import { askQuantity } from './numbers.ts';
import { askString } from './texts.ts';
import { askToken } from './tokens.ts';
import { Choices } from './choices.ts';
import { componentValues, type Value } from './values.ts';

interface Part {
  readonly parameter: SearchParameter;
  readonly expression: string;
}

const asks: Readonly<Record<string, (pool: readonly Value[], choices: Choices) => Asked | undefined>> = {
  token: askToken,
  quantity: askQuantity,
  date: askDate,
  string: askString,
};

function partsOf({ component = [] }: SearchParameter): readonly Part[] {
  return component.flatMap(({ definition, expression }) => {
    const parameter = registry.byUrl(definition);
    return parameter ? [{ parameter, expression }] : [];
  });
}

/** Of a value that some element has, for each component. Elements are told their type by their path. */
export function askComposite(
  composite: SearchParameter,
  base: string,
  pool: readonly Value[],
  choices: Choices,
): Asked | undefined {
  const [element] = choices.of(pool) ?? [];
  const parts = partsOf(composite);
  const asked = parts.map(({ parameter, expression }) => {
    const own = componentValues(expression, base, element);
    const one = own.length > 0 ? asks[parameter.type]?.(own, choices) : undefined;
    // components have no modifiers, a token in them has a code, a unit its system
    const isWhole = one?.modifier === undefined && one?.text.endsWith('|') === false && !one.text.includes('||');
    return isWhole ? one : asks[parameter.type]?.(own, new Choices([]));
  });
  if (asked.length < 2 || !asked.every((one) => one !== undefined)) return undefined;
  return {
    text: asked.map(({ text }) => text).join('$'),
    holds: (values) =>
      values.some(([value]) =>
        asked.every(({ holds }, index) => holds(componentValues(parts[index]?.expression ?? '', base, value))),
      ),
  };
}
