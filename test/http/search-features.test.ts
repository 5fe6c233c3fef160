/** Searches that go beyond the elements of one resource, over HTTP: chains, includes, compartments, the whole system, sorting and paging. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type Answer, startApi, type TestApi } from '../support/api.ts';

let api: TestApi;

const loinc = (code: string, display?: string) => ({
  coding: [{ system: 'http://loinc.org', code, ...(display !== undefined && { display }) }],
});

const resources: readonly ({ resourceType: string; id: string } & Record<string, unknown>)[] = [
  { resourceType: 'Organization', id: 'root', name: 'Root hospital' },
  { resourceType: 'Organization', id: 'ward', name: 'Ward seven', partOf: { reference: 'Organization/root' } },
  { resourceType: 'Practitioner', id: 'doc', name: [{ family: 'House' }] },
  {
    resourceType: 'Patient',
    id: 'ann',
    gender: 'female',
    birthDate: '1980-05-17',
    name: [{ family: 'Müller', given: ['Ann'] }],
    managingOrganization: { reference: 'Organization/ward' },
    generalPractitioner: [{ reference: 'Practitioner/doc' }],
    identifier: [
      {
        type: {
          coding: [{ system: 'http://terminology.hl7.org/CodeSystem/v2-0203', code: 'MR' }],
          text: 'Record number',
        },
        system: 'urn:mrn',
        value: '12',
      },
    ],
  },
  { resourceType: 'Patient', id: 'bob', gender: 'male', name: [{ family: 'Abel' }], deceasedBoolean: true },
  { resourceType: 'Patient', id: 'cyd', birthDate: '1990', name: [{ family: 'Zoe', given: ['annabel'] }] },
  {
    resourceType: 'Encounter',
    id: 'visit',
    status: 'finished',
    class: { system: 'http://terminology.hl7.org/CodeSystem/v3-ActCode', code: 'AMB' },
    subject: { reference: 'Patient/ann' },
    period: { start: '2020-01-01', end: '2020-03-01' },
    serviceProvider: { reference: 'Organization/ward' },
  },
  {
    resourceType: 'Observation',
    id: 'pressure',
    status: 'final',
    code: loinc('85354-9', 'Blood pressure panel'),
    subject: { reference: 'Patient/ann' },
    encounter: { reference: 'Encounter/visit' },
    effectiveDateTime: '2020-02-01T10:00:00Z',
    component: [
      { code: loinc('8480-6'), valueQuantity: { value: 120, system: 'http://unitsofmeasure.org', code: 'mm[Hg]' } },
      { code: loinc('8462-4'), valueQuantity: { value: 80, system: 'http://unitsofmeasure.org', code: 'mm[Hg]' } },
    ],
  },
  {
    resourceType: 'Observation',
    id: 'dose',
    status: 'amended',
    code: { ...loinc('1234-5'), text: 'Daily dose' },
    subject: { reference: 'Patient/bob' },
    effectiveDateTime: '2021-02-01T10:00:00Z',
    valueQuantity: { value: 0.005, system: 'http://unitsofmeasure.org', code: 'g', unit: 'g' },
    hasMember: [{ reference: 'Observation/pressure' }],
  },
  {
    resourceType: 'Observation',
    id: 'undated',
    status: 'final',
    code: loinc('1234-5'),
    subject: { identifier: { system: 'urn:mrn', value: '99' } },
    valueString: 'Nothing found',
  },
  {
    resourceType: 'Provenance',
    id: 'trace',
    recorded: '2020-02-01T10:00:00Z',
    target: [{ reference: 'Observation/pressure' }],
    agent: [{ who: { reference: 'Practitioner/doc' } }],
  },
  {
    resourceType: 'List',
    id: 'mine',
    status: 'current',
    mode: 'working',
    entry: [{ item: { reference: 'Patient/cyd' } }, { item: { reference: 'Patient/ann' } }],
  },
  { resourceType: 'Location', id: 'zurich', name: 'Zürich', position: { latitude: 47.3769, longitude: 8.5417 } },
  { resourceType: 'Location', id: 'bern', name: 'Bern', position: { latitude: 46.948, longitude: 7.4474 } },
  {
    resourceType: 'ValueSet',
    id: 'colours',
    url: 'http://v.example/sets/colours',
    status: 'active',
    compose: { include: [{ system: 'http://loinc.org', concept: [{ code: '1234-5' }] }] },
  },
  { resourceType: 'ConceptMap', id: 'drafts', url: 'http://v.example/drafts', version: '3-Draft', status: 'draft' },
  { resourceType: 'ValueSet', id: 'sets', url: 'http://v.example/sets', version: '2', status: 'draft' },
  {
    resourceType: 'MolecularSequence',
    id: 'gene',
    coordinateSystem: 0,
    referenceSeq: {
      genomeBuild: 'GRCh 37',
      strand: 'watson',
      chromosome: { coding: [{ code: '1' }] },
      windowStart: 100,
      windowEnd: 200,
    },
  },
  { resourceType: 'Medication', id: 'batch', batch: { lotNumber: 'Lot-7B' } },
  { resourceType: 'DocumentReference', id: 'first', status: 'current', content: [{ attachment: { title: 'a' } }] },
  {
    resourceType: 'DocumentReference',
    id: 'second',
    status: 'current',
    relatesTo: [{ code: 'replaces', target: { reference: 'DocumentReference/first' } }],
    content: [{ attachment: { title: 'b' } }],
  },
];

beforeAll(async () => {
  api = await startApi();
  for (const resource of resources) {
    const answer = await api.ask('PUT', `${resource.resourceType}/${resource.id}`, { body: resource });
    expect([resource.id, answer.status, answer.body?.issue]).toEqual([resource.id, 201, undefined]);
  }
});
afterAll(() => api.close());

const idsOf = ({ body }: Answer, mode = 'match'): string[] =>
  (body.entry ?? [])
    .filter((entry: { search: { mode: string } }) => entry.search.mode === mode)
    .map((entry: { resource: { id: string } }) => entry.resource.id);

describe.each<[string, readonly (readonly [string, readonly string[]])[]]>([
  [
    'modifiers',
    [
      ['Patient?gender:not=male', ['ann', 'cyd']],
      ['Patient?gender=http://hl7.org/fhir/administrative-gender|male', ['bob']],
      ['Patient?gender=http://hl7.org/fhir/observation-status|male', []],
      ['Patient?gender=http://hl7.org/fhir/administrative-gender|', ['ann', 'bob']],
      ['Patient?gender=|male', []],
      ['Patient?gender=MALE', []],
      ['Medication?lot-number=lOT-7b', ['batch']],
      ['Medication?lot-number=|Lot-7B', ['batch']],
      ['Medication?lot-number:not=lot-7b', []],
      ['Medication?_filter=lot-number eq "LOT-7B"', ['batch']],
      ['Patient?gender:missing=true', ['cyd']],
      ['Patient?gender:missing=false', ['ann', 'bob']],
      ['Patient?birthdate:missing=true', ['bob']],
      ['Patient?birthdate:missing=false', ['ann', 'cyd']],
      ['Patient?general-practitioner:missing=false', ['ann']],
      ['Observation?subject:missing=false', ['dose', 'pressure', 'undated']],
      ['Patient?family:exact=Müller', ['ann']],
      ['Patient?family:exact=muller', []],
      ['Patient?name:contains=nab', ['cyd']],
      ['Observation?code:text=pressure', ['pressure']],
      ['Observation?code:text=daily', ['dose']],
      ['Patient?identifier:of-type=http://terminology.hl7.org/CodeSystem/v2-0203|MR|12', ['ann']],
      ['Patient?identifier:of-type=http://terminology.hl7.org/CodeSystem/v2-0203|MR|13', []],
      ['Observation?subject:identifier=urn:mrn|99', ['undated']],
      ['ValueSet?url:below=http://v.example/sets', ['colours', 'sets']],
      ['ValueSet?url:above=http://v.example/sets/colours', ['colours', 'sets']],
      ['Observation?code:in=http://v.example/sets/colours', ['dose', 'undated']],
      ['Observation?code:not-in=http://v.example/sets/colours', ['pressure']],
      ['Observation?code:in=ValueSet/colours', ['dose', 'undated']],
      ['Observation?code:not-in=ValueSet/colours', ['pressure']],
      ['Patient?_has:Observation:patient:code:in=ValueSet/colours', ['bob']],
      ['ValueSet?url=http://v.example/sets|2', ['sets']],
      ['ValueSet?url=http://v.example/sets|1', []],
      ['ConceptMap?url=http://v.example/drafts|3-Draft', ['drafts']],
      ['ConceptMap?url=http://v.example/drafts|3-draft', ['drafts']],
      ['ConceptMap?url=http://v.example/drafts|3', []],
      ['ValueSet?url=http://v.example/sets|1,http://v.example/sets/colours', ['colours']],
      ['Encounter?class:below=http://terminology.hl7.org/CodeSystem/v3-ActCode|_ActEncounterCode', ['visit']],
      ['Encounter?class:above=http://terminology.hl7.org/CodeSystem/v3-ActCode|AMB', ['visit']],
    ],
  ],
  [
    'chains',
    [
      ['Observation?subject:Patient.name=mull', ['pressure']],
      ['Observation?patient.gender=male', ['dose']],
      ['Observation?patient.organization.name=ward', ['pressure']],
      ['Observation?patient.organization.partof.name=root', ['pressure']],
      ['Observation?encounter.service-provider.name=ward', ['pressure']],
      ['Observation?subject.name=abel,mull', ['dose', 'pressure']],
      ['Observation?patient._id=bob', ['dose']],
      ['Observation?patient.gender:not=male', ['pressure']],
      ['Patient?_has:Observation:patient:code=1234-5', ['bob']],
      ['Patient?_has:Observation:patient:status=final', ['ann']],
      ['Patient?_has:Observation:patient:_has:Provenance:target:agent=Practitioner/doc', ['ann']],
      ['Patient?_has:Observation:patient:encounter.status=finished', ['ann']],
      ['Patient?organization._has:Encounter:service-provider:status=finished', ['ann']],
      ['Organization?_has:Patient:organization:_has:Observation:patient:date=2020-02-01', ['ward']],
      ['Patient?_has:Observation:patient:code=85354-9&gender=male', []],
      ['Patient?_list=mine', ['ann', 'cyd']],
      ['Patient?_list=mine&gender=female', ['ann']],
      ['Observation?_list=mine', []],
    ],
  ],
  [
    'filters',
    [
      ['Patient?_filter=gender eq female', ['ann']],
      ['Patient?_filter=gender ne female', ['bob']],
      ['Patient?_filter=not (gender eq female)', ['bob', 'cyd']],
      ['Patient?_filter=not (gender eq female and birthdate eq 1990)', ['ann', 'bob', 'cyd']],
      ['Patient?_filter=not (gender ne female)', ['ann', 'cyd']],
      ['Patient?_filter=not (not (gender eq male and family eq abel))', ['bob']],
      ['Patient?_filter=organization ne Organization/root', ['ann']],
      ['Patient?_filter=_id ne ann', ['bob', 'cyd']],
      ['Patient?_filter=family eq muller or family eq abel and gender eq male', ['bob']],
      ['Patient?_filter=family eq muller or (family eq abel and gender eq male)', ['ann', 'bob']],
      ['Patient?_filter=family eq "muller"', ['ann']],
      ['Patient?_filter=family eq "mull"', []],
      ['Patient?_filter=family sw "mull" or given co "nab"', ['ann', 'cyd']],
      ['Patient?_filter=family ew "ller"', ['ann']],
      ['Patient?_filter=not (family sw "mull") and birthdate pr true', ['cyd']],
      ['Patient?_filter=(gender eq male or birthdate ge 1990) and not (family eq "zoe")', ['bob']],
      ['Observation?_filter=patient.family eq "muller"', ['pressure']],
      ['Observation?_filter=patient[gender eq male].family sw "a"', ['dose']],
      ['Observation?_filter=patient[gender eq female].family sw "a"', []],
      ['Encounter?_filter=date po 2020-02', ['visit']],
      ['Encounter?_filter=date eq 2020-02', []],
      ['Observation?_filter=code eq http://loinc.org|1234-5 and value-quantity lt 1', ['dose']],
      ['Observation?_filter=code in http://v.example/sets/colours', ['dose', 'undated']],
      ['Observation?_filter=code in ValueSet/colours', ['dose', 'undated']],
      ['Observation?_filter=code ni http://v.example/sets/colours', ['pressure']],
      ['Observation?_filter=code eq loinc|1234-5', ['dose', 'undated']],
      ['Observation?_filter=value-quantity eq 5|ucum|mg', ['dose']],
      ['Encounter?_filter=class ss http://terminology.hl7.org/CodeSystem/v3-ActCode|_ActEncounterCode', ['visit']],
      ['Encounter?_filter=class sb http://terminology.hl7.org/CodeSystem/v3-ActCode|_ActEncounterCode', []],
      ['ValueSet?_filter=url ss http://v.example/sets', ['colours', 'sets']],
      ['ValueSet?_filter=url sb http://v.example/sets', ['sets']],
      ['Patient?_filter=organization re Organization/ward', ['ann']],
      ['Patient?_filter=gender eq female&birthdate=1980', ['ann']],
    ],
  ],
  [
    'composites and combinations',
    [
      ['Observation?component-code-value-quantity=http://loinc.org|8480-6$gt100', ['pressure']],
      ['Observation?component-code-value-quantity=8462-4$gt100', []],
      ['Observation?combo-code-value-quantity=8480-6$120', ['pressure']],
      ['Observation?code-value-quantity=1234-5$lt1', ['dose']],
      ['Observation?code-value-string=1234-5$noth', ['undated']],
      ['Observation?combo-code=8480-6', ['pressure']],
      ['Observation?combo-code=85354-9', ['pressure']],
      ['Observation?combo-value-quantity=gt100', ['pressure']],
      ['MolecularSequence?chromosome-window-coordinate=1$gt50$lt300', ['gene']],
      ['MolecularSequence?chromosome-window-coordinate=1$gt150$lt300', []],
      ['DocumentReference?relationship=replaces$DocumentReference/first', ['second']],
      ['DocumentReference?relationship=appends$DocumentReference/first', []],
    ],
  ],
  [
    'units and places',
    [
      ['Observation?value-quantity=5|http://unitsofmeasure.org|mg', ['dose']],
      ['Observation?value-quantity=0.005|http://unitsofmeasure.org|g', ['dose']],
      ['Observation?value-quantity=gt4.9|http://unitsofmeasure.org|mg', ['dose']],
      ['Observation?value-quantity=gt5|http://unitsofmeasure.org|mg', []],
      ['Observation?value-quantity=ge5|http://unitsofmeasure.org|mg', ['dose']],
      ['Observation?value-quantity=5|http://unitsofmeasure.org|mL', []],
      ['Location?near=47.37|8.54|10|km', ['zurich']],
      ['Location?near=47.37|8.54|200|km', ['bern', 'zurich']],
      ['Location?near=47.37|8.54', ['zurich']],
      ['Location?near=47.37|8.54|60|[mi_i]', ['bern', 'zurich']],
      ['Location?near=47.37|8.54|1000|m', ['zurich']],
      ['Location?near=46.95|7.45|1|km,47.37|8.54|1|km', ['bern', 'zurich']],
    ],
  ],
])('%s', (_title, cases) => {
  test.each(cases)('%s', async (path, expected) => {
    const answer = await api.ask('GET', path);
    expect([answer.status, idsOf(answer).toSorted()]).toEqual([200, expected]);
    const counted = await api.ask('GET', `${path}&_summary=count`);
    expect(counted.body.total).toBe(expected.length);
  });
});

describe('sorting', () => {
  test.each([
    ['Patient?_sort=family', ['bob', 'ann', 'cyd']],
    ['Patient?_sort=-family', ['cyd', 'ann', 'bob']],
    ['Patient?_sort=birthdate', ['ann', 'cyd', 'bob']],
    ['Patient?_sort=-birthdate', ['cyd', 'ann', 'bob']],
    ['Patient?_sort=gender,-birthdate', ['ann', 'bob', 'cyd']],
    ['Patient?_sort=_id', ['ann', 'bob', 'cyd']],
    ['Patient?_sort=-_id&gender:missing=false', ['bob', 'ann']],
    ['Observation?_sort=-date', ['dose', 'pressure', 'undated']],
    ['Observation?_sort=date&status=final', ['pressure', 'undated']],
    ['Observation?_sort=status,date', ['dose', 'pressure', 'undated']],
    ['Observation?_sort=-value-quantity', ['dose', 'undated', 'pressure']],
    ['ValueSet?_sort=url', ['sets', 'colours']],
    ['Observation?patient=ann&_sort=-date', ['pressure']],
  ])('%s, in one page and page by page, there and back', async (path, expected) => {
    expect(idsOf(await api.ask('GET', path))).toEqual(expected);
    const pages: string[][] = [];
    const link = ({ body }: Answer, wanted: string): string | undefined =>
      body.link.find(({ relation }: { relation: string }) => relation === wanted)?.url.slice(api.base.length + 1);
    let next: string | undefined = `${path}&_count=1`;
    let last: Answer | undefined;
    while (next !== undefined) {
      last = await api.ask('GET', next);
      pages.push(idsOf(last));
      next = link(last, 'next');
    }
    expect(pages.flat()).toEqual(expected);
    const back: string[] = [];
    let previous = last && link(last, 'previous');
    while (previous !== undefined) {
      const page: Answer = await api.ask('GET', previous);
      back.unshift(...idsOf(page));
      previous = link(page, 'previous');
    }
    expect(back).toEqual(expected.slice(0, -1));
  });
});

describe('the system and compartments', () => {
  test.each([
    ['?_type=Patient,Organization&_sort=_id', ['ann', 'bob', 'cyd', 'root', 'ward']],
    ['?_id=ann,root', ['ann', 'root']],
    ['?_type=ValueSet&_id=ann', []],
    ['Patient/ann/Observation', ['pressure']],
    ['Patient/ann/Observation?code=1234-5', []],
    ['Patient/ann/*', ['ann', 'pressure', 'visit']],
    ['Patient/ann/*?_type=Encounter', ['visit']],
    ['Practitioner/doc/Patient', ['ann']],
    ['Encounter/visit/Observation', ['pressure']],
  ])('%s', async (path, expected) => {
    const answer = await api.ask('GET', path);
    expect([answer.status, idsOf(answer).toSorted()]).toEqual([200, expected]);
  });

  test.each([
    ['?_type=Nothing', 400],
    ['?_type=AuditEvent', 400],
    ['?birthdate=2020', 400],
    ['?_type=Patient,Observation&_sort=date', 400],
    ['Patient/ann/Medication', 404],
    ['Organization/root/Patient', 404],
    ['Patient/ann/nothing', 404],
  ])('%s is refused with %i', async (path, status) => {
    const answer = await api.ask('GET', path);
    expect([answer.status, answer.body.resourceType]).toEqual([status, 'OperationOutcome']);
  });

  test('are searched by POST as well', async () => {
    const headers = { 'Content-Type': 'application/x-www-form-urlencoded' };
    const system = await api.ask('POST', '_search', { body: '_type=Patient&_id=ann', headers });
    expect([system.status, idsOf(system)]).toEqual([200, ['ann']]);
    const compartment = await api.ask('POST', 'Patient/ann/Observation/_search', { body: 'status=final', headers });
    expect([compartment.status, idsOf(compartment)]).toEqual([200, ['pressure']]);
  });

  test('answer a posted form in the format that it asks for', async () => {
    const headers = { 'Content-Type': 'application/x-www-form-urlencoded' };
    const ask = (body: string) => api.ask('POST', 'Patient/_search', { body, headers });
    expect((await ask('_id=ann&_format=xml')).status).toBe(406);
    expect((await ask('_id=ann&_pretty=maybe')).status).toBe(400);
    expect((await ask('_id=ann&_format=json')).status).toBe(200);
    expect((await ask('_id=ann&_pretty=true')).text).toContain('\n');
  });

  test('are searched within a batch as well', async () => {
    const entry = ['Patient/ann/Observation', '?_type=Organization'].map((url) => ({
      request: { method: 'GET', url },
    }));
    const answer = await api.ask('POST', '', { body: { resourceType: 'Bundle', type: 'batch', entry } });
    const totals = answer.body.entry.map(({ resource }: { resource: { entry: unknown[] } }) => resource.entry.length);
    expect(totals).toEqual([1, 2]);
  });
});

describe('includes', () => {
  test.each([
    ['Observation?_id=pressure&_include=Observation:subject', ['ann']],
    ['Observation?_id=pressure&_include=Observation:patient&_include:iterate=Patient:organization', ['ann', 'ward']],
    [
      'Observation?_id=pressure&_include=Observation:patient&_include:iterate=Patient:organization&_include:iterate=Organization:partof',
      ['ann', 'root', 'ward'],
    ],
    ['Observation?_id=pressure&_include=*', ['ann', 'visit']],
    ['Observation?_id=pressure&_include=Observation:*', ['ann', 'visit']],
    [
      'Observation?_id=dose&_include:iterate=Observation:has-member&_include:iterate=Observation:encounter',
      ['pressure', 'visit'],
    ],
    ['Patient?_id=ann&_revinclude=Observation:patient', ['pressure']],
    ['Patient?_id=ann&_revinclude=Observation:patient&_revinclude:iterate=Provenance:target', ['pressure', 'trace']],
    ['Patient?_id=ann&_revinclude=*', ['mine', 'pressure', 'visit']],
    ['Patient?_id=ann&_revinclude=Observation:*', ['pressure']],
  ])('%s', async (path, expected) => {
    const answer = await api.ask('GET', `${path}&_total=accurate`);
    expect([answer.status, idsOf(answer, 'include').toSorted(), answer.body.total]).toEqual([200, expected, 1]);
  });
});

describe('parts of resources', () => {
  test('are named, marked, and the same by POST', async () => {
    const [path, query] = ['Patient', '_id=ann&_elements=birthDate'];
    const got = await api.ask('GET', `${path}?${query}`);
    const { resource } = got.body.entry[0];
    expect(Object.keys(resource).toSorted()).toEqual(['birthDate', 'id', 'meta', 'resourceType']);
    expect(resource.meta.tag.at(-1).code).toBe('SUBSETTED');
    const headers = { 'Content-Type': 'application/x-www-form-urlencoded' };
    const posted = await api.ask('POST', `${path}/_search`, { body: query, headers });
    expect(posted.body.entry).toEqual(got.body.entry);
  });

  test('are not about what is included', async () => {
    const { body } = await api.ask('GET', 'Observation?_id=pressure&_elements=status&_include=Observation:patient');
    const [match, included] = body.entry.map(({ resource }: { resource: object }) => resource);
    expect(match.effectiveDateTime).toBeUndefined();
    expect([included.birthDate, included.meta.tag]).toEqual(['1980-05-17', undefined]);
  });

  test('_summary=true leaves out what is no summary', async () => {
    const { body } = await api.ask('GET', 'Observation?_id=dose&_summary=true');
    expect(body.entry[0].resource.valueQuantity.value).toBe(0.005);
    const whole = await api.ask('GET', 'Observation?_id=dose&_summary=false');
    expect(whole.body.entry[0].resource.meta.tag).toBeUndefined();
  });
});

describe('permissions', () => {
  test('hold for every type that a search looks into', async () => {
    const token = await api.tokenFor('system/Observation.rs');
    const statuses: number[] = [];
    for (const path of [
      'Observation?status=final',
      'Observation?patient=ann',
      'Observation?patient.name=ann',
      'Observation?_has:Provenance:target:agent=Practitioner/doc',
      '?_type=Observation',
      '?_type=Observation,Patient',
      '?_id=ann',
      'Patient/ann/Observation',
      'Observation?_revinclude=Provenance:target',
    ]) {
      statuses.push((await api.ask('GET', path, { token })).status);
    }
    expect(statuses).toEqual([200, 200, 403, 403, 200, 403, 403, 403, 403]);
  });
});
