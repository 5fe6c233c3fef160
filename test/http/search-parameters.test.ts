/** Search parameters that clients add while the server runs. https://hl7.org/fhir/R4/searchparameter.html */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type Answer, startApi, type TestApi } from '../support/api.ts';

let api: TestApi;
const count = 120;

const searchParameter = (more: object) => ({
  resourceType: 'SearchParameter',
  id: 'eyes',
  url: 'http://example.org/SearchParameter/eyes',
  name: 'Eyes',
  status: 'active',
  description: 'Colour of the eyes',
  code: 'eyes',
  base: ['Patient'],
  type: 'string',
  expression: "Patient.extension.where(url = 'http://example.org/eyes').value.ofType(string)",
  ...more,
});

const patient = (index: number) => ({
  resourceType: 'Patient',
  id: `p${index}`,
  active: true,
  ...(index % 3 === 0 && {
    extension: [{ url: 'http://example.org/eyes', valueString: index % 2 ? 'Blue' : 'Brown' }],
  }),
});

beforeAll(async () => {
  api = await startApi();
  const entry = Array.from({ length: count }, (_, index) => ({
    resource: patient(index),
    request: { method: 'PUT', url: `Patient/p${index}` },
  }));
  const stored = await api.ask('POST', '', { body: { resourceType: 'Bundle', type: 'transaction', entry } });
  expect(stored.status).toBe(200);
});
afterAll(() => api.close());

/** Asks until indexing is over; meanwhile every answer must be a refusal that tells the progress. */
async function searchWhenIndexed(path: string): Promise<Answer> {
  for (;;) {
    const answer = await api.ask('GET', path);
    if (answer.status !== 503 && answer.status !== 400) return answer;
    const [issue] = answer.body.issue;
    // until the other process hears of it, the parameter is not known at all
    expect(issue.diagnostics).toMatch(/being indexed( anew)?: \d+ of \d+ resources are done|no search parameter of/);
  }
}

describe('a custom search parameter', () => {
  test('finds what was stored before it and after', async () => {
    expect((await api.ask('GET', 'Patient?eyes=blue')).status).toBe(400);
    expect((await api.ask('PUT', 'SearchParameter/eyes', { body: searchParameter({}) })).status).toBe(201);
    const found = await searchWhenIndexed('Patient?eyes=blue&_total=accurate');
    expect([found.status, found.body.total]).toEqual([200, 20]);
    await api.ask('PUT', 'Patient/late', { body: { ...patient(3), id: 'late' } });
    expect((await api.ask('GET', 'Patient?eyes=blue&_summary=count')).body.total).toBe(21);
    expect((await api.ask('GET', 'Patient?eyes:missing=false&_summary=count')).body.total).toBe(41);
    expect((await api.ask('GET', 'Patient?_sort=eyes&_count=1')).body.entry[0].resource.extension[0].valueString).toBe(
      'Blue',
    );
    const { body } = await api.ask('GET', 'metadata');
    const patients = body.rest[0].resource.find(({ type }: { type: string }) => type === 'Patient');
    expect(patients.searchParam).toContainEqual({
      name: 'eyes',
      definition: 'http://example.org/SearchParameter/eyes',
      type: 'string',
    });
  });

  test('that changes is searched by what it says now', async () => {
    const changed = searchParameter({ code: 'colour' });
    expect((await api.ask('PUT', 'SearchParameter/eyes', { body: changed })).status).toBe(200);
    const found = await searchWhenIndexed('Patient?colour=brown&_total=accurate');
    expect([found.status, found.body.total]).toEqual([200, 20]);
    expect((await api.ask('GET', 'Patient?eyes=blue')).status).toBe(400);
  });

  test('that is deleted is gone', async () => {
    await api.ask('DELETE', 'SearchParameter/eyes');
    for (;;) {
      const answer = await api.ask('GET', 'Patient?colour=brown');
      if (answer.status === 400) break;
      expect([200, 503]).toContain(answer.status);
    }
  });

  test.each<[string, object, string]>([
    ['no FHIRPath', { expression: 'Patient..name' }, 'SearchParameter.expression'],
    ['no expression', { expression: undefined }, 'SearchParameter.expression'],
    ['the code of another', { code: 'birthdate' }, 'SearchParameter.code'],
    ['a code that no URL can have', { code: 'a.b:c' }, 'SearchParameter.code'],
    ['a base that is no resource', { base: ['Patient', 'HumanName'] }, 'SearchParameter.base'],
    ['a type that is not indexed', { type: 'special' }, 'SearchParameter.type'],
    [
      'components that are not known',
      { type: 'composite', component: [{ definition: 'http://example.org/none', expression: 'a' }] },
      'SearchParameter.component',
    ],
  ])('is refused with %s', async (_what, more, element) => {
    const answer = await api.ask('POST', 'SearchParameter', { body: searchParameter({ id: undefined, ...more }) });
    expect(answer.status).toBe(422);
    const elements = answer.body.issue.flatMap(({ expression = [] }: { expression?: string[] }) => expression);
    expect(elements.some((one: string) => one.startsWith(element))).toBe(true);
  });

  test('that is a draft is stored and not searched by', async () => {
    const draft = searchParameter({ id: 'draft', status: 'draft', code: 'drafted', url: 'http://example.org/draft' });
    expect((await api.ask('PUT', 'SearchParameter/draft', { body: draft })).status).toBe(201);
    expect((await api.ask('GET', 'Patient?drafted=x')).status).toBe(400);
  });
});

describe('$reindex', () => {
  const valueOf = ({ body }: Answer, name: string) => body.parameter.find((one: { name: string }) => one.name === name);

  test('indexes everything anew, and tells how far it is', async () => {
    await api.database.pool.query('DELETE FROM token_index');
    await api.database.pool.query(
      `UPDATE resource SET index_rows = '{"tokens":[],"references":[],"dates":[],"numbers":[],"strings":[],"uris":[]}'`,
    );
    await api.database.pool.query('DELETE FROM string_index');
    expect((await api.ask('GET', 'Patient?active=true&_summary=count')).body.total).toBe(0);
    const before = await api.ask('GET', '$reindex');
    expect([before.status, valueOf(before, 'status').valueCode]).toEqual([200, 'complete']);
    const begun = await api.ask('POST', '$reindex');
    expect(begun.status).toBe(202);
    expect(valueOf(begun, 'generation').valueInteger).toBe(valueOf(before, 'generation').valueInteger + 1);
    const found = await searchWhenIndexed('Patient?active=true&_summary=count');
    expect(found.body.total).toBe(count + 1);
    expect(valueOf(await api.ask('GET', '$reindex'), 'status').valueCode).toBe('complete');
  });

  test('is for those who may change everything', async () => {
    const token = await api.tokenFor('system/*.rs');
    expect((await api.ask('POST', '$reindex', { token })).status).toBe(403);
    expect((await api.ask('GET', '$reindex', { token })).status).toBe(200);
    const narrow = await api.tokenFor('system/Patient.cruds');
    expect((await api.ask('GET', '$reindex', { token: narrow })).status).toBe(403);
  });
});
