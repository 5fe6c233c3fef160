/** Whole searches at random: criteria, an order, a page size. */
import { createHash } from 'node:crypto';
import { Choices } from './choices.ts';
import { type Criterion, criterion, ofColumn, plain } from './criteria.ts';
import { type Order, order } from './sorting.ts';
import type { StoredResource } from './values.ts';
import type { Column, World } from './world.ts';

export interface Search {
  readonly types: readonly string[];
  readonly criteria: readonly Criterion[];
  readonly orders: readonly Order[];
  readonly count: number;
  /** True when every criterion is to be taken for one that finds much. */
  readonly asBroad: boolean;
}

const observations: readonly string[] = Array.from({ length: 8 }, () => 'Observation');

const plainCode = ({ text }: Order): string => text.replace(/^-/, '');

/** Of one type; now and then of two, by what both have. */
function typesOf(choices: Choices, world: World): readonly string[] {
  // it has most of what is hard
  const type = choices.of([...world.types, ...(world.types.includes('Observation') ? observations : [])]) ?? '';
  const other = choices.below(12) === 11 ? choices.of(world.types) : undefined;
  return other === undefined || other === type ? [type] : [type, other];
}

/** At least one criterion or order; undefined when the choices lead to none. */
export function searchOf(choices: Choices, world: World): Search | undefined {
  const types = typesOf(choices, world);
  const [type = ''] = types;
  const count = 1 + choices.below(20);
  const asBroad = choices.below(2) === 1;
  const [criteriaCount, orderCount] = [choices.below(4), choices.below(3)];
  const ask = () => (types.length === 1 ? criterion(type, 0, choices, world) : plain(types, choices, world));
  const criteria = Array.from({ length: criteriaCount }, ask).filter((one) => one !== undefined);
  const orders = Array.from({ length: types.length === 1 ? orderCount : 0 }, () => order(type, choices, world))
    .filter((one) => one !== undefined)
    .filter((one, index, all) => all.findIndex((other) => plainCode(other) === plainCode(one)) === index);
  return criteria.length + orders.length === 0 ? undefined : { types, criteria, orders, count, asBroad };
}

/** Numbers that look random and are always the same. */
function numbersOf(seed: number, count: number): readonly number[] {
  return Array.from({ length: count }, (_item, index) =>
    createHash('md5').update(`${seed} ${index}`).digest().readUInt32BE(),
  );
}

const rareKinds: ReadonlySet<string> = new Set(['number', 'quantity', 'special', 'composite']);

/** Few parameters can be asked in all these ways, so that each is asked more often. */
const isRare = ({ parameter, pool }: Column): boolean =>
  rareKinds.has(parameter.type) || pool.some(([, type]) => type === 'Identifier');

/** Every parameter that some resource has a value of, by itself, asked so many times. */
export function* sweepOf(world: World, rounds: number): Generator<Search> {
  const columns = world.types.flatMap((type) => world.columnsOf([type]));
  for (const [index, column] of columns.entries()) {
    for (let round = 0; round < (isRare(column) ? 4 : 1) * rounds; round += 1) {
      const one = ofColumn(column, new Choices(numbersOf(index * 1_000 + round, 40)));
      const asBroad = round % 2 === 1;
      if (one) yield { types: column.types, criteria: [one], orders: [], count: 200, asBroad };
    }
  }
}

export function queryOf({ criteria, orders, count }: Search): string {
  const query = new URLSearchParams(criteria.map(({ name, value }): [string, string] => [name, value]));
  if (orders.length > 0) query.append('_sort', orders.map(({ text }) => text).join());
  query.append('_count', String(count));
  return query.toString();
}

/** The first pair that stands the wrong way round. */
export function disorderOf(found: readonly StoredResource[], { orders }: Search): string | undefined {
  for (const [index, after] of found.entries()) {
    const before = found[index - 1];
    const compared = before ? orders.map(({ compare }) => compare(before, after)).find((one) => one !== 0) : 0;
    if ((compared ?? 0) > 0) return `${before?.id} before ${after.id}`;
  }
  return undefined;
}

const prefixed: ReadonlySet<string> = new Set(['date', 'number', 'quantity']);

/** `Observation` and `code:not` are `token:not`, `date=ge2020` is `date ge`. */
export function kindsOf({ types, criteria, orders }: Search, world: World): readonly string[] {
  const kinds = criteria.map(({ name, value }) => {
    if (name.startsWith('_has')) return '_has';
    if (name.startsWith('_filter') || name.startsWith('_id')) return name;
    if (name.includes('.')) return 'chain';
    const [code = '', modifier] = name.split(':');
    const kind = world.parameter(types[0] ?? '', code)?.type ?? '';
    const [prefix] = (prefixed.has(kind) && modifier === undefined && /^[a-z]{2}/.exec(value)) || [];
    if (prefix !== undefined) return `${kind} ${prefix}`;
    return modifier === undefined ? kind : `${kind}:${/^[A-Z]/.test(modifier) ? '[type]' : modifier}`;
  });
  return [...kinds, ...(orders.length > 0 ? ['_sort'] : []), ...(types.length > 1 ? ['several types'] : [])];
}
