/** What the terminology operations are asked with odd means: resources that are sent, systems that are rules, codes of other systems. https://hl7.org/fhir/R4/terminology-service.html */
import { afterAll, beforeAll, describe, expect, it, test } from '@jest/globals';
import { startApi, type TestApi } from '../support/api.ts';

let api: TestApi;

const system = 'http://a.example/CodeSystem/animals';
const url = 'http://a.example/ValueSet/animals';
const ucum = 'http://unitsofmeasure.org';

const codeSystem = {
  resourceType: 'CodeSystem',
  url: system,
  status: 'active',
  content: 'complete',
  concept: [
    {
      code: 'animal',
      display: 'Animal',
      property: [{ code: 'notSelectable', valueBoolean: true }],
      concept: [
        { code: 'dog', display: 'Dog' },
        { code: 'dodo', display: 'Dodo', property: [{ code: 'inactive', valueBoolean: true }] },
      ],
    },
  ],
};

const valueSet = { resourceType: 'ValueSet', url, status: 'active', compose: { include: [{ system }] } };

const parametersOf = (...parameter: readonly object[]): object => ({ resourceType: 'Parameters', parameter });

interface Answer {
  readonly parameter?: readonly { readonly name: string; readonly [value: string]: unknown }[];
}
const valueOf = ({ parameter = [] }: Answer, wanted: string): unknown => {
  const found = parameter.find(({ name }) => name === wanted);
  return found && Object.entries(found).find(([key]) => key.startsWith('value'))?.[1];
};
const codesOf = (body: { expansion?: { contains?: readonly { code: string }[] } }): readonly string[] =>
  (body.expansion?.contains ?? []).map(({ code }) => code);

beforeAll(async () => {
  api = await startApi();
  for (const resource of [codeSystem, valueSet]) {
    expect((await api.ask('POST', resource.resourceType, { body: resource })).status).toBe(201);
  }
});

afterAll(() => api.close());

describe('a resource that is sent', () => {
  const code = { name: 'code', valueCode: 'dog' };
  const broken: readonly (readonly [path: string, name: string, resource: object, at: string])[] = [
    ['ValueSet/$expand', 'valueSet', { ...valueSet, compose: { include: { system } } }, 'ValueSet.compose.include'],
    ['ValueSet/$expand', 'valueSet', { ...valueSet, expansion: { contains: [null] } }, 'contains[0]'],
    ['ValueSet/$validate-code', 'valueSet', { ...valueSet, compose: { include: [null] } }, 'include[0]'],
    ['CodeSystem/$validate-code', 'codeSystem', { ...codeSystem, concept: [null] }, 'concept[0]'],
    ['ConceptMap/$translate', 'conceptMap', { resourceType: 'ConceptMap', status: 'draft', group: [{}] }, 'group[0]'],
  ];

  test.each(broken)('to %s and is no valid %s is refused, and where it is broken', async (path, name, resource, at) => {
    const first = path.endsWith('$expand') ? { name: 'count', valueInteger: 1 } : code;
    const { status, body } = await api.ask('POST', path, { body: parametersOf(first, { name, resource }) });
    expect(status).toBe(422);
    const places = body.issue.flatMap(({ expression }: { expression: string[] }) => expression);
    expect(places.some((place: string) => place.startsWith('Parameters.parameter[1].resource'))).toBe(true);
    expect(places.join()).toContain(at.split('.').at(-1));
  });

  it('may be the body itself', async () => {
    const { status, body } = await api.ask('POST', 'ValueSet/$expand?filter=dog', { body: valueSet });
    expect([status, codesOf(body)]).toEqual([200, ['dog']]);
    const answer = await api.ask('POST', 'ValueSet/$validate-code?code=dog', { body: valueSet });
    expect(valueOf(answer.body, 'result')).toBe(true);
  });

  it('needs no url', async () => {
    const { url: _url, ...nameless } = codeSystem;
    const { status, body } = await api.ask('POST', 'CodeSystem/$validate-code', {
      body: parametersOf(code, { name: 'codeSystem', resource: nameless }),
    });
    expect([status, valueOf(body, 'result')]).toEqual([200, true]);
  });
});

describe('a system that is a rule', () => {
  const asked: readonly (readonly [path: string, status: number, result: unknown])[] = [
    [`CodeSystem/$validate-code?url=${ucum}&code=mg`, 200, true],
    [`CodeSystem/$validate-code?url=${ucum}&code=mmHg`, 200, false],
    ['CodeSystem/$validate-code?url=urn:ietf:bcp:47&code=en-US', 200, true],
    ['CodeSystem/$validate-code?url=urn:ietf:bcp:13&code=text', 200, false],
    [`CodeSystem/$validate-code?url=${ucum}&version=2&code=mg`, 404, undefined],
    [`ValueSet/$validate-code?url=http://hl7.org/fhir/ValueSet/ucum-units&system=${ucum}&code=mg`, 200, true],
    [`ValueSet/$validate-code?url=http://hl7.org/fhir/ValueSet/ucum-units&system=${ucum}&code=foo`, 200, false],
  ];
  test.each(asked)('%s', async (path, status, result) => {
    const answer = await api.ask('GET', path);
    expect([answer.status, valueOf(answer.body, 'result')]).toEqual([status, result]);
  });

  it('is looked up in', async () => {
    const { body } = await api.ask('GET', `CodeSystem/$lookup?system=${ucum}&code=mg`);
    expect([valueOf(body, 'name'), valueOf(body, 'display')]).toEqual(['UCUM', 'milligram']);
    expect((await api.ask('GET', `CodeSystem/$lookup?system=${ucum}&code=foo`)).status).toBe(404);
  });

  it('has no end of codes', async () => {
    const { status, body } = await api.ask('GET', 'ValueSet/$expand?url=http://hl7.org/fhir/ValueSet/ucum-units');
    expect([status, body.issue[0].code]).toEqual([422, 'too-costly']);
  });
});

test('codes of two systems are not compared', async () => {
  const coding = { system: 'http://b.example', code: 'animal' };
  const body = parametersOf(
    { name: 'codingA', valueCoding: coding },
    { name: 'codingB', valueCoding: { system, code: 'dog' } },
    { name: 'system', valueUri: system },
  );
  const answer = await api.ask('POST', 'CodeSystem/$subsumes', { body });
  expect([answer.status, answer.body.issue[0].expression]).toEqual([400, ['codingA']]);
});

describe('$expand', () => {
  const asked: readonly (readonly [query: string, codes: readonly string[]])[] = [
    ['', ['animal', 'dog', 'dodo']],
    ['&excludeNotForUI=true', ['dog', 'dodo']],
    ['&activeOnly=true', ['animal', 'dog']],
  ];
  test.each(asked)('with %s', async (query, codes) => {
    const { body } = await api.ask('GET', `ValueSet/$expand?url=${url}${query}`);
    expect([codesOf(body), body.compose]).toEqual([codes, undefined]);
  });

  it('is refused when it would take long', async () => {
    const everything = { system: 'http://terminology.hl7.org/CodeSystem/v3-ActCode' };
    const large = { ...valueSet, compose: { include: Array.from({ length: 10_000 }, () => everything) } };
    const { status, body } = await api.ask('POST', 'ValueSet/$expand?count=1', { body: large });
    expect([status, body.issue[0].code]).toEqual([422, 'too-costly']);
    const imported = { valueSet: ['http://terminology.hl7.org/ValueSet/v3-ActCode'] };
    const imports = { ...valueSet, compose: { include: Array.from({ length: 10_000 }, () => imported) } };
    expect((await api.ask('POST', 'ValueSet/$expand?count=1', { body: imports })).status).toBe(422);
    const coding = Array.from({ length: 501 }, (_, index) => ({ system, code: String(index) }));
    const answer = await api.ask('POST', 'ValueSet/$validate-code', {
      body: parametersOf({ name: 'url', valueUri: url }, { name: 'codeableConcept', valueCodeableConcept: { coding } }),
    });
    expect(answer.status).toBe(400);
  });

  it('shows the definition when it is asked to', async () => {
    const { body } = await api.ask('GET', `ValueSet/$expand?url=${url}&includeDefinition=true`);
    expect(body.compose).toEqual(valueSet.compose);
    expect(body.expansion.parameter).toContainEqual({ name: 'includeDefinition', valueBoolean: true });
  });
});

describe('a code is in a value set', () => {
  const validated = async (resource: object, ...more: readonly object[]): Promise<unknown> => {
    const parameters = parametersOf({ name: 'valueSet', resource }, ...more);
    const { status, body } = await api.ask('POST', 'ValueSet/$validate-code', { body: parameters });
    return status === 200 ? valueOf(body, 'result') : status;
  };
  const coding = (code: string, more: object = {}): object => ({
    name: 'coding',
    valueCoding: { system, code, ...more },
  });
  const page = { timestamp: '2026-01-01T00:00:00Z', total: 3, contains: [{ system, code: 'dog' }] };
  const { compose: _compose, ...bare } = valueSet;

  test.each<[string, object, readonly object[], unknown]>([
    [
      'that leaves inactive ones out, but an inactive one is not',
      { ...valueSet, compose: { inactive: false, include: [{ system }] } },
      [coding('dodo')],
      false,
    ],
    [
      'and an active one is',
      { ...valueSet, compose: { inactive: false, include: [{ system }] } },
      [coding('dog')],
      true,
    ],
    ['of which only a page stands in it', { ...valueSet, expansion: page }, [coding('dodo')], true],
    ['of which only a page is known, as far as that goes', { ...bare, expansion: page }, [coding('dog')], true],
    ['but abstract ones are not', valueSet, [coding('animal')], false],
    ['unless they will do', valueSet, [coding('animal'), { name: 'abstract', valueBoolean: true }], true],
    [
      'by the name that the value set gives it',
      { ...valueSet, compose: { include: [{ system, concept: [{ code: 'dog', display: 'Hound' }] }] } },
      [coding('dog', { display: 'hound' })],
      true,
    ],
    [
      'and by that of its system',
      { ...valueSet, compose: { include: [{ system, concept: [{ code: 'dog', display: 'Hound' }] }] } },
      [coding('dog', { display: 'Dog' })],
      true,
    ],
    [
      'not by another',
      { ...valueSet, compose: { include: [{ system, concept: [{ code: 'dog', display: 'Hound' }] }] } },
      [coding('dog', { display: 'Cat' })],
      false,
    ],
  ])('%s', async (_what, resource, more, expected) => {
    expect(await validated(resource, ...more)).toBe(expected);
  });

  it('says of a page alone that it cannot tell about others', async () => {
    const parameters = parametersOf({ name: 'valueSet', resource: { ...bare, expansion: page } }, coding('dodo'));
    const { body } = await api.ask('POST', 'ValueSet/$validate-code', { body: parameters });
    expect([valueOf(body, 'result'), valueOf(body, 'message')]).toEqual([false, expect.stringContaining('not known')]);
  });

  it('also where value sets include themselves, many times', async () => {
    const include = Array.from({ length: 20 }, () => ({ valueSet: [url] }));
    const circle = { ...valueSet, compose: { include: [...include, { system, concept: [{ code: 'dog' }] }] } };
    expect(await validated(circle, coding('dog'))).toBe(true);
    expect(await validated(circle, coding('dodo'))).toBe(false);
    const expanded = await api.ask('POST', 'ValueSet/$expand', { body: circle });
    expect([expanded.status, expanded.body.issue[0].code]).toEqual([422, 'processing']);
  });
});
