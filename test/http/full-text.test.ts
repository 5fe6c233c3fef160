/** `_text` and `_content`, and what becomes of the index when the setting changes. https://hl7.org/fhir/R4/search.html#content */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type Answer, startApi, type TestApi } from '../support/api.ts';
import { freshDatabase, type TestDatabase } from '../support/database.ts';

const narrative = (text: string) => ({
  status: 'generated',
  div: `<div xmlns="http://www.w3.org/1999/xhtml">${text}</div>`,
});

const resources = [
  {
    resourceType: 'Patient',
    id: 'ann',
    text: narrative('<p>Severe heart</p><p>failure</p>'),
    name: [{ family: 'Lung' }],
  },
  { resourceType: 'Patient', id: 'bob', text: narrative('Heart &#233;clair'), name: [{ family: 'Heart' }] },
  { resourceType: 'Patient', id: 'cyd', name: [{ family: 'Heart' }] },
  {
    resourceType: 'Condition',
    id: 'ill',
    subject: { reference: 'Patient/ann' },
    code: { text: 'Heart failure' },
    contained: [{ resourceType: 'Practitioner', id: 'doc', name: [{ family: 'Quack' }] }],
    recorder: { reference: '#doc' },
  },
];

const idsOf = (answer: Answer): string[] =>
  (answer.body.entry ?? []).map(({ resource }: { resource: { id: string } }) => resource.id).toSorted();

let database: TestDatabase;
let api: TestApi;

beforeAll(async () => {
  database = await freshDatabase();
  api = await startApi({ VESTA_FULL_TEXT: 'content' }, database);
  for (const resource of resources) {
    const answer = await api.ask('PUT', `${resource.resourceType}/${resource.id}`, { body: resource });
    expect(answer.status).toBe(201);
  }
}, 30_000);
afterAll(async () => {
  await api.close();
  await database.drop();
});

describe('words', () => {
  test.each<[string, string[]]>([
    ['Patient?_text=heart', ['ann', 'bob']],
    ['Patient?_text=HEART%20failure', ['ann']],
    ['Patient?_text=failure+severe', ['ann']],
    ['Patient?_text=eclair,failure', ['ann', 'bob']],
    ['Patient?_text=lung', []],
    ['Patient?_text=hear', []],
    ['Patient?_content=heart', ['ann', 'bob', 'cyd']],
    ['Patient?_content=lung', ['ann']],
    ['Patient?_content=lung&_text=failure', ['ann']],
    ['Patient?_content=lung&_text=eclair', []],
    ['Patient?_content=heart&family=heart&_sort=-_id', ['bob', 'cyd']],
    ['Condition?_content=quack', ['ill']],
    ['Condition?patient._text=severe', ['ill']],
    ['Patient?_has:Condition:patient:_content=failure', ['ann']],
    ['?_type=Patient,Condition&_content=heart+failure', ['ann', 'ill']],
  ])('%s', async (path, expected) => {
    const answer = await api.ask('GET', path);
    expect([answer.status, idsOf(answer)]).toEqual([200, expected]);
    const counted = await api.ask('GET', `${path}&_summary=count`);
    expect(counted.body.total).toBe(expected.length);
  });

  test('page by page', async () => {
    const first = await api.ask('GET', 'Patient?_content=heart&_count=2');
    const next = first.body.link.find(({ relation }: { relation: string }) => relation === 'next').url;
    const second = await api.ask('GET', next.slice(api.base.length + 1));
    expect([...idsOf(first), ...idsOf(second)].toSorted()).toEqual(['ann', 'bob', 'cyd']);
  });

  test('follow the versions of a resource', async () => {
    const put = (text: string | undefined) =>
      api.ask('PUT', 'Basic/b', {
        body: {
          resourceType: 'Basic',
          id: 'b',
          code: { text: 'x' },
          ...(text !== undefined && { text: narrative(text) }),
        },
      });
    const found = async (word: string) => idsOf(await api.ask('GET', `Basic?_text=${word}`));
    await put('alpha beta');
    expect([await found('alpha'), await found('beta')]).toEqual([['b'], ['b']]);
    await put('beta gamma');
    expect([await found('alpha'), await found('beta'), await found('gamma')]).toEqual([[], ['b'], ['b']]);
    await put(undefined);
    expect([await found('beta'), await found('gamma')]).toEqual([[], []]);
    await put('beta');
    await api.ask('DELETE', 'Basic/b');
    expect(await found('beta')).toEqual([]);
    const { rows } = await database.pool.query('SELECT count(*)::integer AS rows FROM word_index');
    expect(rows).toEqual([{ rows: 5 }]);
  });
});

test('a change of the setting is taken up: what is not indexed is refused, and complete when it is again', async () => {
  const path = 'Patient?_content=lung';
  const isListed = async () => {
    const { body } = await api.ask('GET', 'metadata');
    const { resource } = body.rest[0] as { resource: { type: string; searchParam: { name: string }[] }[] };
    const names = resource.find(({ type }) => type === 'Patient')?.searchParam.map(({ name }) => name) ?? [];
    return [names.includes('_text'), names.includes('_content')];
  };
  expect(await isListed()).toEqual([true, true]);
  await api.close();

  api = await startApi({}, database);
  const refused = await api.ask('GET', path);
  expect([refused.status, refused.body.issue[0].expression]).toEqual([400, ['http._content']]);
  expect(refused.body.issue[0].diagnostics).toContain('VESTA_FULL_TEXT=content');
  expect(idsOf(await api.ask('GET', 'Patient?_text=failure'))).toEqual(['ann']);
  expect(await isListed()).toEqual([true, false]);
  // written without its words
  await api.ask('PUT', 'Patient/dan', { body: { resourceType: 'Patient', id: 'dan', name: [{ family: 'Lung' }] } });
  await api.close();

  api = await startApi({ VESTA_FULL_TEXT: 'content' }, database);
  let answer = await api.ask('GET', path);
  for (let attempt = 0; answer.status === 503 && attempt < 1_000; attempt += 1) answer = await api.ask('GET', path);
  expect([answer.status, idsOf(answer)]).toEqual([200, ['ann', 'dan']]);
}, 60_000);
