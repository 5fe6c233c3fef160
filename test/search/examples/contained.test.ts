/** Every resource that an official example contains is found by its values, alone and in pairs, and so is the example around it: exactly those that the values of fhirpath.js say. https://hl7.org/fhir/R4/search.html#contained */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Resource } from '../../../src/fhir/resource.ts';
import type { SearchParameter } from '../../../src/fhir/search-parameter.ts';
import { isCanonicalType } from '../../../src/search/canonicals.ts';
import { datePrefixes, span, spanOf } from '../oracle/dates.ts';
import { definitions, registry } from '../registry.ts';
import { scope } from '../scope.ts';
import { createExampleStore, type ExampleStore, readExamples } from './example-store.ts';
import { searchValues } from './search-value.ts';
import { type Value, valuesOf } from './values-of.ts';

const resources = readExamples().filter(({ contained }) => Array.isArray(contained));

let store: ExampleStore;
beforeAll(async () => {
  store = await createExampleStore(resources);
}, 60_000);
afterAll(() => store.close());

interface Contained {
  /** Of the resource around it. */
  readonly container: string;
  /** That, and its place there. */
  readonly address: string;
  readonly resource: Resource;
}

const allContained: readonly Contained[] = resources.flatMap(({ resourceType, id, contained }) =>
  (contained as Resource[]).map((resource, place) => {
    const container = `${resourceType}/${id}`;
    return { container, address: `${container}#${place}`, resource };
  }),
);
const types = [...new Set(allContained.map(({ resource }) => resource.resourceType))].filter((type) =>
  definitions.resourceTypes.has(type),
);
const ofType = (type: string): readonly Contained[] =>
  allContained.filter(({ resource }) => resource.resourceType === type);

const valuesIn = ({ expression = '' }: SearchParameter, resource: Resource): readonly Value[] =>
  valuesOf(expression, resource.resourceType, resource);

interface Column {
  readonly type: string;
  readonly parameter: SearchParameter;
  readonly rows: readonly (Contained & { readonly values: readonly Value[] })[];
}

const columns: readonly Column[] = types.flatMap((type) =>
  [...registry.forType(type).values()]
    .filter(({ code, expression }) => expression && !['_id', '_lastUpdated'].includes(code))
    .map((parameter) => ({
      type,
      parameter,
      rows: ofType(type).map((one) => ({ ...one, values: valuesIn(parameter, one.resource) })),
    })),
);

interface Case {
  readonly type: string;
  readonly query: readonly (readonly [name: string, value: string])[];
  readonly expected: readonly Contained[];
}

const addressesOf = (expected: readonly Contained[]): string =>
  expected
    .map(({ address }) => address)
    .toSorted()
    .join();
const containersOf = (expected: readonly Contained[]): string =>
  [...new Set(expected.map(({ container }) => container))].toSorted().join();

/** What both kinds of answers say, if it is not what is expected; small pages, so that there are some. */
async function compare({ type, query, expected }: Case): Promise<readonly string[]> {
  const text = (containedType: string) =>
    new URLSearchParams([
      ...query.map((one): [string, string] => [...one]),
      ['_contained', 'true'],
      ['_containedType', containedType],
      ['_count', '7'],
    ]).toString();
  const contained = await store.rows(type, text('contained'));
  const containers = await store.rows(type, text('container'));
  const have = contained
    .map((row) => `${row.type}/${row.id}#${row.containedAt}`)
    .toSorted()
    .join();
  const around = containers
    .map((row) => `${row.type}/${row.id}${row.containedAt === undefined ? '' : '#'}`)
    .toSorted()
    .join();
  const isSame = have === addressesOf(expected) && around === containersOf(expected);
  return isSame
    ? []
    : [`${text('')}: ${have.slice(0, 200)} and ${around.slice(0, 200)}; ${addressesOf(expected).slice(0, 200)}`];
}

async function differences(cases: readonly Case[]): Promise<readonly string[]> {
  const different: string[] = [];
  for (const one of cases) different.push(...(await compare(one)));
  return different;
}

const some = <Item>(items: readonly Item[], count: number): readonly Item[] =>
  items.filter((_, index) => index % Math.ceil(items.length / count) === 0);

/** Criteria that say exactly who satisfies them: tokens, references, URIs, dates. */
function exactCases({ type, parameter, rows }: Column): readonly Case[] {
  const byText = new Map<string, Contained[]>();
  const add = (text: string, one: Contained) => byText.set(text, [...(byText.get(text) ?? []), one]);
  for (const row of rows) {
    const texts = row.values.flatMap(([value, valueType]) => searchValues(parameter.type, value, valueType));
    // versions of literal references are disregarded
    for (const text of new Set(texts.map((one) => one.replace(/\/_history\/.*$/, '')))) add(text, row);
  }
  return [...byText].map(([text, expected]) => ({ type, query: [[parameter.code, text]], expected }));
}

const exact = columns
  .filter(({ parameter }) => ['token', 'reference', 'uri'].includes(parameter.type))
  .flatMap((column) => some(exactCases(column), 8));

describe('exactly what has the value', () => {
  test('tokens, references and URIs, and with :not all others', async () => {
    const isToken = ({ type, query }: Case) => registry.forType(type).get(query[0]?.[0] ?? '')?.type === 'token';
    const others = exact.filter(isToken).map(({ type, query, expected }): Case => ({
      type,
      query: query.map(([name, value]) => [`${name}:not`, value]),
      expected: ofType(type).filter(({ address }) => !expected.some((one) => one.address === address)),
    }));
    expect(exact.length).toBeGreaterThan(200);
    expect(await differences([...exact, ...others])).toEqual([]);
  }, 120_000);

  test('two criteria are about one and the same', async () => {
    const pairs = types.flatMap((type) => {
      const own = some(
        exact.filter((one) => one.type === type),
        12,
      );
      return own.flatMap((one, index) => own.slice(index + 1).map((other) => [one, other] as const));
    });
    const cases = pairs.map(([one, other]): Case => ({
      type: one.type,
      query: [...one.query, ...other.query],
      expected: one.expected.filter(({ address }) => other.expected.some((two) => two.address === address)),
    }));
    const isOnlyTogether = ([one, other]: (typeof pairs)[number], index: number) =>
      cases[index]?.expected.length === 0 &&
      one.expected.some(({ container }) => other.expected.some((two) => two.container === container));
    expect([cases.length > 500, pairs.filter(isOnlyTogether).length > 20]).toEqual([true, true]);
    expect(await differences(cases)).toEqual([]);
  }, 120_000);

  test(':missing is true of what has none', async () => {
    const cases = columns
      .filter(({ parameter }) => parameter.type !== 'composite')
      .flatMap(({ type, parameter: { code }, rows }): Case[] => {
        const having = rows.filter(({ values }) => values.length > 0);
        const without = rows.filter(({ values }) => values.length === 0);
        return [
          { type, query: [[`${code}:missing`, 'true']], expected: without },
          { type, query: [[`${code}:missing`, 'false']], expected: having },
        ];
      });
    expect(await differences(cases)).toEqual([]);
  }, 120_000);

  test('dates with every prefix', async () => {
    const cases = columns
      .filter(
        ({ parameter, rows }) =>
          parameter.type === 'date' && !rows.some(({ values }) => values.some(([, one]) => one === 'Timing')),
      )
      .flatMap(({ type, parameter: { code }, rows }) =>
        ['2012', '2013-05', '2015-02-07'].flatMap((text) =>
          Object.keys(datePrefixes).map((prefix): Case => ({
            type,
            query: [[code, prefix + text]],
            expected: rows.filter(({ values }) =>
              values.some((value) => {
                const own = spanOf(value);
                return own !== undefined && (datePrefixes[prefix]?.(own, span(text)) ?? false);
              }),
            ),
          })),
        ),
      );
    expect(cases.length).toBeGreaterThan(300);
    expect(await differences(cases)).toEqual([]);
  }, 120_000);
});

test('every value finds what has it', async () => {
  const probes = columns
    .filter(({ parameter }) => ['string', 'number', 'quantity'].includes(parameter.type))
    .flatMap(({ type, parameter, rows }) =>
      rows.flatMap(({ address, values }) => {
        const texts = values.flatMap(([value, valueType]) => searchValues(parameter.type, value, valueType));
        return some([...new Set(texts)], 4).map((text) => ({ type, code: parameter.code, text, address }));
      }),
    );
  const missed: string[] = [];
  for (const { type, code, text, address } of probes) {
    const query = new URLSearchParams({ [code]: text, _contained: 'true', _containedType: 'contained' });
    const found = await store.rows(type, query.toString());
    const addresses = found.map((row) => `${row.type}/${row.id}#${row.containedAt}`);
    if (!addresses.includes(address)) missed.push(`${address} ${query.toString()}`);
  }
  expect(probes.length).toBeGreaterThan(50);
  expect(missed).toEqual([]);
}, 120_000);

test('sorted by every parameter, each comes once', async () => {
  const faults: string[] = [];
  for (const { type, parameter, rows } of columns) {
    if (!['date', 'string', 'number', 'quantity', 'token', 'uri'].includes(parameter.type)) continue;
    // identifiers and contact points have no order
    const kinds = new Set(scope.shapes.typesOf(type, parameter.code));
    if (kinds.has('Identifier') || kinds.has('ContactPoint')) continue;
    for (const containedType of ['contained', 'container']) {
      const query = `_contained=true&_containedType=${containedType}&_count=4&_sort=-${parameter.code}`;
      const found = (await store.rows(type, query)).map((row) => `${row.type}/${row.id}#${row.containedAt ?? ''}`);
      const expected =
        containedType === 'contained'
          ? rows.map(({ address }) => address)
          : [...new Set(rows.map(({ container }) => `${container}#`))];
      if (found.toSorted().join() !== expected.toSorted().join())
        faults.push(`${type}?${query}: ${found.length} of ${expected.length}`);
    }
  }
  expect(faults).toEqual([]);
}, 120_000);

/** What a reference or a canonical in the resource points to, of these examples. */
function targetOf(resource: Resource, value: unknown): Resource | undefined {
  const text = typeof value === 'string' ? value : ((value as { reference?: string }).reference ?? '');
  if (text.startsWith('#')) return (resource.contained as Resource[]).find(({ id }) => `#${id}` === text);
  return resources.find(({ resourceType, id, url, version }) =>
    typeof value === 'string'
      ? [url, `${String(url)}|${String(version)}`].includes(text)
      : `${resourceType}/${id}` === text,
  );
}

interface ChainCase {
  readonly type: string;
  readonly name: string;
  readonly text: string;
  readonly id: string;
}

/** Every token of what the resource refers to by one of its search parameters. */
function chainsOf(resource: Resource & { id: string }): readonly ChainCase[] {
  const { resourceType: type, id } = resource;
  const links = [...registry.forType(type).values()].filter((one) => one.type === 'reference' && one.expression);
  return links.flatMap((link) =>
    valuesIn(link, resource).flatMap(([value]) => {
      const target = targetOf(resource, value);
      if (!target || link.target?.includes(target.resourceType) !== true) return [];
      // a chain by canonicals leads to what can have one
      if (typeof value === 'string' && !isCanonicalType(target.resourceType, definitions.elements)) return [];
      return tokensOf(target).map(([code, text]) => ({
        type,
        id,
        name: `${link.code}:${target.resourceType}.${code}`,
        text,
      }));
    }),
  );
}

function tokensOf(resource: Resource): readonly (readonly [code: string, text: string])[] {
  return [...registry.forType(resource.resourceType).values()]
    .filter(({ code, type, expression }) => type === 'token' && expression && !code.startsWith('_'))
    .flatMap((parameter) =>
      valuesIn(parameter, resource)
        .flatMap(([value, valueType]) => searchValues('token', value, valueType))
        .map((text) => [parameter.code, text] as const),
    );
}

test('chains lead to what is contained as to what is stored', async () => {
  const cases = new Map<string, ChainCase & { readonly ids: Set<string> }>();
  for (const one of resources.flatMap(chainsOf)) {
    const asked = `${one.type}?${one.name}=${one.text}`;
    const known = cases.get(asked) ?? { ...one, ids: new Set() };
    known.ids.add(one.id);
    cases.set(asked, known);
  }
  const all = resources.map(({ id }) => id).join();
  const faults: string[] = [];
  for (const [asked, { type, name, text, ids }] of cases) {
    const expected = [...ids].toSorted().join();
    const query = new URLSearchParams({ [name]: text, _count: '5' }).toString();
    // found by the chain, and checked of what another criterion finds
    for (const more of ['', `&_id=${all}`]) {
      const found = (await store.search(type, query + more)).toSorted().join();
      if (found !== expected) faults.push(`${asked}: ${found} instead of ${expected}`);
    }
  }
  expect(cases.size).toBeGreaterThan(100);
  expect(faults).toEqual([]);
}, 120_000);
