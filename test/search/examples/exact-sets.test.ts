/** Searches over official examples find exactly what the words of R4 say, worked out from the values that fhirpath.js finds. https://hl7.org/fhir/R4/search.html */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Resource } from '../../../src/fhir/resource.ts';
import type { SearchParameter } from '../../../src/fhir/search-parameter.ts';
import { datePrefixes, span, spanOf } from '../oracle/dates.ts';
import { registry } from '../registry.ts';
import { createExampleStore, type ExampleStore, readExamples } from './example-store.ts';
import { searchValues } from './search-value.ts';
import { type Value, valuesOf } from './values-of.ts';

const types: ReadonlySet<string> = new Set([
  'Patient',
  'Observation',
  'Encounter',
  'Condition',
  'Claim',
  'MedicationRequest',
  'Questionnaire',
  'DiagnosticReport',
  'Procedure',
  'Immunization',
  'CarePlan',
  'Coverage',
  'Goal',
  'Appointment',
  'Practitioner',
]);
const resources = readExamples((type) => types.has(type));

let store: ExampleStore;
beforeAll(async () => {
  store = await createExampleStore(resources);
}, 60_000);
afterAll(() => store.close());

const valuesIn = ({ expression = '' }: SearchParameter, resource: Resource): readonly Value[] =>
  valuesOf(expression, resource.resourceType, resource);

/** Of each parameter: its values in each resource that has any. */
interface Column {
  readonly type: string;
  readonly parameter: SearchParameter;
  readonly rows: readonly { readonly id: string; readonly values: readonly Value[] }[];
}

const columns = [...types].flatMap((type): readonly Column[] => {
  const own = resources.filter(({ resourceType }) => resourceType === type);
  const parameters = [...registry.forType(type).values()].filter(
    ({ code, expression }) => expression && !code.startsWith('_'),
  );
  return parameters.map((parameter) => ({
    type,
    parameter,
    rows: own.map((resource) => ({ id: resource.id, values: valuesIn(parameter, resource) })),
  }));
});

const ofTypes = (...wanted: readonly string[]): readonly Column[] =>
  columns.filter(({ parameter }) => wanted.includes(parameter.type));

/** Parameters, ANDed. */
type Query = readonly (readonly [name: string, value: string])[];

/** The first of what differs, for a message that can be read. */
async function compare(type: string, query: Query, expected: readonly string[]): Promise<string | undefined> {
  const found = await store.search(
    type,
    new URLSearchParams([...query.map((one): [string, string] => [...one]), ['_count', '7']]).toString(),
  );
  const [have, want] = [found.toSorted(), expected.toSorted()].map((ids) => ids.join());
  return have === want
    ? undefined
    : `${type}?${query.map((one) => one.join('=')).join('&')}: found ${have?.slice(0, 200)}; expected ${want?.slice(0, 200)}`;
}

async function differences(
  cases: readonly (readonly [string, Query, readonly string[]])[],
): Promise<readonly string[]> {
  const different: string[] = [];
  for (const [type, query, expected] of cases) {
    const difference = await compare(type, query, expected);
    if (difference !== undefined) different.push(difference);
  }
  return different;
}

const some = <Item>(items: readonly Item[], count: number): readonly Item[] =>
  items.filter((_, index) => index % Math.ceil(items.length / count) === 0);

describe('exactly what has the value', () => {
  test('tokens, references and URIs, and with :not all others', async () => {
    const cases = ofTypes('token', 'reference', 'uri').flatMap(({ type, parameter, rows }) => {
      const byText = new Map<string, Set<string>>();
      for (const { id, values } of rows) {
        for (const [value, valueType] of values) {
          for (const text of searchValues(parameter.type, value, valueType))
            byText.set(text, (byText.get(text) ?? new Set()).add(id));
        }
      }
      return some([...byText], 6).flatMap(([text, ids]) => {
        const others = rows.map(({ id }) => id).filter((id) => !ids.has(id));
        const { code } = parameter;
        return [
          [type, [[code, text]], [...ids]] as const,
          ...(parameter.type === 'token' ? [[type, [[`${code}:not`, text]], others] as const] : []),
        ];
      });
    });
    expect(cases.length).toBeGreaterThan(800);
    expect(await differences(cases)).toEqual([]);
  }, 60_000);

  test(':missing is true of what has none', async () => {
    const cases = columns
      .filter(({ parameter }) => parameter.type !== 'composite')
      .flatMap(({ type, parameter, rows }) => {
        const without = rows.filter(({ values }) => values.length === 0).map(({ id }) => id);
        const having = rows.map(({ id }) => id).filter((id) => !without.includes(id));
        return [
          [type, [[`${parameter.code}:missing`, 'true']], without] as const,
          [type, [[`${parameter.code}:missing`, 'false']], having] as const,
        ];
      });
    expect(await differences(cases)).toEqual([]);
  }, 60_000);
});

test('dates with every prefix, alone and as both ends of a period', async () => {
  const cases = ofTypes('date').flatMap(({ type, parameter, rows }) => {
    const spans = rows.map(({ id, values }) => ({ id, spans: values.map(spanOf).filter((one) => one !== undefined) }));
    const isTimed = rows.some(({ values }) => values.some(([, valueType]) => valueType === 'Timing'));
    const texts = rows
      .flatMap(({ values }) => values.flatMap(([value]) => (typeof value === 'string' ? [value] : [])))
      .filter((text) => /^\d{4}/.test(text));
    if (isTimed) return [];
    const find = (...wanted: readonly (readonly [string, string])[]) =>
      spans
        .filter((row) =>
          wanted.every(([prefix, text]) => row.spans.some((one) => datePrefixes[prefix]?.(one, span(text)))),
        )
        .map(({ id }) => id);
    const asked = [...new Set(['2012', '2013-05', '2015-02-07', ...some(texts, 4)])].filter(
      (text) => !Number.isNaN(span(text)[0]),
    );
    const { code } = parameter;
    const alone = asked.flatMap((text) =>
      Object.keys(datePrefixes).map((prefix) => [type, [[code, prefix + text]], find([prefix, text])] as const),
    );
    const both = asked.flatMap((text) =>
      [
        ['ge', 'lt'],
        ['gt', 'le'],
        ['sa', 'eb'],
      ].map(([from = '', to = '']) => {
        const until = String(Number(text.slice(0, 4)) + 1);
        return [
          type,
          [
            [code, from + text],
            [code, to + until],
          ],
          find([from, text], [to, until]),
        ] as const;
      }),
    );
    return [...alone, ...both];
  });
  expect(cases.length).toBeGreaterThan(800);
  expect(await differences(cases)).toEqual([]);
}, 60_000);

/** What is wrong with an order: something is lost or comes twice, or a date stands behind what has none. */
function faultsOf({ rows, parameter }: Column, found: readonly string[]): readonly string[] {
  if (found.length !== rows.length || new Set(found).size !== rows.length) return [`${found.length} of ${rows.length}`];
  if (parameter.type !== 'date') return [];
  const dated = new Set(rows.filter(({ values }) => values.some((value) => spanOf(value))).map(({ id }) => id));
  const first = found.findIndex((id) => rows.find((row) => row.id === id)?.values.length === 0);
  return first < 0 ? [] : found.slice(first).filter((id) => dated.has(id));
}

test('every sortable parameter sorts all, each once, with those that lack it last', async () => {
  const faults: string[] = [];
  // identifiers and contact points have no order
  const isOrdered = ({ rows }: Column) =>
    !rows.some(({ values }) => values.some(([, one]) => one === 'Identifier' || one === 'ContactPoint'));
  for (const column of ofTypes('date', 'string', 'number', 'quantity', 'token', 'uri').filter(isOrdered)) {
    const { type, parameter } = column;
    for (const sort of [parameter.code, `-${parameter.code}`]) {
      const found = await store.search(type, `_sort=${sort}&_count=5`);
      faults.push(...faultsOf(column, found).map((fault) => `${type}?_sort=${sort}: ${fault}`));
    }
  }
  expect(faults).toEqual([]);
}, 60_000);
