/** Chains, includes and versions through canonical references, over HTTP. https://hl7.org/fhir/R4/references.html#canonical */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type Answer, startApi, type TestApi } from '../support/api.ts';

let api: TestApi;

const url = 'http://q.example/fhir/Questionnaire/intake';

const questionnaire = (id: string, more: object) => ({ resourceType: 'Questionnaire', id, status: 'active', ...more });
const response = (id: string, canonical: string, more: object = {}) => ({
  resourceType: 'QuestionnaireResponse',
  id,
  status: 'completed',
  questionnaire: canonical,
  ...more,
});

const resourcesOf = (base: string) => [
  questionnaire('q1', { url, version: '1.0', title: 'Intake one', publisher: 'Old' }),
  questionnaire('q2', { url, version: '2.1.3', title: 'Intake two' }),
  questionnaire('q20', { url: `${url}20`, version: '2.1', title: 'Another' }),
  questionnaire('unpublished', { title: 'No url' }),
  questionnaire('here', { url: `${base}/Questionnaire/here`, version: '5', title: 'Home made' }),
  response('r1', `${url}|1.0`),
  response('r2', `${url}|2.1.3`, { status: 'in-progress' }),
  response('r3', `${url}|3`),
  response('any', url),
  response('part', `${url}|1.0#group`),
  response('another', `${url}20|2.1`),
  response('relative', 'Questionnaire/unpublished'),
  response('absolute', `${base}/Questionnaire/here`),
  response('versioned', `${base}/Questionnaire/here|5`),
  { resourceType: 'Library', id: 'lib', status: 'active', type: { text: 'x' }, url: 'urn:lib', title: 'Logic' },
  {
    resourceType: 'ActivityDefinition',
    id: 'act',
    status: 'draft',
    url: 'urn:act',
    library: ['urn:lib'],
    relatedArtifact: [{ type: 'derived-from', resource: `${url}|1.0` }],
  },
  {
    resourceType: 'PlanDefinition',
    id: 'plan',
    status: 'draft',
    url: 'urn:plan',
    action: [{ title: 'one', definitionCanonical: 'urn:act' }],
  },
  // the address of a device leads to no definition
  { resourceType: 'Device', id: 'pump', url: 'urn:lib' },
  {
    resourceType: 'Observation',
    id: 'seen',
    status: 'final',
    code: { text: 'x' },
    derivedFrom: [{ reference: 'Observation/seen' }],
  },
];

beforeAll(async () => {
  api = await startApi();
  const entry = resourcesOf(api.base).map((resource) => ({
    resource,
    request: { method: 'PUT', url: `${resource.resourceType}/${resource.id}` },
  }));
  const answer = await api.ask('POST', '', { body: { resourceType: 'Bundle', type: 'batch', entry } });
  const outcomes = answer.body.entry.map((one: { response: { outcome?: unknown } }) => one.response.outcome);
  expect(outcomes).toEqual(entry.map(() => undefined));
});
afterAll(() => api.close());

const idsOf = ({ body }: Answer, mode = 'match'): string[] =>
  (body.entry ?? [])
    .filter((entry: { search: { mode: string } }) => entry.search.mode === mode)
    .map((entry: { resource: { id: string } }) => entry.resource.id)
    .toSorted();

/** Found when the search begins with the criterion, and when each resource is checked. */
async function find(search: string): Promise<readonly string[]> {
  const type = search.slice(0, search.indexOf('?'));
  const ids = resourcesOf('')
    .filter(({ resourceType }) => resourceType === type)
    .map(({ id }) => id);
  const begun = await api.ask('GET', search);
  const checked = idsOf(await api.ask('GET', `${search}&_id=${ids.join()}`));
  expect({ search, status: begun.status, checked }).toEqual({ search, status: 200, checked: idsOf(begun) });
  return checked;
}

describe('chains', () => {
  test.each<[string, readonly string[]]>([
    ['QuestionnaireResponse?questionnaire.title=intake one', ['any', 'part', 'r1']],
    ['QuestionnaireResponse?questionnaire.title=intake', ['any', 'part', 'r1', 'r2']],
    ['QuestionnaireResponse?questionnaire:Questionnaire.title=another', ['another']],
    ['QuestionnaireResponse?questionnaire.title=intake two&status=in-progress', ['r2']],
    ['QuestionnaireResponse?questionnaire.title=no url', ['relative']],
    ['QuestionnaireResponse?questionnaire.title=home', ['absolute', 'versioned']],
    ['QuestionnaireResponse?questionnaire._id=q2', ['any', 'r2']],
    // each is asked by itself: there are two questionnaires with this url
    ['QuestionnaireResponse?questionnaire.publisher=old&questionnaire.title=intake two', ['any']],
    ['ActivityDefinition?depends-on.title=logic', ['act']],
    ['ActivityDefinition?depends-on:Library.title=logic', ['act']],
    ['ActivityDefinition?derived-from:Questionnaire.title=intake one', ['act']],
    ['ActivityDefinition?derived-from.title=intake two', []],
    ['PlanDefinition?definition:ActivityDefinition.depends-on:Library.title=logic', ['plan']],
    ['Questionnaire?_has:QuestionnaireResponse:questionnaire:status=in-progress', ['q2']],
    [
      'Questionnaire?_has:QuestionnaireResponse:questionnaire:status=completed',
      ['here', 'q1', 'q2', 'q20', 'unpublished'],
    ],
    ['Questionnaire?_has:QuestionnaireResponse:questionnaire:_id=r1,r3', ['q1']],
    ['Questionnaire?_has:ActivityDefinition:derived-from:status=draft', ['q1']],
    ['Library?_has:ActivityDefinition:depends-on:_has:PlanDefinition:definition:status=draft', ['lib']],
    ['QuestionnaireResponse?_filter=questionnaire[publisher sw "old"].title sw "intake"', ['any', 'part', 'r1']],
  ])('%s', async (search, ids) => {
    expect(await find(search)).toEqual(ids);
  });

  test('through a parameter that is a reference in one type and a canonical in the other', async () => {
    const answer = await api.ask('GET', '?_type=ActivityDefinition,Observation&derived-from._id=q1,seen');
    expect(idsOf(answer)).toEqual(['act', 'seen']);
  });
});

describe('versions', () => {
  test.each<[string, readonly string[]]>([
    [`QuestionnaireResponse?questionnaire=${url}`, ['any', 'part', 'r1', 'r2', 'r3']],
    [`QuestionnaireResponse?questionnaire:below=${url}`, ['any', 'part', 'r1', 'r2', 'r3']],
    [`QuestionnaireResponse?questionnaire:below=${url}|1`, ['part', 'r1']],
    [`QuestionnaireResponse?questionnaire:below=${url}|2`, ['r2']],
    [`QuestionnaireResponse?questionnaire:below=${url}|2.1`, ['r2']],
    [`QuestionnaireResponse?questionnaire:below=${url}|2.1.3`, ['r2']],
    [`QuestionnaireResponse?questionnaire:below=${url}|2.1.3.1`, []],
    [`QuestionnaireResponse?questionnaire:below=${url}|3,${url}20|2`, ['another', 'r3']],
    [`QuestionnaireResponse?questionnaire=${url}|2`, []],
    ['ActivityDefinition?depends-on:below=urn:lib', ['act']],
  ])('%s', async (search, ids) => {
    expect(await find(search)).toEqual(ids);
  });

  test('of canonicals on this server', async () => {
    const here = `${api.base}/Questionnaire/here`;
    expect(await find(`QuestionnaireResponse?questionnaire=${here}`)).toEqual(['absolute', 'versioned']);
    expect(await find(`QuestionnaireResponse?questionnaire:below=${here}`)).toEqual(['absolute', 'versioned']);
    expect(await find(`QuestionnaireResponse?questionnaire:below=${here}|5`)).toEqual(['versioned']);
  });

  test.each<[string, string]>([
    [`QuestionnaireResponse?questionnaire:above=${url}|1.0`, 'questionnaire:above'],
    ['QuestionnaireResponse?questionnaire:below=1', 'questionnaire:below'],
  ])('%s is refused', async (search, name) => {
    const { status, body } = await api.ask('GET', search);
    expect([status, body.issue[0].expression]).toEqual([400, [`http.${name}`]]);
  });
});

describe('includes', () => {
  test.each<[string, readonly string[]]>([
    ['QuestionnaireResponse?_id=r1&_include=QuestionnaireResponse:questionnaire', ['q1']],
    ['QuestionnaireResponse?_id=any&_include=QuestionnaireResponse:questionnaire', ['q1', 'q2']],
    ['QuestionnaireResponse?_id=r3&_include=QuestionnaireResponse:questionnaire', []],
    ['QuestionnaireResponse?_id=r2,part&_include=QuestionnaireResponse:questionnaire:Questionnaire', ['q1', 'q2']],
    ['QuestionnaireResponse?_id=relative&_include=*', ['unpublished']],
    ['ActivityDefinition?_include=ActivityDefinition:*', ['lib', 'q1']],
    ['ActivityDefinition?_include=ActivityDefinition:derived-from:Library', []],
    ['ActivityDefinition?_include=ActivityDefinition:depends-on:Library', ['lib']],
    ['PlanDefinition?_include=PlanDefinition:definition', ['act']],
    [
      'PlanDefinition?_include:iterate=PlanDefinition:definition&_include:iterate=ActivityDefinition:depends-on',
      ['act', 'lib'],
    ],
    ['Questionnaire?_id=q2&_revinclude=QuestionnaireResponse:questionnaire', ['any', 'r2']],
    ['Questionnaire?_id=q1&_revinclude=*', ['act', 'any', 'part', 'r1']],
    ['Questionnaire?_id=unpublished&_revinclude=QuestionnaireResponse:questionnaire', ['relative']],
    [
      'Library?_revinclude=ActivityDefinition:depends-on&_revinclude:iterate=PlanDefinition:definition',
      ['act', 'plan'],
    ],
  ])('%s', async (search, ids) => {
    const answer = await api.ask('GET', search);
    expect([answer.status, idsOf(answer, 'include'), idsOf(answer, 'outcome')]).toEqual([200, ids, []]);
  });

  test('of types that the token does not allow to read are left out, and it is said', async () => {
    const token = await api.tokenFor('system/QuestionnaireResponse.rs', 'system/Library.rs');
    const search = 'QuestionnaireResponse?_id=r1&_include=QuestionnaireResponse:questionnaire';
    const { status, body } = await api.ask('GET', search, { token });
    expect(status).toBe(200);
    expect(body.entry.map((entry: { search: { mode: string } }) => entry.search.mode)).toEqual(['match', 'outcome']);
    expect((await api.ask('GET', 'QuestionnaireResponse?questionnaire.title=intake', { token })).status).toBe(403);
    const reverse = 'Library?_revinclude=ActivityDefinition:depends-on';
    expect((await api.ask('GET', reverse, { token })).status).toBe(403);
  });
});

test('a definition that is renamed or deleted is led to no longer', async () => {
  const search = 'QuestionnaireResponse?questionnaire.title=passing';
  const passing = (more: object) => ({ body: questionnaire('passing', { title: 'Passing', ...more }) });
  await api.ask('PUT', 'Questionnaire/passing', passing({ url, version: '3' }));
  expect(await find(search)).toEqual(['any', 'r3']);
  await api.ask('PUT', 'Questionnaire/passing', passing({ url, version: '4' }));
  expect(await find(search)).toEqual(['any']);
  await api.ask('DELETE', 'Questionnaire/passing');
  expect(await find(search)).toEqual([]);
});
