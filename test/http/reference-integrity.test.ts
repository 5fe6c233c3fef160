/** References to what is not there, and deletion of what is referred to, by policy. https://hl7.org/fhir/R4/references.html */
import { afterAll, beforeAll, describe, expect, it, test } from '@jest/globals';
import { type Answer, startApi, type TestApi } from '../support/api.ts';

type Json = Record<string, unknown>;

const encounter = (subject: string, more: Json = {}): Json => ({
  resourceType: 'Encounter',
  status: 'finished',
  class: { code: 'AMB' },
  subject: { reference: subject },
  ...more,
});

async function newPatient(api: TestApi): Promise<string> {
  const { body } = await api.ask('POST', 'Patient', { body: { resourceType: 'Patient' } });
  return `Patient/${body.id}`;
}

const placesOf = ({ body }: Answer): readonly string[] =>
  body.issue.flatMap(({ expression = [] }: { expression?: string[] }) => expression);

describe('with both policies at check', () => {
  let api: TestApi;

  beforeAll(async () => {
    api = await startApi({ VESTA_REFERENCES: 'check', VESTA_REFERENCES_ON_DELETE: 'check' });
  });

  afterAll(() => api.close());

  it('stores what refers to what is there', async () => {
    const patient = await newPatient(api);
    for (const reference of [patient, `${patient}/_history/1`, `${api.base}/${patient}`]) {
      expect((await api.ask('POST', 'Encounter', { body: encounter(reference) })).status).toBe(201);
    }
  });

  const foreign = ['http://elsewhere.example/fhir/Patient/1', 'urn:uuid:3bdf8bd4-5e0c-4d8f-9a55-6c1b2f4e9d01'];

  test.each(foreign)('does not look for %s', async (reference) => {
    expect((await api.ask('POST', 'Encounter', { body: encounter(reference) })).status).toBe(201);
  });

  it('knows what references mean in a Bundle that is stored', async () => {
    const bundle = (fullUrl: string, subject: string): Json => ({
      resourceType: 'Bundle',
      type: 'collection',
      entry: [
        { fullUrl, resource: { ...encounter(subject), id: 'e' } },
        { fullUrl: fullUrl.replace('Encounter/e', 'Patient/p'), resource: { resourceType: 'Patient', id: 'p' } },
      ],
    });
    const store = async (fullUrl: string, subject: string): Promise<number> =>
      (await api.ask('POST', 'Bundle', { body: bundle(fullUrl, subject) })).status;
    const elsewhere = 'http://elsewhere.example/fhir/Encounter/e';
    const here = `${api.base}/Encounter/e`;
    expect(await store(elsewhere, 'Patient/p')).toBe(201);
    expect(await store(elsewhere, 'Patient/nobody')).toBe(201);
    expect(await store(here, 'Patient/p')).toBe(201);
    expect(await store(here, 'Patient/nobody')).toBe(422);
    expect(await store(elsewhere, `${api.base}/Patient/nobody`)).toBe(422);
  });

  const missing: readonly (readonly [what: string, more: Json, place: string])[] = [
    ['an element with a search parameter', {}, 'Encounter.subject.reference'],
    [
      'an element without one',
      { hospitalization: { destination: { reference: 'Location/nowhere' } } },
      'Encounter.hospitalization.destination.reference',
    ],
    [
      'an extension',
      { extension: [{ url: 'http://a.example/x', valueReference: { reference: 'Group/nobody' } }] },
      'Encounter.extension[0].valueReference.reference',
    ],
    [
      'a contained resource',
      {
        contained: [{ resourceType: 'Condition', id: 'c', subject: { reference: 'Patient/nobody' } }],
        diagnosis: [{ condition: { reference: '#c' } }],
      },
      'Encounter.contained[0].subject.reference',
    ],
  ];

  test.each(missing)('refuses a reference to nothing in %s, and stores nothing', async (_what, more, place) => {
    const patient =
      place.includes('subject') && Object.keys(more).length === 0 ? 'Patient/nobody' : await newPatient(api);
    const answer = await api.ask('POST', 'Encounter', { body: encounter(patient, more) });
    expect([answer.status, placesOf(answer)]).toEqual([422, [place]]);
  });

  it('refuses it in updates and patches as well', async () => {
    const { body } = await api.ask('POST', 'Encounter', { body: encounter(await newPatient(api)) });
    const changed = { ...body, subject: { reference: 'Patient/nobody' } };
    expect((await api.ask('PUT', `Encounter/${body.id}`, { body: changed })).status).toBe(422);
    const patch = await api.ask('PATCH', `Encounter/${body.id}`, {
      body: JSON.stringify([{ op: 'replace', path: '/subject/reference', value: 'Patient/nobody' }]),
      headers: { 'Content-Type': 'application/json-patch+json' },
    });
    expect(patch.status).toBe(422);
    expect((await api.ask('GET', `Encounter/${body.id}`)).body.meta.versionId).toBe('1');
  });

  it('refuses a reference to what was deleted', async () => {
    const patient = await newPatient(api);
    expect((await api.ask('DELETE', patient)).status).toBe(204);
    expect((await api.ask('POST', 'Encounter', { body: encounter(patient) })).status).toBe(422);
  });

  it('lets a resource refer to itself, and be deleted', async () => {
    const body = { resourceType: 'Location', id: 'ring', partOf: { reference: 'Location/ring' } };
    expect((await api.ask('PUT', 'Location/ring', { body })).status).toBe(201);
    expect((await api.ask('DELETE', 'Location/ring')).status).toBe(204);
  });

  describe('in a transaction', () => {
    const transaction = (...entry: Json[]) =>
      api.ask('POST', '', { body: { resourceType: 'Bundle', type: 'transaction', entry } });
    const put = (resource: Json): Json => ({
      resource,
      request: { method: 'PUT', url: `${String(resource['resourceType'])}/${String(resource['id'])}` },
    });

    it('counts what the Bundle makes', async () => {
      const answer = await transaction(
        put({ ...encounter('Patient/made-here'), id: 'e1' }),
        put({ resourceType: 'Patient', id: 'made-here' }),
      );
      expect(answer.status).toBe(200);
    });

    it('does not count what it deletes, and names the entry', async () => {
      const patient = await newPatient(api);
      const answer = await transaction(
        { request: { method: 'DELETE', url: patient } },
        put({ ...encounter(patient), id: 'e2' }),
      );
      expect([answer.status, placesOf(answer)]).toEqual([422, ['Bundle.entry[1]', 'Encounter.subject.reference']]);
      expect((await api.ask('GET', patient)).status).toBe(200);
    });

    it('deletes together what refers to each other', async () => {
      const patient = await newPatient(api);
      const { body } = await api.ask('POST', 'Encounter', { body: encounter(patient) });
      const remove = (url: string): Json => ({ request: { method: 'DELETE', url } });
      expect((await transaction(remove(patient), remove(`Encounter/${body.id}`))).status).toBe(200);
    });
  });

  it('refuses to delete what is referred to, and says by how many', async () => {
    const patient = await newPatient(api);
    await api.ask('POST', 'Encounter', { body: encounter(patient) });
    await api.ask('POST', 'Encounter', { body: encounter(patient) });
    const answer = await api.ask('DELETE', patient);
    expect([answer.status, answer.body.issue[0].diagnostics]).toEqual([409, expect.stringContaining('2 Encounter')]);
    expect((await api.ask('GET', patient)).status).toBe(200);
  });

  it('finds references in elements without a search parameter, too', async () => {
    const location = (await api.ask('POST', 'Location', { body: { resourceType: 'Location' } })).body.id;
    const hospitalization = { destination: { reference: `Location/${location}` } };
    const made = await api.ask('POST', 'Encounter', { body: encounter(await newPatient(api), { hospitalization }) });
    expect((await api.ask('DELETE', `Location/${location}`)).status).toBe(409);
    expect((await api.ask('DELETE', `Encounter/${made.body.id}`)).status).toBe(204);
    expect((await api.ask('DELETE', `Location/${location}`)).status).toBe(204);
  });

  it('never leaves a dangling reference, whoever comes first', async () => {
    for (let round = 0; round < 10; round += 1) {
      const patient = await newPatient(api);
      const [deleted, ...created] = await Promise.all([
        api.ask('DELETE', patient),
        ...Array.from({ length: 4 }, () => api.ask('POST', 'Encounter', { body: encounter(patient) })),
      ]);
      const stored = created.filter(({ status }) => status === 201).length;
      expect(created.every(({ status }) => status === 201 || status === 422)).toBe(true);
      expect(deleted?.status).toBe(stored > 0 ? 409 : 204);
    }
  });

  it('survives transactions that cross', async () => {
    const [one, other] = [await newPatient(api), await newPatient(api)];
    const bundle = (first: string, second: string): Json => ({
      resourceType: 'Bundle',
      type: 'transaction',
      entry: [first, second].map((patient) => ({
        resource: {
          resourceType: 'Patient',
          id: patient.slice(8),
          link: [{ type: 'seealso', other: { reference: patient === one ? other : one } }],
        },
        request: { method: 'PUT', url: patient },
      })),
    });
    const answers = await Promise.all(
      Array.from({ length: 12 }, (_, index) =>
        api.ask('POST', '', { body: index % 2 ? bundle(one, other) : bundle(other, one) }),
      ),
    );
    expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 200));
  });
});

describe('with the policy warn', () => {
  let api: TestApi;

  beforeAll(async () => {
    api = await startApi({ VESTA_REFERENCES: 'warn' });
  });

  afterAll(() => api.close());

  it('stores, and tells who asks', async () => {
    const headers = { Prefer: 'return=OperationOutcome' };
    const { status, body } = await api.ask('POST', 'Encounter', { body: encounter('Patient/nobody'), headers });
    expect(status).toBe(201);
    expect(body.issue[0]).toMatchObject({
      severity: 'warning',
      code: 'not-found',
      expression: ['Encounter.subject.reference'],
    });
  });
});

describe('without a policy', () => {
  let api: TestApi;

  beforeAll(async () => {
    api = await startApi();
  });

  afterAll(() => api.close());

  it('stores references to what may come later, and deletes what is referred to', async () => {
    expect((await api.ask('POST', 'Encounter', { body: encounter('Patient/later') })).status).toBe(201);
    const patient = await newPatient(api);
    await api.ask('POST', 'Encounter', { body: encounter(patient) });
    expect((await api.ask('DELETE', patient)).status).toBe(204);
  });
});
