/** `_contained` and `_containedType`: matches that are contained in other resources. https://hl7.org/fhir/R4/search.html#contained */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type Answer, startApi, type TestApi } from '../support/api.ts';

type Json = Readonly<Record<string, unknown>>;

const person = (id: string, family: string, more: Json = {}): Json => ({
  resourceType: 'Patient',
  id,
  name: [{ family }],
  ...more,
});

const observation = (id: string, contained: readonly Json[], more: Json = {}): Json => ({
  resourceType: 'Observation',
  id,
  status: 'final',
  code: { text: id },
  ...(contained.length > 0 && {
    contained,
    subject: { reference: `#${String(contained[0]?.['id'])}` },
    focus: contained.map((one) => ({ reference: `#${String(one['id'])}` })),
  }),
  ...more,
});

/** Two people in one resource, who must not be taken for one; people in resources of several types; one who contains another. */
const resources: readonly Json[] = [
  person('ann', 'Adams', { gender: 'female', birthDate: '1980-01-01' }),
  person('bob', 'Brown', { gender: 'male' }),
  observation('o1', [
    person('p1', 'Adams', { gender: 'male', birthDate: '1970-05-05', identifier: [{ system: 'urn:x', value: '1' }] }),
    person('p2', 'Clark', {
      gender: 'female',
      birthDate: '1990-05-05',
      managingOrganization: { reference: 'Organization/7' },
    }),
  ]),
  observation('o2', [
    person('p1', 'Adams', { gender: 'female', generalPractitioner: [{ reference: 'Practitioner/x' }] }),
  ]),
  observation('o3', []),
  {
    resourceType: 'Condition',
    id: 'c1',
    contained: [
      person('p', 'Adamson', { birthDate: '1980', generalPractitioner: [{ reference: '#d' }] }),
      { resourceType: 'Practitioner', id: 'd', name: [{ family: 'Adams' }] },
    ],
    subject: { reference: '#p' },
    recorder: { reference: '#d' },
  },
  person('eve', 'Evans', {
    gender: 'female',
    contained: [person('twin', 'Adams')],
    link: [{ other: { reference: '#twin' }, type: 'seealso' }],
  }),
  person('may', 'Adams', {
    contained: [person('twin', 'Adams')],
    link: [{ other: { reference: '#twin' }, type: 'seealso' }],
  }),
];

interface Entry {
  readonly fullUrl: string;
  readonly resource: Json;
  readonly search: { readonly mode: string };
}

let api: TestApi;
beforeAll(async () => {
  api = await startApi();
  for (const resource of resources) {
    const answer = await api.ask('PUT', `${String(resource['resourceType'])}/${String(resource['id'])}`, {
      body: resource,
    });
    expect([answer.status, answer.text]).toEqual([201, expect.anything()]);
  }
}, 30_000);
afterAll(() => api.close());

const entriesOf = (answer: Answer): readonly Entry[] => answer.body.entry ?? [];
const shown = ({ fullUrl }: Entry): string => fullUrl.slice(api.base.length + 1);
const matches = (answer: Answer): readonly string[] =>
  entriesOf(answer)
    .filter(({ search }) => search.mode === 'match')
    .map(shown);

function linkOf(answer: Answer, wanted: string): string | undefined {
  const link = answer.body.link.find(({ relation }: { relation: string }) => relation === wanted);
  return link?.url.slice(api.base.length).replace(/^\//, '');
}

async function find(path: string, token?: string): Promise<readonly string[]> {
  const answer = await api.ask('GET', path, token === undefined ? {} : { token });
  expect([answer.status, answer.body.issue]).toEqual([200, undefined]);
  return matches(answer);
}

async function pages(path: string): Promise<readonly string[]> {
  const found: string[] = [];
  for (let next: string | undefined = path; next !== undefined;) {
    const answer: Answer = await api.ask('GET', next);
    found.push(...matches(answer));
    next = linkOf(answer, 'next');
  }
  return found;
}

describe('who is found', () => {
  test.each<[string, readonly string[], readonly string[]]>([
    [
      'Patient?',
      [
        'Observation/o1#p1',
        'Observation/o1#p2',
        'Observation/o2#p1',
        'Condition/c1#p',
        'Patient/eve#twin',
        'Patient/may#twin',
      ],
      ['Observation/o1', 'Observation/o2', 'Condition/c1', 'Patient/eve', 'Patient/may'],
    ],
    [
      'Patient?family=adams',
      ['Observation/o1#p1', 'Observation/o2#p1', 'Condition/c1#p', 'Patient/eve#twin', 'Patient/may#twin'],
      ['Observation/o1', 'Observation/o2', 'Condition/c1', 'Patient/eve', 'Patient/may'],
    ],
    ['Patient?family:exact=Adamson', ['Condition/c1#p'], ['Condition/c1']],
    ['Patient?family=clark&gender=male', [], []],
    ['Patient?family=clark&gender=female', ['Observation/o1#p2'], ['Observation/o1']],
    [
      'Patient?gender:not=male',
      ['Observation/o1#p2', 'Observation/o2#p1', 'Condition/c1#p', 'Patient/eve#twin', 'Patient/may#twin'],
      ['Observation/o1', 'Observation/o2', 'Condition/c1', 'Patient/eve', 'Patient/may'],
    ],
    [
      'Patient?birthdate:missing=true',
      ['Observation/o2#p1', 'Patient/eve#twin', 'Patient/may#twin'],
      ['Observation/o2', 'Patient/eve', 'Patient/may'],
    ],
    [
      'Patient?birthdate:missing=false',
      ['Observation/o1#p1', 'Observation/o1#p2', 'Condition/c1#p'],
      ['Observation/o1', 'Condition/c1'],
    ],
    ['Patient?birthdate=ge1980', ['Observation/o1#p2', 'Condition/c1#p'], ['Observation/o1', 'Condition/c1']],
    ['Patient?birthdate=ge1980&birthdate=lt1985', ['Condition/c1#p'], ['Condition/c1']],
    ['Patient?_id=p1', ['Observation/o1#p1', 'Observation/o2#p1'], ['Observation/o1', 'Observation/o2']],
    ['Patient?_id=p2,p', ['Observation/o1#p2', 'Condition/c1#p'], ['Observation/o1', 'Condition/c1']],
    ['Patient?_id=o1', [], []],
    ['Patient?identifier=urn:x|1', ['Observation/o1#p1'], ['Observation/o1']],
    ['Patient?general-practitioner=Practitioner/x', ['Observation/o2#p1'], ['Observation/o2']],
    [
      'Patient?general-practitioner:missing=false',
      ['Observation/o2#p1', 'Condition/c1#p'],
      ['Observation/o2', 'Condition/c1'],
    ],
    ['Patient?organization:missing=false', ['Observation/o1#p2'], ['Observation/o1']],
    [
      'Patient?_filter=family eq "adams" and not (gender eq male)',
      ['Observation/o2#p1', 'Patient/eve#twin', 'Patient/may#twin'],
      ['Observation/o2', 'Patient/eve', 'Patient/may'],
    ],
    [
      'Patient?gender=male,female',
      ['Observation/o1#p1', 'Observation/o1#p2', 'Observation/o2#p1'],
      ['Observation/o1', 'Observation/o2'],
    ],
    ['Practitioner?', ['Condition/c1#d'], ['Condition/c1']],
    ['Practitioner?family=adams', ['Condition/c1#d'], ['Condition/c1']],
    ['?_type=Patient,Practitioner&_id=d,p', ['Condition/c1#d', 'Condition/c1#p'], ['Condition/c1']],
    ['Observation?', [], []],
    [
      'Patient?_lastUpdated=gt2020',
      [
        'Observation/o1#p1',
        'Observation/o1#p2',
        'Observation/o2#p1',
        'Condition/c1#p',
        'Patient/eve#twin',
        'Patient/may#twin',
      ],
      ['Observation/o1', 'Observation/o2', 'Condition/c1', 'Patient/eve', 'Patient/may'],
    ],
    ['Patient?_lastUpdated=lt2020', [], []],
  ])('%s', async (path, contained, containers) => {
    const asked = `${path}${path.endsWith('?') ? '' : '&'}_contained=true`;
    for (const [type, expected] of [
      ['contained', contained],
      ['container', containers],
    ] as const) {
      const query = `${asked}&_containedType=${type}`;
      expect([...(await find(query))].toSorted()).toEqual([...expected].toSorted());
      expect([...(await pages(`${query}&_count=1`))].toSorted()).toEqual([...expected].toSorted());
      const counted = await api.ask('GET', `${query}&_summary=count`);
      expect(counted.body.total).toBe(expected.length);
      const posted = await api.ask('POST', `${query.slice(0, query.indexOf('?'))}/_search`.replace(/^\//, ''), {
        body: query.slice(query.indexOf('?') + 1),
        headers: { 'Content-Type': 'application/x-www-form-urlencoded' },
      });
      expect([posted.status, [...matches(posted)].toSorted()]).toEqual([200, [...expected].toSorted()]);
    }
  });
});

describe('both', () => {
  const adams = ['Observation/o1#p1', 'Observation/o2#p1', 'Condition/c1#p', 'Patient/eve#twin', 'Patient/may#twin'];

  test('ordinary and contained ones', async () => {
    const path = 'Patient?family=adams&_contained=both&_containedType=contained';
    const expected = ['Patient/ann', 'Patient/may', ...adams].toSorted();
    expect([...(await find(path))].toSorted()).toEqual(expected);
    for (const count of [1, 2, 3, 7]) {
      expect([...(await pages(`${path}&_count=${count}`))].toSorted()).toEqual(expected);
    }
    expect((await api.ask('GET', `${path}&_total=accurate&_count=2`)).body.total).toBe(7);
  });

  test('a resource that matches and contains a match comes once', async () => {
    const path = 'Patient?family=adams&_contained=both';
    const expected = ['Condition/c1', 'Observation/o1', 'Observation/o2', 'Patient/ann', 'Patient/eve', 'Patient/may'];
    for (const sort of ['', '&_sort=family', '&_sort=-birthdate', '&_sort=_id', '&_sort=-_lastUpdated,gender']) {
      expect([...(await find(path + sort))].toSorted()).toEqual(expected);
      for (const count of [1, 2, 5]) {
        expect([...(await pages(`${path}${sort}&_count=${count}`))].toSorted()).toEqual(expected);
      }
      expect((await api.ask('GET', `${path}${sort}&_total=accurate&_count=2`)).body.total).toBe(6);
    }
  });

  test('of types that are contained nowhere, the ordinary ones', async () => {
    expect(await find('Observation?_contained=both&_id=o3')).toEqual(['Observation/o3']);
  });
});

describe('order', () => {
  test.each<[string, readonly string[]]>([
    ['birthdate', ['Observation/o1#p1', 'Condition/c1#p', 'Observation/o1#p2']],
    ['-birthdate', ['Observation/o1#p2', 'Condition/c1#p', 'Observation/o1#p1']],
    ['-family,_id', ['Observation/o1#p2', 'Condition/c1#p', 'Observation/o1#p1']],
    ['_id', ['Condition/c1#p', 'Observation/o1#p1', 'Observation/o1#p2']],
    ['-_id', ['Observation/o1#p2', 'Observation/o1#p1', 'Condition/c1#p']],
    ['_lastUpdated,birthdate', ['Observation/o1#p1', 'Observation/o1#p2', 'Condition/c1#p']],
    ['-_lastUpdated,birthdate', ['Condition/c1#p', 'Observation/o1#p1', 'Observation/o1#p2']],
  ])('of contained ones by %s', async (sort, expected) => {
    const path = `Patient?birthdate:missing=false&_contained=true&_containedType=contained&_sort=${sort}`;
    expect(await find(path)).toEqual(expected);
    expect(await pages(`${path}&_count=1`)).toEqual(expected);
  });

  test.each<[string, readonly string[]]>([
    ['birthdate', ['Observation/o1', 'Condition/c1', 'Observation/o2']],
    ['-birthdate', ['Observation/o1', 'Condition/c1', 'Observation/o2']],
    ['-gender', ['Observation/o1', 'Observation/o2', 'Condition/c1']],
    ['family', ['Observation/o1', 'Observation/o2', 'Condition/c1']],
    ['-family', ['Observation/o1', 'Condition/c1', 'Observation/o2']],
  ])('of containers by the first of their matches, %s', async (sort, expected) => {
    const path = `Patient?_id=p,p1,p2&_contained=true&_sort=${sort}`;
    expect(await find(path)).toEqual(expected);
    expect(await pages(`${path}&_count=1`)).toEqual(expected);
  });

  /** The matches of all pages, and of all pages from the last to the first, in the order of the search. */
  async function thereAndBack(path: string): Promise<readonly (readonly string[])[]> {
    const there: string[] = [];
    let answer = await api.ask('GET', path);
    for (let next = linkOf(answer, 'next'); next !== undefined; next = linkOf(answer, 'next')) {
      there.push(...matches(answer));
      answer = await api.ask('GET', next);
    }
    there.push(...matches(answer));
    const back = [...matches(answer)];
    for (let previous = linkOf(answer, 'previous'); previous !== undefined; previous = linkOf(answer, 'previous')) {
      answer = await api.ask('GET', previous);
      back.unshift(...matches(answer));
    }
    return [there, back];
  }

  test.each(
    ['container', 'contained'].flatMap((type) =>
      ['', '&_sort=birthdate', '&_sort=-family'].map((sort) => [type, sort]),
    ),
  )('goes back as it came: %s%s', async (type, sort) => {
    const [there, back] = await thereAndBack(`Patient?_contained=both&_containedType=${type}${sort}&_count=2`);
    expect(there?.length).toBeGreaterThan(6);
    expect(back).toEqual(there);
  });

  test('a cursor serves the search that it came from', async () => {
    const answer = await api.ask('GET', 'Patient?_contained=true&_count=1');
    const cursor = new URL(
      answer.body.link.find(({ relation }: { relation: string }) => relation === 'next').url,
    ).searchParams.get('_cursor');
    for (const other of ['', '&_contained=both', '&_contained=true&_containedType=contained']) {
      const refused = await api.ask('GET', `Patient?_count=1${other}&_cursor=${cursor}`);
      expect([other, refused.status]).toEqual([other, 400]);
    }
  });
});

describe('what is returned', () => {
  test('the contained resource as it is written, or the whole around it', async () => {
    const body = `{"resourceType":"Claim","id":"exact","contained":[{"resourceType":"Practitioner","id":"a"},
      {"resourceType":"Observation", "id":"w","status":"final","code":{"coding":[{"code":"weight"}]},"valueQuantity":{"value":70.10,"system":"http://unitsofmeasure.org","code":"kg"}}],
      "status":"active","type":{"text":"x"},"use":"claim","patient":{"reference":"Patient/ann"},"created":"2026-01-01",
      "provider":{"reference":"#a"},"priority":{"text":"n"},"insurance":[{"sequence":1,"focal":true,"coverage":{"display":"c"}}],
      "supportingInfo":[{"sequence":1,"category":{"text":"w"},"valueReference":{"reference":"#w"}}]}`;
    expect((await api.ask('PUT', 'Claim/exact', { body })).status).toBe(201);
    const contained = await api.ask('GET', 'Observation?_contained=true&_containedType=contained&value-quantity=70.1');
    expect(contained.text).toContain(
      `{"fullUrl":"${api.base}/Claim/exact#w","resource":{"resourceType":"Observation", "id":"w","status":"final","code":{"coding":[{"code":"weight"}]},"valueQuantity":{"value":70.10,"system":"http://unitsofmeasure.org","code":"kg"}},"search":{"mode":"match"}}`,
    );
    const isFound = async (criterion: string) => (await find(`Observation?_contained=true&${criterion}`)).length === 1;
    expect(await isFound('value-quantity=70100|http://unitsofmeasure.org|g')).toBe(true);
    expect(await isFound('code-value-quantity=weight$gt70')).toBe(true);
    expect(await isFound('combo-code-value-quantity=weight$gt71')).toBe(false);
    const summary = await api.ask('GET', 'Observation?_contained=true&_containedType=contained&_elements=value&_id=w');
    expect(entriesOf(summary)[0]?.resource).toMatchObject({ id: 'w', status: 'final', valueQuantity: { value: 70.1 } });
    const [container] = entriesOf(await api.ask('GET', 'Observation?_contained=true&_id=w'));
    const read = await api.ask('GET', 'Claim/exact');
    expect(container?.resource).toEqual(read.body);
    await api.ask('DELETE', 'Claim/exact');
  });

  test('the link says what was asked', async () => {
    const answer = await api.ask('GET', 'Patient?_contained=true&_containedType=container');
    expect(answer.body.link[0].url).toBe(`${api.base}/Patient?_contained=true&_containedType=container`);
  });

  test('without _contained nothing changes', async () => {
    const expected = ['Patient/may', 'Patient/eve', 'Patient/bob', 'Patient/ann'];
    for (const more of [
      '',
      '&_contained=false',
      '&_containedType=contained',
      '&_contained=false&_containedType=container',
    ]) {
      expect(await find(`Patient?_count=10${more}`)).toEqual(expected);
    }
    expect(await find('Patient?_id=twin')).toEqual([]);
    expect(await find('Patient?_has:Observation:subject:status=final')).toEqual([]);
  });

  test('entries of a batch', async () => {
    const entry = [{ request: { method: 'GET', url: 'Patient?_contained=true&_containedType=contained&_id=p2' } }];
    const { body } = await api.ask('POST', '', { body: { resourceType: 'Bundle', type: 'batch', entry } });
    expect(body.entry[0].resource.entry[0].fullUrl).toBe(`${api.base}/Observation/o1#p2`);
  });
});

test('follows the versions of the resource around', async () => {
  const put = (contained: readonly Json[]) => api.ask('PUT', 'Observation/v', { body: observation('v', contained) });
  const org = (id: string, name: string): Json => ({ resourceType: 'Organization', id, name });
  const found = (name: string) => find(`Organization?name=${name}&_contained=true&_containedType=contained`);
  const all = async () => Promise.all(['alpha', 'beta', 'gamma'].map(found));
  const wrap = (contained: readonly Json[]): Json => ({
    ...observation('v', []),
    ...(contained.length > 0 && { contained, performer: contained.map(({ id }) => ({ reference: `#${String(id)}` })) }),
  });
  const write = (...contained: readonly Json[]) => api.ask('PUT', 'Observation/v', { body: wrap(contained) });
  expect((await put([])).status).toBe(201);
  expect(await all()).toEqual([[], [], []]);
  await write(org('a', 'Alpha'), org('b', 'Beta'));
  expect(await all()).toEqual([['Observation/v#a'], ['Observation/v#b'], []]);
  await write(org('b', 'Beta'), org('c', 'Gamma'), org('a', 'Alpha'));
  expect(await all()).toEqual([['Observation/v#a'], ['Observation/v#b'], ['Observation/v#c']]);
  await write(org('b', 'Gamma'));
  expect(await all()).toEqual([[], [], ['Observation/v#b']]);
  await write();
  expect(await all()).toEqual([[], [], []]);
  await write(org('a', 'Alpha'));
  await api.ask('DELETE', 'Observation/v');
  expect(await all()).toEqual([[], [], []]);
  await write(org('a', 'Beta'));
  expect(await all()).toEqual([[], ['Observation/v#a'], []]);
  await api.ask('DELETE', 'Observation/v');
  expect(await find('Organization?_contained=true')).toEqual([]);
});

describe('chains', () => {
  const medication = (id: string, code: string, more: Json = {}): Json => ({
    resourceType: 'Medication',
    id,
    code: { coding: [{ system: 'urn:drug', code }] },
    ...more,
  });
  const request = (id: string, contained: readonly Json[], more: Json = {}): Json => ({
    resourceType: 'MedicationRequest',
    id,
    status: 'active',
    intent: 'order',
    subject: { reference: 'Patient/ann' },
    medicationReference: { reference: '#m' },
    ...(contained.length > 0 && { contained }),
    ...more,
  });
  const maker = (id: string, name: string): Json => ({ resourceType: 'Organization', id, name });
  const madeBy = (reference: string): Json => ({ manufacturer: { reference } });
  const chained: readonly Json[] = [
    maker('acme', 'Acme'),
    request('inside', [medication('m', 'abc', madeBy('#o')), maker('o', 'Within')]),
    request('outward', [medication('m', 'abc', madeBy('Organization/acme'))]),
    request('other', [medication('m', 'def'), medication('n', 'abc')], {
      // nothing that the search parameter leads to
      extension: [{ url: 'urn:also', valueReference: { reference: '#n' } }],
    }),
    medication('stored', 'abc', { contained: [maker('o', 'Within')], ...madeBy('#o') }),
    request('outside', [], { medicationReference: { reference: 'Medication/stored' } }),
    person('guided', 'Guided', { generalPractitioner: [{ reference: '#gp' }], contained: [maker('gp', 'Practice')] }),
    observation('about', [], { subject: { reference: 'Patient/guided' } }),
  ];

  beforeAll(async () => {
    for (const body of chained) {
      const path = `${String(body['resourceType'])}/${String(body['id'])}`;
      expect([path, (await api.ask('PUT', path, { body })).status]).toEqual([path, 201]);
    }
  });
  afterAll(async () => {
    for (const { resourceType, id } of chained) await api.ask('DELETE', `${String(resourceType)}/${String(id)}`);
  });

  test.each<[string, readonly string[]]>([
    [
      'MedicationRequest?medication.code=abc',
      ['MedicationRequest/inside', 'MedicationRequest/outside', 'MedicationRequest/outward'],
    ],
    ['MedicationRequest?medication:Medication.code=urn:drug|def', ['MedicationRequest/other']],
    ['MedicationRequest?medication.code:not=abc', ['MedicationRequest/other']],
    [
      'MedicationRequest?medication.manufacturer.name=within',
      ['MedicationRequest/inside', 'MedicationRequest/outside'],
    ],
    ['MedicationRequest?medication.manufacturer.name=acme', ['MedicationRequest/outward']],
    [
      'MedicationRequest?medication.manufacturer.name=within&medication.code=abc',
      ['MedicationRequest/inside', 'MedicationRequest/outside'],
    ],
    ['MedicationRequest?medication.manufacturer:missing=true', ['MedicationRequest/other']],
    ['MedicationRequest?medication._id=m', []],
    ['MedicationRequest?medication._id=stored', ['MedicationRequest/outside']],
    [
      'MedicationRequest?_filter=medication.code eq abc and not (medication.manufacturer.name co "ith")',
      ['MedicationRequest/outward'],
    ],
    ['Medication?manufacturer.name=within', ['Medication/stored']],
    ['Observation?patient.general-practitioner:Organization.name=practice', ['Observation/about']],
    ['Patient?_has:MedicationRequest:patient:medication.code=abc', ['Patient/ann']],
    ['Medication?manufacturer.name=within&_contained=true', ['MedicationRequest/inside']],
    ['Medication?manufacturer.name=within&_contained=true&_containedType=contained', ['MedicationRequest/inside#m']],
    [
      'Medication?manufacturer.name=within&_contained=both&_containedType=contained',
      ['Medication/stored', 'MedicationRequest/inside#m'],
    ],
    ['Medication?manufacturer.name=acme&_contained=both', ['MedicationRequest/outward']],
    [
      'Medication?code=abc&_contained=true',
      ['MedicationRequest/inside', 'MedicationRequest/other', 'MedicationRequest/outward'],
    ],
    ['Patient?general-practitioner.name=adams&_contained=true&_containedType=contained', ['Condition/c1#p']],
  ])('%s', async (path, expected) => {
    expect([...(await find(path))].toSorted()).toEqual(expected);
    expect([...(await pages(`${path}&_count=1`))].toSorted()).toEqual(expected);
    expect([...(await pages(`${path}&_count=1&_sort=_id`))].toSorted()).toEqual(expected);
    expect((await api.ask('GET', `${path}&_summary=count`)).body.total).toBe(expected.length);
    // beginning with something else, each is checked
    const type = path.slice(0, path.indexOf('?'));
    const ids = chained.map(({ id }) => String(id)).join();
    if (!path.includes('_contained') && type !== 'Patient') {
      expect([...(await find(`${path}&_id=${ids}`))].toSorted()).toEqual(expected);
    }
  });

  test('a token must allow to search what a chain leads to, contained or not', async () => {
    const token = await api.tokenFor('system/MedicationRequest.rs');
    expect((await api.ask('GET', 'MedicationRequest?medication.code=abc', { token })).status).toBe(403);
  });
});

describe('refusals', () => {
  test.each([
    ['Patient?_contained=yes', '_contained'],
    ['Patient?_contained=true&_contained=both', '_contained'],
    ['Patient?_contained=true&_containedType=all', '_containedType'],
    ['Patient?_containedType=all', '_containedType'],
    ['Patient?_contained=both&_has:Observation:subject:code=x', '_has:Observation:subject:code'],
    ['Patient?_contained=true&_list=1', '_list'],
    ['Patient?_contained=true&_include=Patient:organization', '_include'],
    ['Patient?_contained=both&_revinclude=Observation:subject', '_revinclude'],
    ['Patient?_contained=true&_elements=name', '_elements'],
    ['Patient/ann/Observation?_contained=true', '_contained'],
    ['Observation/$lastn?patient=ann&_contained=true', '_contained'],
  ])('%s', async (path, name) => {
    for (const headers of [{}, { Prefer: 'handling=lenient' }]) {
      const answer = await api.ask('GET', path, { headers });
      expect([answer.status, answer.body.issue?.[0].expression]).toEqual([400, [`http.${name}`]]);
    }
  });

  test('criteria of conditional interactions', async () => {
    const body = person('new', 'New');
    for (const criteria of ['_contained=both&family=adams', 'family=adams&_containedType=contained']) {
      const answer = await api.ask('POST', 'Patient', { body, headers: { 'If-None-Exist': criteria } });
      expect(answer.status).toBe(400);
      expect((await api.ask('DELETE', `Patient?${criteria}`)).status).toBe(400);
    }
  });
});

describe('access', () => {
  const path = 'Patient?family=adams&_contained=true';

  test('the type that is searched', async () => {
    const token = await api.tokenFor('system/Observation.rs');
    expect((await api.ask('GET', path, { token })).status).toBe(403);
  });

  test('only resources of types that the token may search are looked into, and that is said', async () => {
    const token = await api.tokenFor('system/Patient.rs', 'system/Condition.rs', 'system/Observation.r');
    for (const [type, expected] of [
      ['container', ['Patient/may', 'Patient/eve', 'Condition/c1']],
      ['contained', ['Patient/may#twin', 'Patient/eve#twin', 'Condition/c1#p']],
    ] as const) {
      const answer = await api.ask('GET', `${path}&_containedType=${type}&_total=accurate`, { token });
      expect([answer.status, matches(answer), answer.body.total]).toEqual([200, expected, 3]);
      const outcome = entriesOf(answer).find(({ search }) => search.mode === 'outcome');
      expect(JSON.stringify(outcome?.resource)).toContain('does not allow to search some types');
      const sorted = await api.ask('GET', `${path}&_containedType=${type}&_sort=-_lastUpdated`, { token });
      expect(matches(sorted)).toEqual(expected);
    }
    const both = await api.ask('GET', 'Patient?_contained=both&family=clark', { token });
    expect(matches(both)).toEqual([]);
  });

  test('a token for all types sees all, without a word', async () => {
    for (const scope of ['system/*.rs', 'user/*.rs']) {
      const answer = await api.ask('GET', path, { token: await api.tokenFor(scope) });
      expect([answer.status, entriesOf(answer).length]).toEqual([200, 5]);
    }
  });

  test('is logged with the patients whose data is shown', async () => {
    const body = observation('seen', [person('z', 'Zorn')], { performer: [{ reference: 'Patient/bob' }] });
    expect((await api.ask('PUT', 'Observation/seen', { body })).status).toBe(201);
    for (const type of ['contained', 'container']) {
      const query = `family=zorn&_contained=true&_containedType=${type}`;
      expect(await find(`Patient?${query}`)).toHaveLength(1);
      const { rows } = await api.database.pool.query(
        'SELECT interaction, resource_type, patient FROM audit_event WHERE query = $1',
        [query],
      );
      expect(rows).toEqual([{ interaction: 'search-type', resource_type: 'Patient', patient: 'bob' }]);
    }
    await api.ask('DELETE', 'Observation/seen');
  });
});

test('resources that were stored before are indexed anew: only these searches wait', async () => {
  const path = 'Patient?family=adams&_contained=true';
  const expected = await find(path);
  const { pool } = api.database;
  for (const table of ['token_index', 'string_index', 'date_index', 'number_index', 'reference_index', 'uri_index']) {
    await pool.query(`DELETE FROM ${table} WHERE resource_key < 0`);
  }
  await pool.query("UPDATE resource SET index_rows = (index_rows::jsonb - 'contained')::text");
  await pool.query("DELETE FROM indexed_parameter WHERE url = 'urn:vesta:contained'");
  const other = await startApi({}, api.database);
  try {
    expect(matches(await other.ask('GET', 'Patient?family=adams')).length).toBe(2);
    let answer = await other.ask('GET', path);
    for (let attempt = 0; answer.status === 503 && attempt < 1_000; attempt += 1) answer = await other.ask('GET', path);
    expect([answer.status, entriesOf(answer).length]).toEqual([200, expected.length]);
  } finally {
    await other.close();
  }
  expect(await find(path)).toEqual(expected);
}, 30_000);
