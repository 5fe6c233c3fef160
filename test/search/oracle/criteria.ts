/** Searches made at random from what resources hold, each with what it means. https://hl7.org/fhir/R4/search.html */
import { askEither } from './ask.ts';
import type { Choices } from './choices.ts';
import { askFilter } from './filters.ts';
import type { StoredResource } from './values.ts';
import { type Column, targetTypes, type World } from './world.ts';

export interface Criterion {
  /** `code`, `code:modifier`, a chain or a reverse chain. */
  readonly name: string;
  readonly value: string;
  holds(resource: StoredResource): boolean;
}

/** By logical id: some of those there are, or all but these. */
function ids(types: readonly string[], choices: Choices, world: World): Criterion | undefined {
  const all = world.ofTypes(types);
  const wanted = new Set([choices.of(all)?.id, choices.of(all)?.id, 'nobody'].filter((id) => id !== undefined));
  const isNot = choices.below(4) === 3;
  return {
    name: isNot ? '_id:not' : '_id',
    value: [...wanted].join(),
    holds: ({ id }) => wanted.has(id) !== isNot,
  };
}

/** One parameter, in any way that it can be asked. */
export function ofColumn(column: Column, choices: Choices): Criterion | undefined {
  const { parameter, valuesOf } = column;
  if (choices.below(12) === 11 && parameter.type !== 'composite') {
    const isMissing = choices.below(2) === 0;
    return {
      name: `${parameter.code}:missing`,
      value: String(isMissing),
      holds: (resource) => (valuesOf(resource).length === 0) === isMissing,
    };
  }
  const asked = askEither(column, choices);
  return (
    asked && {
      name: asked.modifier === undefined ? parameter.code : `${parameter.code}:${asked.modifier}`,
      value: asked.text,
      holds: (resource) => asked.holds(valuesOf(resource)),
    }
  );
}

/** One parameter that all of the types have. */
export function plain(types: readonly string[], choices: Choices, world: World): Criterion | undefined {
  const columns = world.columnsOf(types);
  // most parameters are tokens: the kind is chosen first
  const kind = choices.of([...new Set(columns.map(({ parameter }) => parameter.type))]);
  const column = choices.of(columns.filter(({ parameter }) => parameter.type === kind));
  return column && ofColumn(column, choices);
}

/** Reference parameters of a type that lead to another that is here. */
function linksOf(type: string, world: World) {
  return world
    .columnsOf([type])
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
  for (const resource of world.ofTypes([from])) {
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
  const way = depth < deepest ? choices.below(9) : 0;
  if (way === 8 && depth === 0) {
    const filter = askFilter(type, 0, choices, world);
    return filter && { name: '_filter', value: filter.text, holds: (resource) => filter.holds(resource) };
  }
  // at the end of a chain an id is that of a stored resource, whatever is contained
  if (way === 0 && depth === 0 && choices.below(10) === 9) return ids([type], choices, world);
  if (way >= 7) return reverse(type, depth, choices, world);
  if (way >= 5) return chain(type, depth, choices, world);
  return plain([type], choices, world);
}
