/** One value of a parameter of any type, asked for in any way that the type has. https://hl7.org/fhir/R4/search.html#ptypes */
import type { Asked } from './asked.ts';
import type { Choices } from './choices.ts';
import { askComposite } from './composites.ts';
import { askDate } from './dates.ts';
import { askNumber } from './numbers.ts';
import { askNear } from './places.ts';
import { askQuantity } from './quantities.ts';
import { askReference } from './references.ts';
import { askString } from './texts.ts';
import { askToken } from './tokens.ts';
import { askUri } from './uris.ts';
import type { Value } from './values.ts';
import { type Column, targetTypes } from './world.ts';

const asks: Readonly<Record<string, (values: readonly Value[], from: Choices) => Asked | undefined>> = {
  string: askString,
  token: askToken,
  date: askDate,
  number: askNumber,
  quantity: askQuantity,
  uri: askUri,
  special: askNear,
};

export function ask({ parameter, pool }: Column, choices: Choices): Asked | undefined {
  if (parameter.type === 'composite') return askComposite(parameter, pool, choices);
  if (parameter.type === 'reference') return askReference(pool, choices, targetTypes(parameter));
  return asks[parameter.type]?.(pool, choices);
}

const negated: ReadonlySet<string | undefined> = new Set(['not', 'not-in']);

/** Two values with a comma between, when the second is asked in the same way. */
export function askEither(column: Column, choices: Choices): Asked | undefined {
  const first = ask(column, choices);
  if (!first || choices.below(4) > 0) return first;
  const second = ask(column, choices);
  if (!second || second.modifier !== first.modifier) return first;
  const either = (values: readonly Value[]) => first.holds(values) || second.holds(values);
  const neither = (values: readonly Value[]) => first.holds(values) && second.holds(values);
  // none of two is neither of them
  return { ...first, text: `${first.text},${second.text}`, holds: negated.has(first.modifier) ? neither : either };
}
