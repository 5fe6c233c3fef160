/** Compares searches with what they mean by the words of R4, worked out in memory: the set over all pages, there and back, the order, the total. */
import { createExampleStore } from '../examples/example-store.ts';
import { Choices } from './choices.ts';
import { createCodes } from './codes.ts';
import { disorderOf, kindsOf, queryOf, type Search, searchOf, sweepOf } from './searches.ts';
import type { StoredResource } from './values.ts';
import { createWorld } from './world.ts';

export interface Tally {
  readonly searches: number;
  /** Searches that found something. */
  readonly answered: number;
  /** How often each kind of criterion was asked. */
  readonly kinds: Readonly<Record<string, number>>;
}

interface Answer {
  /** `Type/id`, sorted. */
  readonly keys: readonly string[];
  readonly total: number;
  /** The order in which going back shows what going forward showed. */
  readonly backward: readonly string[];
  readonly disorder: string | undefined;
}

export interface Comparison {
  /** The search as it was sent. */
  readonly asked: string;
  readonly expected: Answer;
  readonly found: Answer;
}

export interface Oracle {
  /** One search, which the numbers choose; undefined when they choose none. Throws when it is refused. */
  compare(numbers: readonly number[]): Promise<Comparison | undefined>;
  /** Every parameter by itself, asked so many times. */
  sweep(rounds: number): AsyncGenerator<Comparison>;
  tally(): Tally;
  close(): Promise<void>;
}

const keyOf = ({ resourceType, id }: StoredResource): string => `${resourceType}/${id}`;

export async function createOracle(resources: readonly StoredResource[]): Promise<Oracle> {
  const world = createWorld(resources);
  const byKey = new Map(resources.map((resource) => [keyOf(resource), resource]));
  const store = await createExampleStore(resources, { codes: createCodes(resources) });
  const kinds = new Map<string, number>();
  let [searches, answered] = [0, 0];

  async function compare(search: Search): Promise<Comparison> {
    const query = queryOf(search);
    const asked = `${search.types.join()}?${decodeURIComponent(query.replaceAll('+', ' '))}${search.asBroad ? ' (as broad)' : ''}`;
    const matches = world.ofTypes(search.types).filter((one) => search.criteria.every(({ holds }) => holds(one)));
    const { forward, backward, total } = await store
      .pages(search.types, query, search.asBroad)
      .catch((cause: unknown) => {
        throw new Error(`${asked} was refused`, { cause });
      });
    searches += 1;
    if (forward.length > 0) answered += 1;
    for (const kind of kindsOf(search, world)) kinds.set(kind, (kinds.get(kind) ?? 0) + 1);
    const found = forward.flatMap((key) => byKey.get(key) ?? []);
    return {
      asked,
      expected: {
        keys: matches.map(keyOf).toSorted(),
        total: matches.length,
        backward: forward,
        disorder: undefined,
      },
      found: { keys: forward.toSorted(), total, backward, disorder: disorderOf(found, search) },
    };
  }

  return {
    async compare(numbers) {
      const search = searchOf(new Choices(numbers), world);
      return search && compare(search);
    },
    async *sweep(rounds) {
      for (const search of sweepOf(world, rounds)) yield await compare(search);
    },
    tally: () => ({
      searches,
      answered,
      kinds: Object.fromEntries([...kinds].toSorted(([one], [other]) => one.localeCompare(other))),
    }),
    close: () => store.close(),
  };
}
