/** Orders by R4's words: of several values the one that comes first in that direction counts, what has none comes last. https://hl7.org/fhir/R4/search.html#sort */
import type { Choices } from './choices.ts';
import { spanOf } from './dates.ts';
import { amountOf } from './amounts.ts';
import { folded, textsOf } from './texts.ts';
import { writtenIn } from './tokens.ts';
import { isText, type StoredResource, type Value, valuesOf } from './values.ts';
import type { World } from './world.ts';

type Key = readonly (string | number)[];

export interface Order {
  readonly text: string;
  /** Below 0 when the first comes before the second. */
  compare(first: StoredResource, second: StoredResource): number;
}

const keysOf: Readonly<Record<string, (value: Value) => readonly Key[]>> = {
  date: (value) => [spanOf(value)].filter((one) => one !== undefined),
  number: (value) => [amountOf(value)].flatMap((one) => (one ? [[one.low, one.high]] : [])),
  quantity: (value) => [amountOf(value)].flatMap((one) => (one ? [[one.low, one.high]] : [])),
  string: (value) => textsOf(value).map((text) => [folded(text)]),
  token: (value) => writtenIn(value).map((text) => [folded(text)]),
  uri: ([value]) => (isText(value) ? [[value]] : []),
};

function compareParts(one: string | number, other: string | number): number {
  if (typeof one === 'number' || typeof other === 'number') return one === other ? 0 : one < other ? -1 : 1;
  return Buffer.compare(Buffer.from(one), Buffer.from(other));
}

function compareKeys(one: Key, other: Key): number {
  for (const [index, part] of one.entries()) {
    const compared = compareParts(part, other[index] ?? part);
    if (compared !== 0) return compared;
  }
  return 0;
}

const emptyText = (key: Key): boolean => key.length === 1 && key[0] === '';

/** By one parameter; undefined for those that this oracle knows no order of. */
export function order(type: string, choices: Choices, world: World): Order | undefined {
  const column = choices.of(world.columnsOf([type]));
  const of = column && keysOf[column.parameter.type];
  if (!column || !of) return undefined;
  const { parameter, pool } = column;
  // what is beside identifiers tells nothing of their order
  if (pool.some(([, kind]) => kind === 'Identifier' || kind === 'ContactPoint')) return undefined;
  const descending = choices.below(2) === 1;
  const best = (resource: StoredResource): Key | undefined => {
    const keys = valuesOf(parameter, resource)
      .flatMap(of)
      .filter((key) => !emptyText(key))
      .toSorted(compareKeys);
    return descending ? keys.at(-1) : keys[0];
  };
  return {
    text: descending ? `-${parameter.code}` : parameter.code,
    compare(first, second) {
      const [one, other] = [best(first), best(second)];
      if (!one || !other) return one ? -1 : other ? 1 : 0;
      return descending ? compareKeys(other, one) : compareKeys(one, other);
    },
  };
}
