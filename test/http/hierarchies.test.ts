/** `:above` and `:below` of references over HTTP: hierarchies with many levels, several ways up, circles and ends that are not stored. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type Answer, startApi, type TestApi } from '../support/api.ts';

let api: TestApi;

interface Stored {
  readonly resourceType: string;
  readonly id: string;
}

const to = (reference: string) => ({ reference });
const location = (id: string, whole?: string) => ({
  resourceType: 'Location',
  id,
  ...(whole !== undefined && { partOf: to(`Location/${whole}`) }),
});
const procedure = (id: string, more: object) => ({
  resourceType: 'Procedure',
  id,
  status: 'completed',
  subject: to('Patient/ann'),
  ...more,
});
const encounter = (id: string, whole?: string) => ({
  resourceType: 'Encounter',
  id,
  status: 'finished',
  class: { system: 'http://terminology.hl7.org/CodeSystem/v3-ActCode', code: 'AMB' },
  ...(whole !== undefined && { partOf: to(`Encounter/${whole}`) }),
});
const plan = (id: string, more: object = {}) => ({
  resourceType: 'CarePlan',
  id,
  status: 'active',
  intent: 'plan',
  subject: to('Patient/ann'),
  ...more,
});

/** A circle of three, into which a long tail leads, and numbers that are part of what divides them. */
const numbers = Array.from({ length: 80 }, (_item, index) => index + 1);
const divisor = (number: number): number =>
  [2, 3, 5, 7].map((prime) => number / prime).find((quotient) => Number.isInteger(quotient)) ?? 0;

/** Wholes of plans, up to two each, that lead anywhere and in circles. */
const tangle = Array.from({ length: 40 }, (_item, index) =>
  [7 * index + 3, 11 * index * index + 5].slice(0, index % 3).map((whole) => whole % 40),
);

const resources: readonly Stored[] = [
  { resourceType: 'Patient', id: 'ann' },
  location('house'),
  location('floor', 'house'),
  location('room', 'floor'),
  location('bed', 'room'),
  location('elsewhere'),
  location('orphan', 'nowhere'),
  { ...location('guest'), partOf: to('http://other.example/fhir/Location/house') } as Stored,
  location('circle1', 'circle3'),
  location('circle2', 'circle1'),
  location('circle3', 'circle2'),
  ...numbers.map((number) => location(`n${number}`, divisor(number) === 0 ? undefined : `n${divisor(number)}`)),
  ...numbers.map((number) => procedure(`p${number}`, { location: to(`Location/n${number}`) })),
  procedure('in-house', { location: to('Location/house') }),
  procedure('in-bed', { location: to('Location/bed'), partOf: [to('Procedure/in-house')] }),
  procedure('in-orphan', { location: to('Location/orphan') }),
  procedure('in-circle', { location: to('Location/circle2') }),
  procedure('abroad', { location: to('http://other.example/fhir/Location/house') }),
  procedure('with-guest', { location: to('Location/guest') }),
  procedure('step', { partOf: [to('Procedure/in-bed'), to('Observation/cause')] }),
  procedure('last-step', { partOf: [to('Procedure/step')] }),
  encounter('stay'),
  encounter('visit', 'stay'),
  encounter('talk', 'visit'),
  ...['stay', 'visit', 'talk'].map((id) => ({
    resourceType: 'MedicationAdministration',
    id: `given-in-${id}`,
    status: 'completed',
    medicationCodeableConcept: { text: 'x' },
    subject: to('Patient/ann'),
    effectiveDateTime: '2020-01-01',
    context: to(`Encounter/${id}`),
  })),
  plan('first'),
  plan('second', { basedOn: [to('CarePlan/first')] }),
  plan('third', { basedOn: [to('CarePlan/second')] }),
  ...tangle.map((wholes, index) =>
    plan(`t${index}`, wholes.length === 0 ? {} : { partOf: wholes.map((whole) => to(`CarePlan/t${whole}`)) }),
  ),
  plan('piece', { partOf: [to('CarePlan/first')] }),
  {
    resourceType: 'Task',
    id: 'task',
    status: 'ready',
    intent: 'plan',
    basedOn: [to('CarePlan/piece')],
  } as Stored,
];

beforeAll(async () => {
  api = await startApi();
  const entry = resources.map((resource) => ({
    resource,
    request: { method: 'PUT', url: `${resource.resourceType}/${resource.id}` },
  }));
  const answer = await api.ask('POST', '', { body: { resourceType: 'Bundle', type: 'batch', entry } });
  const statuses = answer.body.entry.map((one: { response: { status: string } }) => one.response.status.slice(0, 3));
  expect(new Set(statuses)).toEqual(new Set(['201']));
});
afterAll(() => api.close());

const idsOf = ({ body }: Answer): string[] =>
  (body.entry ?? []).map((entry: { resource: { id: string } }) => entry.resource.id).toSorted();

/** Found when the search begins with the hierarchy, and when each resource is checked. */
async function find(search: string): Promise<readonly string[]> {
  const type = search.slice(0, search.indexOf('?'));
  const ids = resources.filter(({ resourceType }) => resourceType === type).map(({ id }) => id);
  const begun = idsOf(await api.ask('GET', `${search}&_count=1000`));
  const checked = idsOf(await api.ask('GET', `${search}&_count=1000&_id=${ids.join()}`));
  expect({ search, checked }).toEqual({ search, checked: begun });
  const counted = await api.ask('GET', `${search}&_summary=count`);
  expect({ search, total: counted.body.total }).toEqual({ search, total: begun.length });
  return begun;
}

describe('hierarchies', () => {
  test.each<[string, readonly string[]]>([
    ['Procedure?location:below=house', ['in-bed', 'in-house']],
    ['Procedure?location:below=Location/room', ['in-bed']],
    ['Procedure?location:below=elsewhere', []],
    ['Procedure?location:below=room,orphan', ['in-bed', 'in-orphan']],
    ['Procedure?location:above=bed', ['in-bed', 'in-house']],
    ['Procedure?location:above=house', ['in-house']],
    ['Procedure?location:below=nowhere', ['in-orphan']],
    ['Procedure?location:below=http://other.example/fhir/Location/house', ['abroad', 'with-guest']],
    ['Procedure?location:above=guest', ['abroad', 'with-guest']],
    ['Procedure?location:below=circle1', ['in-circle']],
    ['Procedure?location:above=circle3', ['in-circle']],
    ['Location?partof:below=house', ['bed', 'floor', 'room']],
    ['Location?partof:below=room', ['bed']],
    ['Location?partof:above=room', ['bed', 'floor', 'room']],
    ['Location?partof:above=house', ['floor']],
    ['Location?partof:below=circle1', ['circle1', 'circle2', 'circle3']],
    ['MedicationAdministration?context:above=talk', ['given-in-stay', 'given-in-talk', 'given-in-visit']],
    ['MedicationAdministration?context:above=Encounter/visit', ['given-in-stay', 'given-in-visit']],
    ['MedicationAdministration?context:below=visit', ['given-in-talk', 'given-in-visit']],
    ['Procedure?part-of:below=in-house', ['in-bed', 'last-step', 'step']],
    ['Procedure?part-of:below=Observation/cause', ['last-step', 'step']],
    ['Procedure?part-of:above=last-step', ['in-bed', 'last-step', 'step']],
    ['CarePlan?based-on:below=first', ['second', 'third']],
    ['CarePlan?part-of:below=first', ['piece']],
    ['Task?based-on:below=CarePlan/first', ['task']],
    ['Task?based-on:below=first', ['task']],
    ['MedicationAdministration?context.part-of:below=stay', ['given-in-talk', 'given-in-visit']],
    ['Patient?_has:Procedure:subject:location:below=floor', ['ann']],
    ['Patient?_has:Procedure:subject:location:below=elsewhere', []],
  ])('%s', async (search, ids) => {
    expect(await find(search)).toEqual(ids);
  });

  test('are absolute as well as relative', async () => {
    expect(await find(`Procedure?location:below=${api.base}/Location/floor`)).toEqual(['in-bed']);
  });

  test('of many levels and branches are followed to their ends', async () => {
    const above = (number: number): readonly number[] => [
      number,
      ...(divisor(number) === 0 ? [] : above(divisor(number))),
    ];
    const named = (found: readonly number[]) => found.map((number) => `p${number}`).toSorted();
    for (const number of [1, 2, 3, 8, 17, 60, 64]) {
      const below = numbers.filter((other) => above(other).includes(number));
      expect(await find(`Procedure?location:below=n${number}`)).toEqual(named(below));
      expect(await find(`Procedure?location:above=n${number}`)).toEqual(named(above(number)));
    }
  });

  test('may be any tangle', async () => {
    const above = (from: number): ReadonlySet<number> => {
      const known = new Set([from]);
      for (const one of known) for (const whole of tangle[one] ?? []) known.add(whole);
      return known;
    };
    const found = (holds: (wholes: readonly number[]) => boolean) =>
      tangle.flatMap((wholes, index) => (holds(wholes) ? [`t${index}`] : [])).toSorted();
    for (const start of [0, 5, 10, 13, 21, 38]) {
      const up = above(start);
      expect(await find(`CarePlan?part-of:above=t${start}`)).toEqual(
        found((wholes) => wholes.some((one) => up.has(one))),
      );
      const isBelow = (one: number) => above(one).has(start);
      expect(await find(`CarePlan?part-of:below=t${start}`)).toEqual(found((wholes) => wholes.some(isBelow)));
    }
    expect(tangle.some((_wholes, index) => tangle[index]?.some((whole) => above(whole).has(index)))).toBe(true);
  });

  test('are searched over pages, sorted and with other criteria', async () => {
    const found: string[] = [];
    let next: string | undefined = 'Procedure?location:below=n1&patient=ann&_sort=_id&_count=7';
    while (next) {
      const { body }: Answer = await api.ask('GET', next);
      found.push(...body.entry.map((entry: { resource: Stored }) => entry.resource.id));
      const link = body.link.find(({ relation }: { relation: string }) => relation === 'next');
      next = link?.url.slice(api.base.length + 1);
    }
    const ids = await find('Procedure?location:below=n1');
    expect(found).toEqual(ids);
    expect(await find('Procedure?location:below=n1&status=preparation')).toEqual([]);
  });

  test('change with what they are made of', async () => {
    await api.ask('PUT', 'Location/annex', { body: location('annex', 'elsewhere') });
    await api.ask('PUT', 'Procedure/in-annex', { body: procedure('in-annex', { location: to('Location/annex') }) });
    const search = 'Procedure?location:below=elsewhere';
    expect(idsOf(await api.ask('GET', search))).toEqual(['in-annex']);
    await api.ask('PUT', 'Location/annex', { body: location('annex') });
    expect(idsOf(await api.ask('GET', search))).toEqual([]);
    await api.ask('DELETE', 'Procedure/in-annex');
  });
});

describe('refused', () => {
  test.each<[string, string]>([
    ['Observation?subject:below=Patient/1', 'subject:below'],
    ['Observation?patient:above=1', 'patient:above'],
    ['Procedure?location:below=Patient/1', 'location:below'],
    ['Procedure?location:below=urn:uuid:1', 'location:below'],
    ['MedicationAdministration?context:above=EpisodeOfCare/1', 'context:above'],
    ['Observation?derived-from:below=Observation/1', 'derived-from:below'],
    ['?_type=CarePlan,Task&based-on:below=CarePlan/1', 'based-on:below'],
  ])('%s', async (search, name) => {
    const { status, body } = await api.ask('GET', search);
    expect([status, body.issue[0].expression]).toEqual([400, [`http.${name}`]]);
    expect(body.issue[0].diagnostics).toContain(name);
  });

  test('to whom may not search the hierarchy', async () => {
    const few = await api.tokenFor('system/Procedure.rs');
    const enough = await api.tokenFor('system/Procedure.rs', 'system/Location.s');
    const search = 'Procedure?location:below=house';
    expect((await api.ask('GET', search, { token: few })).status).toBe(403);
    expect((await api.ask('GET', search, { token: enough })).status).toBe(200);
  });
});
