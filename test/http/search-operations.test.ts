/** `$everything`, `$lastn` and `$explain` over HTTP. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type Answer, startApi, type TestApi } from '../support/api.ts';

let api: TestApi;

const observation = (index: number) => ({
  resourceType: 'Observation',
  id: `o${index}`,
  status: 'final',
  category: [{ coding: [{ code: index % 2 === 0 ? 'vital-signs' : 'laboratory' }] }],
  code: {
    coding: [
      { system: 'http://loinc.org', code: `c${index % 3}` },
      // the same thing under another name
      ...(index % 3 === 1 ? [{ system: 'urn:local', code: 'one' }] : []),
    ],
  },
  subject: { reference: 'Patient/ann' },
  performer: [{ reference: 'Practitioner/doc' }],
  effectiveDateTime: `2020-01-${String(10 + index)}`,
});

const resources: readonly { resourceType: string; id: string }[] = [
  { resourceType: 'Practitioner', id: 'doc' },
  { resourceType: 'Patient', id: 'ann', active: true } as { resourceType: string; id: string },
  { resourceType: 'Patient', id: 'bob' },
  {
    resourceType: 'Encounter',
    id: 'visit',
    status: 'finished',
    class: { code: 'AMB' },
    subject: { reference: 'Patient/ann' },
    period: { start: '2020-01-12', end: '2020-01-13' },
  } as { resourceType: string; id: string },
  {
    resourceType: 'Coverage',
    id: 'insured',
    status: 'active',
    beneficiary: { reference: 'Patient/ann' },
    payor: [{ reference: 'Patient/ann' }],
  } as { resourceType: string; id: string },
  ...Array.from({ length: 9 }, (_, index) => observation(index)),
  { ...observation(1), id: 'other', subject: { reference: 'Patient/bob' } } as { resourceType: string; id: string },
  {
    resourceType: 'Observation',
    id: 'local',
    status: 'final',
    code: { coding: [{ system: 'urn:local', code: 'one' }] },
    subject: { reference: 'Patient/ann' },
    effectiveDateTime: '2020-02-01',
  } as { resourceType: string; id: string },
];

beforeAll(async () => {
  api = await startApi();
  for (const resource of resources) {
    const answer = await api.ask('PUT', `${resource.resourceType}/${resource.id}`, { body: resource });
    expect([resource.id, answer.status]).toEqual([resource.id, 201]);
  }
});
afterAll(() => api.close());

const idsOf = ({ body }: Answer, mode = 'match'): string[] =>
  (body.entry ?? [])
    .filter((entry: { search: { mode: string } }) => entry.search.mode === mode)
    .map((entry: { resource: { id: string } }) => entry.resource.id);

const observations = Array.from({ length: 9 }, (_, index) => `o${index}`);

describe('$everything', () => {
  test('is the record of a patient, and whom it refers to', async () => {
    const answer = await api.ask('GET', 'Patient/ann/$everything');
    expect(answer.status).toBe(200);
    expect(idsOf(answer).toSorted()).toEqual(['ann', 'insured', 'local', ...observations, 'visit'].toSorted());
    expect(idsOf(answer, 'include')).toEqual(['doc']);
  });

  test('comes in pages', async () => {
    const found: string[] = [];
    let next: string | undefined = 'Patient/ann/$everything?_count=4';
    while (next !== undefined) {
      const page: Answer = await api.ask('GET', next);
      expect(page.status).toBe(200);
      found.push(...idsOf(page));
      const link = page.body.link.find(({ relation }: { relation: string }) => relation === 'next');
      next = link?.url.slice(api.base.length + 1);
    }
    expect(found.toSorted()).toEqual(['ann', 'insured', 'local', ...observations, 'visit'].toSorted());
  });

  test.each([
    ['Patient/ann/$everything?_type=Encounter', ['visit']],
    ['Patient/ann/$everything?_type=Observation&start=2020-01-17&end=2020-01-20', ['o7', 'o8']],
    ['Patient/ann/$everything?start=2020-01-18&end=2020-01-20', ['ann', 'insured', 'o8']],
    // a stay is in the record of each day that it touches
    ['Patient/ann/$everything?_type=Encounter&start=2020-01-13', ['visit']],
    ['Patient/ann/$everything?_type=Encounter&end=2020-01-12', ['visit']],
    ['Patient/ann/$everything?_type=Encounter&start=2020-01-14', []],
    ['Patient/ann/$everything?_since=2999-01-01', []],
    ['Patient/bob/$everything', ['bob', 'other']],
    ['Encounter/visit/$everything', ['visit']],
  ])('%s', async (path, expected) => {
    const answer = await api.ask('GET', path);
    expect([answer.status, idsOf(answer).toSorted()]).toEqual([200, expected]);
  });

  test('includes no types but those that are asked for', async () => {
    const answer = await api.ask('GET', 'Patient/ann/$everything?_type=Observation');
    expect([idsOf(answer).length, idsOf(answer, 'include')]).toEqual([10, []]);
  });

  test('includes nothing that has not changed since', async () => {
    const doc = await api.ask('GET', 'Practitioner/doc');
    const answer = await api.ask('GET', `Patient/ann/$everything?_since=${doc.body.meta.lastUpdated}`);
    expect(idsOf(answer, 'include')).toEqual(['doc']);
    const later = new Date(Date.parse(doc.body.meta.lastUpdated) + 1).toISOString();
    const rest = await api.ask('GET', `Patient/ann/$everything?_since=${later}`);
    expect([rest.status, idsOf(rest, 'include')]).toEqual([200, []]);
  });

  test('takes its parameters from a body as well', async () => {
    const parameter = [{ name: '_type', valueCode: 'Encounter' }];
    const answer = await api.ask('POST', 'Patient/ann/$everything', {
      body: { resourceType: 'Parameters', parameter },
    });
    expect([answer.status, idsOf(answer)]).toEqual([200, ['visit']]);
  });

  test.each([
    ['Patient/nobody/$everything', 404],
    ['Patient/ann/$everything?name=x', 400],
    ['Patient/ann/$everything?start=soon', 400],
    ['Patient/ann/$everything?_since=soon', 400],
    ['Patient/ann/$everything?_type=Medication', 400],
  ])('%s is refused with %i', async (path, status) => {
    expect((await api.ask('GET', path)).status).toBe(status);
  });

  test('needs permission for every type', async () => {
    const token = await api.tokenFor('system/Patient.rs');
    expect((await api.ask('GET', 'Patient/ann/$everything', { token })).status).toBe(403);
    expect((await api.ask('GET', 'Patient/ann/$everything?_type=Patient', { token })).status).toBe(200);
  });
});

describe('$lastn', () => {
  test.each([
    ['patient=ann', ['local', 'o8', 'o6']],
    ['patient=ann&max=2', ['local', 'o8', 'o7', 'o6', 'o5', 'o3']],
    ['patient=Patient/ann&category=laboratory', ['o7', 'o5', 'o3']],
    ['subject=Patient/bob', ['other']],
    ['patient=ann&code=http://loinc.org|c0&max=2', ['o6', 'o3']],
  ])('%s', async (query, expected) => {
    const answer = await api.ask('GET', `Observation/$lastn?${query}`);
    expect([answer.status, idsOf(answer)]).toEqual([200, expected]);
  });

  test('gives parts of resources, and tells what it ignored', async () => {
    const Prefer = 'handling=lenient';
    const query = 'patient=ann&_elements=code&unheard=1&code=http://loinc.org|c0';
    const { body } = await api.ask('GET', `Observation/$lastn?${query}`, { headers: { Prefer } });
    const [match, outcome] = body.entry;
    expect([match.resource.id, match.resource.effectiveDateTime]).toEqual(['o6', undefined]);
    expect(outcome.resource.issue[0].diagnostics).toContain('unheard');
    expect(body.link[0].url).not.toContain('unheard');
    expect(body.link[0].url).toContain('_elements=code');
  });

  test.each([
    'code=c0',
    'patient=ann&max=0',
    'patient=ann&max=x',
    'patient=ann&_sort=date',
    'patient=ann&_total=accurate',
    'patient=ann&_summary=count',
    'patient=ann&unheard=1',
  ])('%s is refused', async (query) => {
    expect((await api.ask('GET', `Observation/$lastn?${query}`)).status).toBe(400);
  });
});

describe('$explain', () => {
  test('tells what is asked, by which statements, and what they cost', async () => {
    const answer = await api.ask('GET', 'Observation/$explain?patient.active=true&code=c0&_sort=-date&_total=accurate');
    expect(answer.status).toBe(200);
    const { parameter } = answer.body as {
      parameter: { name: string; valueString?: string; part?: { name: string; valueString: string }[] }[];
    };
    expect(parameter.filter(({ name }) => name === 'criterion').map(({ valueString }) => valueString)).toEqual([
      'patient leads to Patient with active (token)',
      'code (token)',
    ]);
    const parts = parameter.flatMap(({ part = [] }) => part);
    const summaries = parts.filter(({ name }) => name === 'summary').map(({ valueString }) => valueString);
    expect(summaries.some((text) => /^page: 3 rows in [\d.]+ ms, and read \d+ to find them$/.test(text))).toBe(true);
    expect(summaries.some((text) => text.startsWith('total: 1 rows'))).toBe(true);
    expect(
      parts.filter(({ name }) => name === 'plan').every(({ valueString }) => valueString.includes('Node Type')),
    ).toBe(true);
  });

  test('is for those who may look into everything', async () => {
    const token = await api.tokenFor('system/Observation.rs');
    expect((await api.ask('GET', 'Observation/$explain?code=c0', { token })).status).toBe(403);
  });
});
