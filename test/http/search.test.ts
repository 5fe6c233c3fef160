import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type Answer, startApi, type TestApi } from '../support/api.ts';

let api: TestApi;
const observation = (index: number) => ({
  resourceType: 'Observation',
  id: `o${index}`,
  status: 'final',
  category: [{ coding: [{ system: 'urn:category', code: index % 2 === 0 ? 'vital-signs' : 'laboratory' }] }],
  code: { coding: [{ system: 'http://loinc.org', code: index % 3 === 0 ? '8867-4' : '29463-7' }] },
  subject: { reference: `Patient/p${index % 2}` },
  effectiveDateTime: `2020-01-${String(1 + index).padStart(2, '0')}T10:00:00Z`,
  valueQuantity: { value: index, system: 'http://unitsofmeasure.org', code: 'kg' },
});

beforeAll(async () => {
  api = await startApi();
  const patients = [
    {
      resourceType: 'Patient',
      id: 'p0',
      gender: 'female',
      birthDate: '1980-05-17',
      name: [{ family: 'Müller', given: ['Ada'] }],
    },
    {
      resourceType: 'Patient',
      id: 'p1',
      gender: 'male',
      birthDate: '1990',
      name: [{ family: 'Smith, Jr', given: ['Bob'] }],
    },
  ];
  const resources = [...patients, ...Array.from({ length: 20 }, (_, index) => observation(index))];
  // one after another, so that the order of creation is known
  for (const resource of resources) {
    const answer = await api.ask('PUT', `${resource.resourceType}/${resource.id}`, { body: resource });
    expect(answer.status).toBe(201);
  }
});
afterAll(() => api.close());

const idsOf = ({ body }: Answer, mode = 'match'): string[] =>
  (body.entry ?? [])
    .filter((entry: { search: { mode: string } }) => entry.search.mode === mode)
    .map((entry: { resource: { id: string } }) => entry.resource.id);

async function allPages(path: string): Promise<string[]> {
  const found: string[] = [];
  let next: string | undefined = path;
  while (next !== undefined) {
    const answer: Answer = await api.ask('GET', next);
    expect(answer.status).toBe(200);
    found.push(...idsOf(answer));
    const link = answer.body.link.find(({ relation }: { relation: string }) => relation === 'next');
    next = link?.url.slice(api.base.length + 1);
  }
  return found;
}

describe('criteria', () => {
  test.each([
    ['Patient?family=mull', ['p0']],
    ['Patient?family=MÜLLER', ['p0']],
    ['Patient?name=bob', ['p1']],
    ['Patient?family=Smith\\, Jr', ['p1']],
    ['Patient?name=bob,ada', ['p0', 'p1']],
    ['Patient?name=bob&gender=female', []],
    ['Patient?birthdate=1980-05-17', ['p0']],
    ['Patient?birthdate=1980', ['p0']],
    ['Patient?birthdate=1990-01', []],
    ['Patient?birthdate=ge1985', ['p1']],
    ['Patient?birthdate=lt1985', ['p0']],
    ['Patient?_id=p0,p1,p2', ['p1', 'p0']],
    ['Patient?family=%25', []],
    ['Patient?family=_', []],
    ['Observation?patient=p0&code=8867-4', ['o18', 'o12', 'o6', 'o0']],
    ['Observation?subject=Patient/p1&code=http://loinc.org|8867-4', ['o15', 'o9', 'o3']],
    ['Observation?code=urn:other|8867-4', []],
    ['Observation?code=|8867-4', []],
    ['Observation?category=vital-signs&date=ge2020-01-15&date=lt2020-01-20', ['o18', 'o16', 'o14']],
    ['Observation?date=2020-01-03', ['o2']],
    ['Observation?value-quantity=gt17', ['o18', 'o19']],
    ['Observation?value-quantity=5||kg', ['o5']],
    ['Observation?value-quantity=5|http://unitsofmeasure.org|g', []],
    ['Observation?_lastUpdated=lt2000', []],
  ])('%s', async (path, expected) => {
    const answer = await api.ask('GET', path);
    expect([answer.status, idsOf(answer)]).toEqual([200, expected]);
  });
});

describe('results', () => {
  test('_include and _revinclude add each resource once, and are not counted', async () => {
    const answer = await api.ask(
      'GET',
      'Observation?code=8867-4&_include=Observation:subject&_count=5&_total=accurate',
    );
    expect([answer.body.total, idsOf(answer).length, idsOf(answer, 'include').sort()]).toEqual([7, 5, ['p0', 'p1']]);
    const reverse = await api.ask('GET', 'Patient?_id=p0&_revinclude=Observation:subject');
    expect([idsOf(reverse), idsOf(reverse, 'include').length]).toEqual([['p0'], 10]);
  });

  test.each(['', '&_sort=_lastUpdated', '&_sort=-_lastUpdated'])(
    'pages are complete and without repetition%s',
    async (sort) => {
      const newest = Array.from({ length: 20 }, (_, index) => `o${19 - index}`);
      const expected = sort === '&_sort=_lastUpdated' ? newest.toReversed() : newest;
      expect(await allPages(`Observation?status=final&_count=3${sort}`)).toEqual(expected);
    },
  );

  test.each([
    '',
    '&_sort=-date',
    '&_sort=date',
    '&_sort=_id',
    '&_sort=-value-quantity',
    '&_sort=status,-date',
    '&_sort=code',
  ])('paging loses and repeats nothing while others write%s', async (sort) => {
    const found: string[] = [];
    let next: string | undefined = `Observation?status=final&_count=4${sort}`;
    while (next !== undefined) {
      const page: Answer = await api.ask('GET', next);
      found.push(...idsOf(page));
      // before what was read, behind it, and of what is on the page
      const made = await Promise.all([
        api.ask('PUT', 'Observation/new-first', { body: { ...observation(0), id: 'new-first' } }),
        api.ask('PUT', 'Observation/new-last', { body: { ...observation(29), id: 'new-last' } }),
        api.ask('PUT', 'Observation/o5', { body: { ...observation(5), issued: '2020-01-01T00:00:00Z' } }),
        api.ask('DELETE', 'Observation/new-first'),
      ]);
      expect(made.every(({ status }) => status < 300 || status === 412)).toBe(true);
      const link = page.body.link.find(({ relation }: { relation: string }) => relation === 'next');
      next = link?.url.slice(api.base.length + 1);
    }
    const lasting = found.filter((id) => /^o\d+$/.test(id));
    expect(lasting.toSorted()).toEqual(Array.from({ length: 20 }, (_, index) => `o${index}`).toSorted());
  });

  test('_count=0 counts, and POST _search is the same as GET', async () => {
    const counted = await api.ask('GET', 'Patient?_count=0');
    expect([counted.body.total, counted.body.entry]).toEqual([2, undefined]);
    const headers = { 'Content-Type': 'application/x-www-form-urlencoded' };
    const posted = await api.ask('POST', 'Patient/_search', { body: 'family=mull&gender=female', headers });
    expect([posted.status, idsOf(posted)]).toEqual([200, ['p0']]);
  });

  test('an unknown parameter is refused by name, or ignored on request and said to be', async () => {
    const strict = await api.ask('GET', 'Patient?colour=red');
    expect([strict.status, strict.body.issue[0].expression]).toEqual([400, ['http.colour']]);
    const lenient = await api.ask('GET', 'Patient?colour=red&_id=p0', { headers: { Prefer: 'handling=lenient' } });
    expect([lenient.status, idsOf(lenient)]).toEqual([200, ['p0']]);
    const outcome = lenient.body.entry.at(-1);
    expect([outcome.search.mode, outcome.resource.issue[0].severity]).toEqual(['outcome', 'warning']);
    const self = lenient.body.link.find(({ relation }: { relation: string }) => relation === 'self').url;
    expect(self).not.toContain('colour');
  });

  test.each([
    '_filter=x',
    '_content=x',
    '_query=x',
    '_containedType=x',
    'name:of-type=x',
    'birthdate:contains=x',
    'link.unheard=x',
    '_count=x',
    '_cursor=x',
    'birthdate=yesterday',
    'name=',
  ])('%s is refused by name', async (query) => {
    const [name] = query.split('=');
    const answer = await api.ask('GET', `Patient?${query}`);
    expect([answer.status, answer.body.issue[0].expression]).toEqual([400, [`http.${name}`]]);
  });

  test('a cursor of another search is refused', async () => {
    const first = await api.ask('GET', 'Observation?status=final&_count=3');
    const next = first.body.link.find(({ relation }: { relation: string }) => relation === 'next').url;
    const cursor = new URL(next).searchParams.get('_cursor') ?? '';
    expect((await api.ask('GET', `Observation?code=8867-4&_cursor=${encodeURIComponent(cursor)}`)).status).toBe(400);
    const changed = (cursor.startsWith('A') ? 'B' : 'A') + cursor.slice(1);
    expect(
      (await api.ask('GET', `Observation?status=final&_count=3&_cursor=${encodeURIComponent(changed)}`)).status,
    ).toBe(400);
  });
});

describe('history', () => {
  test('of a resource, a type and the system, page by page', async () => {
    for (const active of [true, false])
      await api.ask('PUT', 'Patient/p0', { body: { resourceType: 'Patient', id: 'p0', active } });
    await api.ask('DELETE', 'Patient/p0');
    const instance = await api.ask('GET', 'Patient/p0/_history');
    const methods = instance.body.entry.map((entry: { request: { method: string } }) => entry.request.method);
    expect([instance.body.total, methods]).toEqual([4, ['DELETE', 'PUT', 'PUT', 'PUT']]);
    for (const path of ['Patient/p0/_history', 'Patient/_history', '_history']) {
      const whole = await api.ask('GET', `${path}?_count=1000`);
      const tags: string[] = [];
      let next: string | undefined = `${path}?_count=2`;
      while (next !== undefined) {
        const page: Answer = await api.ask('GET', next);
        tags.push(
          ...page.body.entry.map(
            (entry: { fullUrl: string; response: { etag: string } }) => entry.fullUrl + entry.response.etag,
          ),
        );
        next = page.body.link
          .find(({ relation }: { relation: string }) => relation === 'next')
          ?.url.slice(api.base.length + 1);
      }
      const all = whole.body.entry.map(
        (entry: { fullUrl: string; response: { etag: string } }) => entry.fullUrl + entry.response.etag,
      );
      expect([tags.length, tags]).toEqual([whole.body.total, all]);
    }
  });

  test('_since, and what is refused', async () => {
    const later = new Date(Date.now() + 60_000).toISOString();
    expect((await api.ask('GET', `Patient/_history?_since=${later}`)).body.total).toBe(0);
    expect((await api.ask('GET', 'Patient/_history?_since=soon')).status).toBe(400);
    expect((await api.ask('GET', 'Patient/_history?_at=2020')).status).toBe(400);
    expect((await api.ask('GET', 'Patient/_history?_cursor=x')).status).toBe(400);
    expect((await api.ask('GET', 'Patient/nobody/_history')).status).toBe(404);
  });
});
