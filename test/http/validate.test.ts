/** `$validate` over HTTP. https://hl7.org/fhir/R4/resource-operation-validate.html */
import { afterAll, beforeAll, describe, expect, it, test } from '@jest/globals';
import { startApi, type TestApi } from '../support/api.ts';

let api: TestApi;

beforeAll(async () => {
  api = await startApi();
});

afterAll(() => api.close());

interface OutcomeIssue {
  readonly severity: string;
  readonly code: string;
  readonly diagnostics: string;
  readonly expression?: readonly string[];
  readonly extension?: readonly { readonly url: string; readonly valueInteger: number }[];
}

const isSevere = ({ severity }: OutcomeIssue): boolean => severity === 'error' || severity === 'fatal';
const errorsOf = (body: { issue: readonly OutcomeIssue[] }): readonly OutcomeIssue[] => body.issue.filter(isSevere);
const placesOf = (body: { issue: readonly OutcomeIssue[] }) =>
  errorsOf(body).flatMap(({ expression = [] }) => expression);

const narrative = { status: 'generated', div: '<div xmlns="http://www.w3.org/1999/xhtml">Chalmers</div>' };
const patient = { resourceType: 'Patient', text: narrative, birthDate: '1974-12-25', name: [{ family: 'Chalmers' }] };

describe('$validate', () => {
  it('answers 200 and All OK for a valid resource, and stores nothing', async () => {
    const answer = await api.ask('POST', 'Patient/$validate', { body: patient });
    expect(answer.status).toBe(200);
    expect(answer.body).toEqual({
      resourceType: 'OperationOutcome',
      issue: [{ severity: 'information', code: 'informational', diagnostics: 'All OK' }],
    });
    expect((await api.ask('GET', 'Patient?_summary=count&family=Chalmers')).body?.total ?? 0).toBe(0);
  });

  it('answers 200 for an invalid one too, with element, line and column of each fault', async () => {
    const text =
      '{\n  "resourceType": "Patient",\n  "name": [\n    { "family": ["Chalmers"] }\n  ],\n  "birthDate": "1974-02-30"\n}';
    const { status, body } = await api.ask('POST', 'Patient/$validate', { body: text });
    expect(status).toBe(200);
    const found = errorsOf(body).map(({ expression, extension }) => [
      expression?.[0],
      ...(extension ?? []).map(({ valueInteger }) => valueInteger),
    ]);
    expect(found).toEqual([
      ['Patient.name[0].family', 4, 17],
      ['Patient.birthDate', 6, 16],
    ]);
  });

  it('takes a Parameters resource, and counts lines in what was sent', async () => {
    const parameters = {
      resourceType: 'Parameters',
      parameter: [
        { name: 'mode', valueCode: 'create' },
        { name: 'resource', resource: { ...patient, gender: 'x' } },
      ],
    };
    const { status, body } = await api.ask('POST', 'Patient/$validate', { body: JSON.stringify(parameters, null, 1) });
    expect(status).toBe(200);
    expect(placesOf(body)).toEqual(['Patient.gender']);
    const [line] = errorsOf(body)[0]?.extension ?? [];
    const written =
      JSON.stringify(parameters, null, 1)
        .split('\n')
        .findIndex((text) => text.includes('"gender"')) + 1;
    expect(line?.valueInteger).toBe(written);
  });

  it('tells warnings as well, which do not make it invalid', async () => {
    const { body } = await api.ask('POST', 'Patient/$validate', {
      body: { ...patient, maritalStatus: { coding: [{ system: 'http://example.org/own', code: 'x' }] } },
    });
    expect(errorsOf(body)).toEqual([]);
    expect(body.issue).toContainEqual(
      expect.objectContaining({ severity: 'warning', code: 'code-invalid', expression: ['Patient.maritalStatus'] }),
    );
  });

  it('reports a profile that nobody knows', async () => {
    const profile = 'http://example.org/fhir/StructureDefinition/nobody';
    const { body } = await api.ask('POST', `Patient/$validate`, { body: { ...patient, meta: { profile: [profile] } } });
    expect(body.issue).toContainEqual(
      expect.objectContaining({ severity: 'warning', code: 'not-found', expression: ['Patient.meta.profile[0]'] }),
    );
  });

  it('takes a demanded profile that nobody knows for an error', async () => {
    const { body } = await api.ask('POST', 'Patient/$validate?profile=http://example.org/nobody', { body: patient });
    expect(errorsOf(body)).toEqual([expect.objectContaining({ code: 'not-found' })]);
  });

  it('checks a profile that was stored just before', async () => {
    const url = 'http://example.org/fhir/StructureDefinition/with-gender';
    const definition = {
      resourceType: 'StructureDefinition',
      text: narrative,
      url,
      name: 'WithGender',
      status: 'active',
      kind: 'resource',
      abstract: false,
      type: 'Patient',
      baseDefinition: 'http://hl7.org/fhir/StructureDefinition/Patient',
      derivation: 'constraint',
      differential: {
        element: [
          { id: 'Patient', path: 'Patient' },
          { id: 'Patient.gender', path: 'Patient.gender', min: 1 },
        ],
      },
    };
    const claiming = { ...patient, meta: { profile: [url] } };
    expect((await api.ask('POST', 'Patient', { body: claiming })).status).toBe(201);
    expect((await api.ask('POST', 'StructureDefinition', { body: definition })).status).toBe(201);
    const refused = await api.ask('POST', 'Patient', { body: claiming });
    expect([refused.status, placesOf(refused.body)]).toEqual([422, ['Patient.gender']]);
    expect((await api.ask('POST', 'Patient', { body: { ...claiming, gender: 'male' } })).status).toBe(201);
  });

  it('validates each resource of a Bundle', async () => {
    const bundle = {
      resourceType: 'Bundle',
      type: 'collection',
      entry: [{ resource: patient }, { resource: { ...patient, gender: 'x' } }],
    };
    const { body } = await api.ask('POST', 'Bundle/$validate', { body: bundle });
    expect(placesOf(body)).toEqual(['Bundle.entry[1].resource.gender']);
  });

  describe('of a stored resource', () => {
    let id: string;

    beforeAll(async () => {
      id = (await api.ask('POST', 'Patient', { body: patient })).body.id;
    });

    it('validates what is stored', async () => {
      const { status, body } = await api.ask('GET', `Patient/${id}/$validate`);
      expect([status, errorsOf(body)]).toEqual([200, []]);
    });

    it('refuses another id for an update', async () => {
      const { body } = await api.ask('POST', `Patient/${id}/$validate?mode=update`, {
        body: { ...patient, id: 'other' },
      });
      expect(placesOf(body)).toEqual(['Patient.id']);
    });

    it('tells whether it could be deleted', async () => {
      expect((await api.ask('POST', `Patient/${id}/$validate?mode=delete`)).body.issue[0].severity).toBe('information');
      expect((await api.ask('POST', `Patient/nobody/$validate?mode=delete`)).status).toBe(404);
    });
  });

  const refusals: readonly (readonly [what: string, path: string, body: unknown, status: number])[] = [
    ['JSON that is none', 'Patient/$validate', '{"resourceType":"Patient"', 400],
    ['nothing', 'Patient/$validate', undefined, 400],
    ['an unknown mode', 'Patient/$validate?mode=guess', patient, 400],
    ['an unknown parameter', 'Patient/$validate?strict=true', patient, 400],
    ['a parameter of R5', 'Patient/$validate?usageContext=x', patient, 400],
    ['the mode profile without one', 'Patient/$validate?mode=profile', patient, 400],
    ['an unknown type', 'Patients/$validate', patient, 404],
    ['an unknown operation', 'Patient/$valid', patient, 404],
  ];

  test.each(refusals)('refuses %s', async (_what, path, body, status) => {
    const answer = await api.ask('POST', path, body === undefined ? {} : { body });
    expect(answer.status).toBe(status);
    expect(answer.body).toMatchObject({
      resourceType: 'OperationOutcome',
      issue: [{ severity: expect.stringMatching('error|fatal') }],
    });
  });

  it('tells of another type in the body as an issue', async () => {
    const { status, body } = await api.ask('POST', 'Observation/$validate', { body: patient });
    expect([status, errorsOf(body)[0]?.code]).toEqual([200, 'invalid']);
  });

  it('needs the permission to read the type, and leaves an audit row', async () => {
    const token = await api.tokenFor('system/Observation.r');
    expect((await api.ask('POST', 'Patient/$validate', { body: patient, token })).status).toBe(403);
    await api.ask('POST', 'Patient/$validate', { body: patient });
    const { rows } = await api.database.pool.query("SELECT 1 FROM audit_event WHERE interaction = '$validate'");
    expect(rows.length).toBeGreaterThan(1);
  });

  it('can be an entry of a batch', async () => {
    const entry = [{ resource: { ...patient, gender: 'x' }, request: { method: 'POST', url: 'Patient/$validate' } }];
    const { body } = await api.ask('POST', '', { body: { resourceType: 'Bundle', type: 'batch', entry } });
    expect(body.entry[0].response.status).toMatch(/^200/);
    expect(body.entry[0].resource.issue[0].expression).toEqual(['Patient.gender']);
  });
});

describe('/schemas', () => {
  it('serves the schema of a type as one document, to anybody', async () => {
    const response = await fetch(`${api.base.replace('/fhir', '')}/schemas/Patient`);
    expect([response.status, response.headers.get('Content-Type')]).toEqual([
      200,
      expect.stringContaining('application/schema+json'),
    ]);
    const schema = (await response.json()) as { $id: string; $defs: Record<string, object> };
    expect(schema.$id).toBe('fhir:resources/Patient');
    expect(Object.keys(schema.$defs)).toEqual(expect.arrayContaining(['Patient.contact', 'types/HumanName']));
  });

  it('knows no other names', async () => {
    const response = await fetch(`${api.base.replace('/fhir', '')}/schemas/Nobody`);
    expect(response.status).toBe(404);
  });
});
