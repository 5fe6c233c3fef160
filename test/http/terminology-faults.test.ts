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
