/** Searches made at random from what resources hold, each with what it means. https://hl7.org/fhir/R4/search.html */
import type { SearchParameter } from '../../../src/fhir/search-parameter.ts';
import type { Asked } from './asked.ts';
import type { Choices } from './choices.ts';
import { askComposite } from './composites.ts';
import { askDate } from './dates.ts';
import { askNumber, askQuantity } from './numbers.ts';
import { askReference } from './references.ts';
import { askString } from './texts.ts';
import { askToken } from './tokens.ts';
import { askUri } from './uris.ts';
import { type StoredResource, type Value, valuesOf } from './values.ts';
import { type Column, targetTypes, type World } from './world.ts';

export interface Criterion {
  /** `code`, `code:modifier`, a chain or a reverse chain. */
  readonly name: string;
  readonly value: string;
  holds(resource: StoredResource): boolean;
}

/** What this oracle knows no meaning of: repeating times, measurements by signal. */
const unknownTypes: ReadonlySet<string> = new Set(['Timing', 'SampledData']);

/** The path of a composite's elements; undefined where they are of several paths. */
function baseOf({ expression = '' }: SearchParameter, type: string): string | undefined {
  const own = expression
    .split('|')
    .map((branch) => branch.trim())
    .filter((branch) => branch.split('.')[0] === type);
  return own.length === 1 ? own[0] : undefined;
}

function ask({ type, parameter, pool }: Column, choices: Choices): Asked | undefined {
  if (pool.some(([, valueType]) => unknownTypes.has(valueType))) return undefined;
  const { type: kind } = parameter;
  if (kind === 'composite') {
    const base = baseOf(parameter, type);
    return base === undefined ? undefined : askComposite(parameter, base, pool, choices);
  }
  if (kind === 'reference') return askReference(pool, choices, targetTypes(parameter));
  const asks: Readonly<Record<string, (values: readonly Value[], from: Choices) => Asked | undefined>> = {
    string: askString,
    token: askToken,
    date: askDate,
    number: askNumber,
    quantity: askQuantity,
    uri: askUri,
  };
  return asks[kind]?.(pool, choices);
}

/** Two values with a comma between, when the second is asked in the same way. */
function askEither(column: Column, choices: Choices): Asked | undefined {
  const first = ask(column, choices);
  if (!first || column.parameter.type === 'composite' || choices.below(4) > 0) return first;
  const second = ask(column, choices);
  if (!second || second.modifier !== first.modifier) return first;
  const either = (values: readonly Value[]) => first.holds(values) || second.holds(values);
  const neither = (values: readonly Value[]) => first.holds(values) && second.holds(values);
  // none of two is neither of them
  return { ...first, text: `${first.text},${second.text}`, holds: first.modifier === 'not' ? neither : either };
}

/** One parameter of the type itself. */
function plain(type: string, choices: Choices, world: World): Criterion | undefined {
  const columns = world.columnsOf(type);
  // most parameters are tokens: the kind is chosen first
  const kind = choices.of([...new Set(columns.map(({ parameter }) => parameter.type))]);
  const column = choices.of(columns.filter(({ parameter }) => parameter.type === kind));
  if (!column) return undefined;
  const { parameter } = column;
  if (choices.below(12) === 11 && parameter.type !== 'composite') {
    const isMissing = choices.below(2) === 0;
    return {
      name: `${parameter.code}:missing`,
      value: String(isMissing),
      holds: (resource) => (valuesOf(parameter, resource).length === 0) === isMissing,
    };
  }
  const asked = askEither(column, choices);
  return (
    asked && {
      name: asked.modifier === undefined ? parameter.code : `${parameter.code}:${asked.modifier}`,
      value: asked.text,
      holds: (resource) => asked.holds(valuesOf(parameter, resource)),
    }
  );
}

/** Reference parameters of a type that lead to another that is here. */
function linksOf(type: string, world: World) {
  return world
    .columnsOf(type)
    .filter(({ parameter, pool }) => parameter.type === 'reference' && pool.some(([, kind]) => kind === 'Reference'))
    .flatMap(({ parameter }) =>
      targetTypes(parameter)
        .filter((to) => world.types.includes(to))
        .map((to) => ({ parameter, to })),
    );
}

function chain(type: string, depth: number, choices: Choices, world: World): Criterion | undefined {
  const link = choices.of(linksOf(type, world));
  const inner = link && criterion(link.to, depth + 1, choices, world);
  if (!link || !inner) return undefined;
  const { parameter, to } = link;
  return {
    name: `${parameter.code}:${to}.${inner.name}`,
    value: inner.value,
    holds: (resource) =>
      world.targetsOf(parameter, resource).some((target) => target.resourceType === to && inner.holds(target)),
  };
}

function reverse(type: string, depth: number, choices: Choices, world: World): Criterion | undefined {
  const links = world.types.flatMap((from) =>
    linksOf(from, world)
      .filter(({ to }) => to === type)
      .map((link) => ({ ...link, from })),
  );
  const link = choices.of(links);
  const inner = link && criterion(link.from, depth + 1, choices, world);
  if (!link || !inner) return undefined;
  const { parameter, from } = link;
  const found = new Set<StoredResource>();
  for (const resource of world.ofType(from)) {
    if (inner.holds(resource)) for (const target of world.targetsOf(parameter, resource)) found.add(target);
  }
  return {
    name: `_has:${from}:${parameter.code}:${inner.name}`,
    value: inner.value,
    holds: (resource) => found.has(resource),
  };
}

const deepest = 3;

/** Undefined when the choices lead to nothing that can be asked. */
export function criterion(type: string, depth: number, choices: Choices, world: World): Criterion | undefined {
  const way = depth < deepest ? choices.below(8) : 0;
  if (way === 7) return reverse(type, depth, choices, world);
  if (way >= 5) return chain(type, depth, choices, world);
  return plain(type, choices, world);
}
