/** The terminology operations over HTTP, on bundled content and on what clients store. https://hl7.org/fhir/R4/terminology-service.html */
import { afterAll, beforeAll, describe, expect, it, test } from '@jest/globals';
import { startApi, type TestApi } from '../support/api.ts';

let api: TestApi;

const gender = 'http://hl7.org/fhir/administrative-gender';
const genderSet = 'http://hl7.org/fhir/ValueSet/administrative-gender';
const actCode = 'http://terminology.hl7.org/CodeSystem/v3-ActCode';
const ward = 'http://hospital.example/CodeSystem/ward';
const wards = 'http://hospital.example/ValueSet/wards';

const codeSystem = {
  resourceType: 'CodeSystem',
  url: ward,
  version: '2',
  name: 'Ward',
  status: 'active',
  content: 'complete',
  caseSensitive: true,
  hierarchyMeaning: 'is-a',
  property: [{ code: 'beds', type: 'integer' }],
  concept: [
    {
      code: 'surgery',
      display: 'Surgery',
      definition: 'Where people are operated',
      concept: [
        { code: 'heart', display: 'Heart surgery', property: [{ code: 'beds', valueInteger: 12 }] },
        { code: 'knee', display: 'Knee surgery', property: [{ code: 'inactive', valueBoolean: true }] },
      ],
    },
    { code: 'birth', display: 'Maternity', designation: [{ language: 'la', value: 'Partus' }] },
  ],
};

const valueSet = {
  resourceType: 'ValueSet',
  url: wards,
  status: 'active',
  compose: { include: [{ system: ward, filter: [{ property: 'concept', op: 'is-a', value: 'surgery' }] }] },
};

const conceptMap = {
  resourceType: 'ConceptMap',
  url: 'http://hospital.example/ConceptMap/wards',
  status: 'active',
  group: [
    {
      source: ward,
      target: 'http://state.example/unit',
      element: [
        { code: 'heart', target: [{ code: 'H1', display: 'Heart', equivalence: 'narrower', comment: 'the nearest' }] },
        { code: 'knee', target: [{ equivalence: 'unmatched', comment: 'none' }] },
      ],
    },
  ],
};

interface Parameter {
  readonly name: string;
  readonly part?: readonly Parameter[];
  readonly [value: string]: unknown;
}

/** Parameters as `name: value` pairs; parts as lists of their own. */
function readParameters(list: readonly Parameter[] = []): readonly unknown[] {
  return list.map(({ name, part, ...value }) => [name, part ? readParameters(part) : Object.values(value)[0]]);
}

const valueOf = (body: { parameter?: readonly Parameter[] }, wanted: string): unknown =>
  (readParameters(body.parameter) as readonly [string, unknown][]).find(([name]) => name === wanted)?.[1];

const codesOf = (body: { expansion?: { contains?: readonly { code: string }[] } }): readonly string[] =>
  (body.expansion?.contains ?? []).map(({ code }) => code);

beforeAll(async () => {
  api = await startApi();
  for (const resource of [codeSystem, valueSet, conceptMap]) {
    expect((await api.ask('POST', resource.resourceType, { body: resource })).status).toBe(201);
  }
});

afterAll(() => api.close());

describe('$lookup', () => {
  it('tells what a bundled code is', async () => {
    const { status, body } = await api.ask('GET', `CodeSystem/$lookup?system=${gender}&code=male`);
    expect([status, valueOf(body, 'display'), valueOf(body, 'version')]).toEqual([200, 'Male', '4.0.1']);
  });

  it('tells place, properties and designations of a stored one', async () => {
    const { body } = await api.ask('POST', 'CodeSystem/$lookup', {
      body: {
        resourceType: 'Parameters',
        parameter: [{ name: 'coding', valueCoding: { system: ward, code: 'heart' } }],
      },
    });
    const told = readParameters(body.parameter);
    expect(told).toContainEqual([
      'property',
      [
        ['code', 'beds'],
        ['value', 12],
      ],
    ]);
    expect(told).toContainEqual([
      'property',
      [
        ['code', 'parent'],
        ['value', 'surgery'],
      ],
    ]);
    const birth = await api.ask('GET', `CodeSystem/$lookup?system=${ward}&code=birth&property=designation`);
    expect(readParameters(birth.body.parameter)).toContainEqual([
      'designation',
      [
        ['language', 'la'],
        ['value', 'Partus'],
      ],
    ]);
  });
});

describe('$subsumes', () => {
  const cases: readonly (readonly [a: string, b: string, outcome: string])[] = [
    ['surgery', 'heart', 'subsumes'],
    ['heart', 'surgery', 'subsumed-by'],
    ['heart', 'heart', 'equivalent'],
    ['heart', 'birth', 'not-subsumed'],
  ];

  test.each(cases)('%s and %s: %s', async (a, b, outcome) => {
    const { body } = await api.ask('GET', `CodeSystem/$subsumes?system=${ward}&codeA=${a}&codeB=${b}`);
    expect(valueOf(body, 'outcome')).toBe(outcome);
  });
});

describe('$expand', () => {
  it('of a bundled value set, with its total and the versions used', async () => {
    const { status, body } = await api.ask('GET', `ValueSet/$expand?url=${genderSet}`);
    expect([status, codesOf(body)]).toEqual([200, ['male', 'female', 'other', 'unknown']]);
    expect(body.expansion).toMatchObject({ total: 4, offset: 0 });
    expect(body.expansion.parameter).toContainEqual({ name: 'version', valueUri: `${gender}|4.0.1` });
  });

  const cases: readonly (readonly [query: string, codes: readonly string[]])[] = [
    [`url=${wards}`, ['surgery', 'heart', 'knee']],
    [`url=${wards}&activeOnly=true`, ['surgery', 'heart']],
    [`url=${wards}&filter=surgery+heart`, ['heart']],
    [`url=${wards}&count=1&offset=1`, ['heart']],
    [`url=${wards}&count=0`, []],
  ];

  test.each(cases)('of a stored one: %s', async (query, codes) => {
    expect(codesOf((await api.ask('GET', `ValueSet/$expand?${query}`)).body)).toEqual(codes);
  });

  it('of one that is sent', async () => {
    const sent = {
      ...valueSet,
      url: 'http://a.example/x',
      compose: { include: [{ valueSet: [wards] }], exclude: [{ system: ward, concept: [{ code: 'knee' }] }] },
    };
    const { body } = await api.ask('POST', 'ValueSet/$expand', {
      body: { resourceType: 'Parameters', parameter: [{ name: 'valueSet', resource: sent }] },
    });
    expect(codesOf(body)).toEqual(['surgery', 'heart']);
  });

  it('says that it cannot, when it does not know a code system', async () => {
    const unknown = {
      ...valueSet,
      url: 'http://a.example/y',
      compose: { include: [{ system: 'http://snomed.info/sct' }] },
    };
    const { status, body } = await api.ask('POST', 'ValueSet/$expand', {
      body: { resourceType: 'Parameters', parameter: [{ name: 'valueSet', resource: unknown }] },
    });
    expect([status, body.issue[0].code]).toEqual([422, 'not-supported']);
  });
});

describe('$validate-code', () => {
  const cases: readonly (readonly [path: string, result: boolean])[] = [
    [`ValueSet/$validate-code?url=${genderSet}&system=${gender}&code=male`, true],
    [`ValueSet/$validate-code?url=${genderSet}&system=${gender}&code=male&display=Male`, true],
    [`ValueSet/$validate-code?url=${genderSet}&system=${gender}&code=male&display=Woman`, false],
    [`ValueSet/$validate-code?url=${genderSet}&system=${gender}&code=x`, false],
    [`ValueSet/$validate-code?url=${genderSet}&code=male`, true],
    [`ValueSet/$validate-code?url=${wards}&system=${ward}&code=heart`, true],
    [`ValueSet/$validate-code?url=${wards}&system=${ward}&code=birth`, false],
    [`CodeSystem/$validate-code?url=${ward}&code=birth`, true],
    [`CodeSystem/$validate-code?url=${ward}&code=death`, false],
    [`CodeSystem/$validate-code?url=${actCode}&code=AMB`, true],
  ];

  test.each(cases)('%s is %s', async (path, result) => {
    const { status, body } = await api.ask('GET', path);
    expect([status, valueOf(body, 'result')]).toEqual([200, result]);
  });

  it('never calls valid what it cannot judge', async () => {
    const url = 'http://hl7.org/fhir/ValueSet/observation-codes';
    const { body } = await api.ask('GET', `ValueSet/$validate-code?url=${url}&system=http://loinc.org&code=8867-4`);
    expect([valueOf(body, 'result'), valueOf(body, 'message')]).toEqual([false, expect.stringContaining('not known')]);
  });

  it('is content with one of several codings', async () => {
    const codeableConcept = {
      coding: [
        { system: ward, code: 'birth' },
        { system: ward, code: 'heart' },
      ],
    };
    const parameter = [
      { name: 'url', valueUri: wards },
      { name: 'codeableConcept', valueCodeableConcept: codeableConcept },
    ];
    const { body } = await api.ask('POST', 'ValueSet/$validate-code', {
      body: { resourceType: 'Parameters', parameter },
    });
    expect(valueOf(body, 'result')).toBe(true);
  });
});

describe('$translate', () => {
  const url = conceptMap.url;

  it('forward, reverse, and not at all', async () => {
    const forward = await api.ask('GET', `ConceptMap/$translate?url=${url}&system=${ward}&code=heart`);
    expect(valueOf(forward.body, 'result')).toBe(true);
    expect(valueOf(forward.body, 'match')).toContainEqual(['equivalence', 'narrower']);
    const reverse = await api.ask(
      'GET',
      `ConceptMap/$translate?url=${url}&system=http://state.example/unit&code=H1&reverse=true`,
    );
    expect(valueOf(reverse.body, 'match')).toEqual(
      expect.arrayContaining([
        ['equivalence', 'wider'],
        ['concept', { system: ward, code: 'heart' }],
      ]),
    );
    const none = await api.ask('GET', `ConceptMap/$translate?url=${url}&system=${ward}&code=knee`);
    expect(valueOf(none.body, 'result')).toBe(false);
  });

  it('by bundled maps', async () => {
    const bundled = 'http://hl7.org/fhir/ConceptMap/cm-administrative-gender-v3';
    const { body } = await api.ask('GET', `ConceptMap/$translate?url=${bundled}&system=${gender}&code=male`);
    expect(valueOf(body, 'result')).toBe(true);
  });
});

const refusals: readonly (readonly [path: string, status: number])[] = [
  [`CodeSystem/$lookup?system=${gender}&code=nobody`, 404],
  ['CodeSystem/$lookup?system=http://nobody.example&code=x', 404],
  [`CodeSystem/$lookup?code=x`, 400],
  [`CodeSystem/$lookup?system=${gender}`, 400],
  ['ValueSet/$expand', 400],
  ['ValueSet/$expand?url=http://nobody.example/ValueSet/x', 404],
  [`ValueSet/$expand?url=${genderSet}&count=many`, 400],
  [`ValueSet/$expand?url=${genderSet}&nonsense=1`, 400],
  [`ValueSet/$expand?url=${genderSet}&context=Patient.gender`, 400],
  ['ValueSet/$validate-code?url=http://nobody.example/ValueSet/x&code=y', 404],
  [`CodeSystem/$subsumes?system=${ward}&codeA=heart`, 400],
  [`CodeSystem/$subsumes?system=${ward}&codeA=heart&codeB=death`, 404],
  ['ConceptMap/$translate?url=http://nobody.example/x&code=y', 404],
  ['ValueSet/nobody/$expand', 404],
  ['Patient/$expand', 404],
];

test.each(refusals)('%s is refused with %i', async (path, status) => {
  const answer = await api.ask('GET', path);
  expect([answer.status, answer.body.resourceType]).toEqual([status, 'OperationOutcome']);
});

test('a stored value set is in force for validation with the next request', async () => {
  const profile = 'http://hospital.example/StructureDefinition/ward-location';
  const definition = {
    resourceType: 'StructureDefinition',
    url: profile,
    name: 'WardLocation',
    status: 'active',
    kind: 'resource',
    abstract: false,
    type: 'Location',
    baseDefinition: 'http://hl7.org/fhir/StructureDefinition/Location',
    derivation: 'constraint',
    differential: {
      element: [
        { id: 'Location', path: 'Location' },
        { id: 'Location.type', path: 'Location.type', binding: { strength: 'required', valueSet: wards } },
      ],
    },
  };
  expect((await api.ask('POST', 'StructureDefinition', { body: definition })).status).toBe(201);
  const location = (code: string) => ({
    resourceType: 'Location',
    meta: { profile: [profile] },
    type: [{ coding: [{ system: ward, code }] }],
  });
  expect((await api.ask('POST', 'Location', { body: location('heart') })).status).toBe(201);
  const refused = await api.ask('POST', 'Location', { body: location('birth') });
  expect([refused.status, refused.body.issue[0].expression]).toEqual([422, ['Location.type[0]']]);
});
