/** `Observation/$stats` over HTTP. https://hl7.org/fhir/R4/observation-operation-stats.html */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type Answer, startApi, type TestApi } from '../support/api.ts';

let api: TestApi;

const loinc = 'http://loinc.org';
const ucum = 'http://unitsofmeasure.org';

const concept = (code: string) => ({ coding: [{ system: loinc, code }] });
const quantity = (value: number, code: string, unit = code) => ({ value, unit, system: ucum, code });
const observation = (id: string, code: string, more: object) => ({
  resourceType: 'Observation',
  id,
  status: 'final',
  code: concept(code),
  subject: { reference: 'Patient/ann' },
  ...more,
});
const rate = (id: string, value: number, day: number, more: object = {}) =>
  observation(id, 'rate', {
    effectiveDateTime: `2020-01-${String(day).padStart(2, '0')}`,
    valueQuantity: quantity(value, '/min'),
    ...more,
  });
const pressure = (id: string, systolic: number, diastolic: number) =>
  observation(id, 'panel', {
    component: [
      { code: concept('sys'), valueQuantity: quantity(systolic, 'mm[Hg]', 'mmHg') },
      { code: concept('dia'), valueQuantity: quantity(diastolic, 'mm[Hg]', 'mmHg') },
    ],
  });

const resources = [
  { resourceType: 'Patient', id: 'ann' },
  { resourceType: 'Patient', id: 'bob' },
  rate('r1', 60, 1),
  rate('r2', 70, 2, { status: 'amended' }),
  rate('r3', 90, 3, { valueQuantity: { ...quantity(90, '/min'), value: 90 }, note: [{ text: 'kept 1.50 as it is' }] }),
  rate('r4', 500, 4, { status: 'entered-in-error' }),
  rate('r5', 0, 5, { valueQuantity: undefined, dataAbsentReason: { text: 'moved' } }),
  rate('r6', 200, 6, { valueQuantity: { ...quantity(200, '/min'), comparator: '>' } }),
  rate('r7', 1_000, 7, { subject: { reference: 'Patient/bob' } }),
  pressure('p1', 120, 80),
  pressure('p2', 140, 100),
  observation('single', 'sys', { effectiveDateTime: '2020-02-01', valueQuantity: quantity(16, 'kPa') }),
  observation('weight', 'mass', { valueQuantity: quantity(70, 'kg') }),
  observation('length', 'mass', { valueQuantity: quantity(2, 'm') }),
  observation('inner', 'inner-panel', {
    hasMember: [{ reference: 'Observation/r1' }, { reference: 'Observation/r7' }],
  }),
  observation('outer', 'outer-panel', {
    hasMember: [
      { reference: 'Observation/inner' },
      { reference: 'Observation/outer' },
      { reference: 'Observation/single' },
      { reference: 'Observation/r4' },
      { reference: 'http://elsewhere.example/fhir/Observation/r2' },
    ],
  }),
  observation('now', 'fresh', {
    effectiveDateTime: new Date(Date.now() - 60_000).toISOString(),
    valueQuantity: quantity(1, '1'),
  }),
  observation('before', 'fresh', {
    effectiveDateTime: new Date(Date.now() - 7_200_000).toISOString(),
    valueQuantity: quantity(3, '1'),
  }),
];

beforeAll(async () => {
  api = await startApi();
  for (const resource of resources) {
    const answer = await api.ask('PUT', `${resource.resourceType}/${resource.id}`, { body: resource });
    expect([resource.id, answer.status, answer.body?.issue]).toEqual([resource.id, 201, undefined]);
  }
});
afterAll(() => api.close());

interface Component {
  readonly code: { readonly coding: readonly { readonly code: string }[] };
  readonly valueQuantity?: { readonly value: number; readonly code: string };
}

// oxlint-disable-next-line typescript/no-explicit-any -- tests look into bodies of any shape
const named = ({ body }: Answer, name: string): any[] =>
  body.parameter
    .filter((one: { name: string }) => one.name === name)
    .map(({ resource }: { resource: unknown }) => resource);

/** Of each code the values of the statistics. */
function tableOf(answer: Answer): Record<string, unknown> {
  const rows = named(answer, 'statistics').map((one) => [
    one.code.coding[0].code,
    one.component.map(({ valueQuantity }: Component) => valueQuantity?.value),
  ]);
  return Object.fromEntries(rows) as Record<string, unknown>;
}

const get = (query: string, token?: string) =>
  api.ask('GET', `Observation/$stats?${query}`, token === undefined ? {} : { token });
const post = (parameter: readonly object[]) =>
  api.ask('POST', 'Observation/$stats', { body: { resourceType: 'Parameters', parameter } });

const asked = `subject=Patient/ann&system=${loinc}`;

describe('$stats', () => {
  test('answers with an Observation of the code, the subject and the statistics', async () => {
    const answer = await get(`${asked}&code=rate&statistic=average&statistic=variance&statistic=count&statistic=skew`);
    expect([answer.status, named(answer, 'source')]).toEqual([200, []]);
    const component = (code: string, display: string, value: object) => ({
      code: {
        coding: [{ system: 'http://terminology.hl7.org/CodeSystem/observation-statistics', code, display }],
        text: display,
      },
      ...value,
    });
    expect(named(answer, 'statistics')).toEqual([
      {
        resourceType: 'Observation',
        status: 'final',
        code: { coding: [{ system: loinc, code: 'rate' }] },
        subject: { reference: 'Patient/ann' },
        component: [
          component('average', 'Average', { valueQuantity: quantity(73.3333333333, '/min') }),
          component('variance', 'Variance', { valueQuantity: { value: 233.333333333, unit: '(/min)²' } }),
          component('count', 'Count', { valueQuantity: quantity(3, '1') }),
          component('skew', 'Skew', { valueQuantity: quantity(0.381801774161, '1') }),
        ],
      },
    ]);
  });

  test('makes valid Observations', async () => {
    const all =
      'average maximum minimum count total-count median std-dev sum variance 20-percent 80-percent 4-lower 4-upper 4-dev 5-1 5-2 5-3 5-4 skew kurtosis';
    const statistics = all
      .split(' ')
      .map((code) => `statistic=${code}`)
      .join('&');
    const answer = await get(`${asked}&code=rate&code=panel&code=none&include=true&${statistics}`);
    for (const one of named(answer, 'statistics')) {
      expect(one.component).toHaveLength(20);
      const { status, body } = await api.ask('POST', 'Observation/$validate', { body: one });
      const errors = body.issue.filter(({ severity }: { severity: string }) => severity === 'error');
      expect([status, errors]).toEqual([200, []]);
    }
    const parameter = [{ name: 'resource', resource: answer.body }];
    const whole = await api.ask('POST', 'Parameters/$validate', { body: { resourceType: 'Parameters', parameter } });
    expect(whole.body.issue.filter(({ severity }: { severity: string }) => severity === 'error')).toEqual([]);
  });

  const both = '&statistic=average&statistic=total-count';
  test.each<[string, Record<string, unknown>]>([
    [`${asked}&code=rate${both}`, { rate: [73.3333333333, 5] }],
    [`${asked}&code=dia${both}`, { dia: [90, 2] }],
    [`${asked}&code=panel${both}`, { sys: [130, 2], dia: [90, 2] }],
    [`${asked}&code=outer-panel${both}`, { sys: [16, 1], rate: [60, 1] }],
    [`${asked}&code=inner-panel${both}`, { rate: [60, 1] }],
    [`${asked}&code=none${both}`, { none: [undefined, 0] }],
    [`${asked}&code=rate&code=none${both}`, { rate: [73.3333333333, 5], none: [undefined, 0] }],
    [`subject=Patient/bob&system=${loinc}&code=rate${both}`, { rate: [1000, 1] }],
    [`subject=Patient/nobody&system=${loinc}&code=rate${both}`, { rate: [undefined, 0] }],
    [`subject=http://elsewhere.example/Patient/ann&system=${loinc}&code=rate${both}`, { rate: [undefined, 0] }],
    [`${asked}&code=fresh&duration=1${both}`, { fresh: [1, 1] }],
    [`${asked}&code=fresh&duration=2.5${both}`, { fresh: [2, 2] }],
    [`subject=Patient/ann&system=urn:other&code=rate${both}`, { rate: [undefined, 0] }],
  ])('%s', async (query, table) => {
    const answer = await get(query);
    expect([answer.status, tableOf(answer)]).toEqual([200, table]);
  });

  test('gives squares their unit where UCUM can write it', async () => {
    const [{ component }] = named(await get(`${asked}&code=dia&statistic=variance`), 'statistics');
    expect(component[0].valueQuantity).toEqual(quantity(200, '(mm[Hg]).(mm[Hg])', '(mmHg)²'));
  });

  test('converts units that measure the same', async () => {
    const answer = await get(`${asked}&code=sys&statistic=count&statistic=maximum&statistic=minimum`);
    const [{ component }] = named(answer, 'statistics');
    // the latest gives the unit
    expect(component.map(({ valueQuantity }: Component) => valueQuantity?.code)).toEqual(['1', 'kPa', 'kPa']);
    const values = component.map(({ valueQuantity }: Component) => valueQuantity?.value.toFixed(4));
    expect(values).toEqual(['3.0000', '18.6651', '15.9986']);
  });

  test('takes codings and a period from a body', async () => {
    const answer = await post([
      { name: 'subject', valueUri: `${api.base}/Patient/ann` },
      { name: 'coding', valueCoding: { system: loinc, code: 'rate', display: 'Heart rate' } },
      { name: 'period', valuePeriod: { start: '2020-01-02', end: '2020-01-05' } },
      { name: 'statistic', valueCode: 'sum' },
      { name: 'statistic', valueCode: 'sum' },
      { name: 'statistic', valueCode: 'total-count' },
    ]);
    expect([answer.status, tableOf(answer)]).toEqual([200, { rate: [160, 3] }]);
    const [{ code, effectivePeriod }] = named(answer, 'statistics');
    expect([code.coding[0].display, effectivePeriod]).toEqual([
      'Heart rate',
      { start: '2020-01-02', end: '2020-01-05' },
    ]);
  });

  test('brings the latest Observations along, as they are stored', async () => {
    const query = `${asked}&code=rate&statistic=count`;
    const idsOf = async (more: string) => named(await get(query + more), 'source').map(({ id }) => id);
    expect(await idsOf('&include=true')).toEqual(['r3', 'r2', 'r1']);
    expect(await idsOf('&include=true&limit=2')).toEqual(['r3', 'r2']);
    expect(await idsOf('&include=false&limit=2')).toEqual([]);
    expect(await idsOf('&limit=0')).toEqual([]);
    const stored = await api.ask('GET', 'Observation/r3');
    expect((await get(`${query}&include=true`)).text).toContain(stored.text);
  });

  test('refuses to mix what does not measure the same', async () => {
    const { status, body } = await get(`${asked}&code=mass&statistic=average`);
    expect([status, body.issue[0].code]).toEqual([422, 'processing']);
  });

  const valid = `${asked}&code=rate&statistic=count`;
  test.each<[string, string]>([
    [`system=${loinc}&code=rate&statistic=count`, 'subject'],
    [`subject=ann&system=${loinc}&code=rate&statistic=count`, 'subject'],
    ['subject=Patient/ann&code=rate&statistic=count', 'system'],
    [`${asked}&statistic=count`, 'code'],
    ['subject=Patient/ann&statistic=count', 'code'],
    [`${asked}&code=rate`, 'statistic'],
    [`${asked}&code=rate&statistic=mode`, 'http.statistic'],
    [`${asked}&code=rate&statistic=regression`, 'http.statistic'],
    [`${valid}&duration=0`, 'http.duration'],
    [`${valid}&duration=soon`, 'http.duration'],
    [`${valid}&period=2020`, 'http.period'],
    [`${valid}&coding=x`, 'http.coding'],
    [`${valid}&include=maybe`, 'http.include'],
    [`${valid}&include=true&limit=0`, 'limit'],
    [`${valid}&include=true&limit=1001`, 'limit'],
    [`${valid}&subject=Patient/bob`, 'http.subject'],
    [`${valid}&params=1`, 'http.params'],
  ])('%s is refused', async (query, expression) => {
    const { status, body } = await get(query);
    expect([status, body.issue[0].expression]).toEqual([400, [expression]]);
  });

  test.each<[string, object]>([
    ['period', { valuePeriod: {} }],
    ['period', { valuePeriod: { start: 'soon' } }],
    ['coding', { valueCoding: { code: 'rate' } }],
  ])('refuses a %s %j', async (name, value) => {
    const answer = await post([
      { name: 'subject', valueUri: 'Patient/ann' },
      { name: 'coding', valueCoding: { system: loinc, code: 'rate' } },
      { name: 'statistic', valueCode: 'sum' },
      { name, ...value },
    ]);
    expect([answer.status, answer.body.resourceType]).toEqual([400, 'OperationOutcome']);
  });

  test('needs permission to search Observations, and is audited for whom it is about', async () => {
    const none = await api.tokenFor('system/Patient.rs');
    const enough = await api.tokenFor('system/Observation.s');
    expect((await get(valid, none)).status).toBe(403);
    expect((await get(valid, enough)).status).toBe(200);
    const { rows } = await api.database.pool.query(
      "SELECT DISTINCT interaction, status, patient FROM audit_event WHERE interaction = '$stats' AND agent = 'test-agent' ORDER BY status",
    );
    expect(rows).toEqual([
      { interaction: '$stats', status: 200, patient: 'ann' },
      { interaction: '$stats', status: 403, patient: null },
    ]);
  });

  test('is among the capabilities', async () => {
    const { body } = await api.ask('GET', 'metadata');
    const { operation } = body.rest[0].resource.find(({ type }: { type: string }) => type === 'Observation');
    expect(operation).toContainEqual({
      name: 'stats',
      definition: 'http://hl7.org/fhir/OperationDefinition/Observation-stats',
    });
  });
});
