import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { startApi, type TestApi } from '../support/api.ts';

let api: TestApi;
beforeAll(async () => {
  api = await startApi();
});
afterAll(() => api.close());

const practitioner = (value: string) => ({ resourceType: 'Practitioner', identifier: [{ system: 'urn:npi', value }] });
const encounter = (value: string) => ({
  resourceType: 'Encounter',
  status: 'finished',
  class: { code: 'AMB' },
  participant: [{ individual: { reference: `Practitioner?identifier=urn:npi|${value}` } }],
});
const post = (resource: { resourceType: string }) => ({
  resource,
  request: { method: 'POST', url: resource.resourceType },
});
const transaction = (...resources: { resourceType: string }[]) =>
  api.ask('POST', '', { body: { resourceType: 'Bundle', type: 'transaction', entry: resources.map(post) } });
const participantOf = async (location: string) => {
  const { body } = await api.ask('GET', location.slice(api.base.length + 1));
  return body.participant[0].individual.reference;
};

test('a conditional reference finds what is stored', async () => {
  const { body } = await api.ask('POST', 'Practitioner', { body: practitioner('1') });
  const answer = await transaction(encounter('1'), encounter('1'));
  expect(answer.status).toBe(200);
  expect(await participantOf(answer.body.entry[1].response.location)).toBe(`Practitioner/${body.id}`);
});

test('a conditional reference finds what the same Bundle makes, wherever it stands, and it is made once', async () => {
  const answer = await transaction(encounter('2'), practitioner('2'));
  expect(answer.status).toBe(200);
  const [, made] = answer.body.entry;
  const [, id] = /Practitioner\/([^/]+)\//.exec(made.response.location) ?? [];
  expect(await participantOf(answer.body.entry[0].response.location)).toBe(`Practitioner/${id}`);
  const found = await api.ask('GET', 'Practitioner?identifier=urn:npi|2&_total=accurate');
  expect(found.body.total).toBe(1);
  expect((await api.ask('GET', `Practitioner/${id}/_history`)).body.total).toBe(1);
});

test('a conditional reference that matches nothing, or several, fails the whole Bundle and names the entry', async () => {
  const before = (await api.ask('GET', 'Encounter?_count=0')).body.total;
  const none = await transaction(practitioner('9'), encounter('8'));
  expect([none.status, none.body.issue[0].expression]).toEqual([412, ['Bundle.entry[1]']]);
  const several = await transaction(practitioner('3'), practitioner('3'), encounter('3'));
  expect([several.status, several.body.issue[0].code]).toEqual([412, 'multiple-matches']);
  expect((await api.ask('GET', 'Encounter?_count=0')).body.total).toBe(before);
  expect((await api.ask('GET', 'Practitioner?identifier=urn:npi|9&_count=0')).body.total).toBe(0);
});
