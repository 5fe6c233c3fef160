/** Some thousand made-up records, the same at every run: frequent and rare codes, dates of every length and none at all. */
import type { Resource } from '../../../src/fhir/resource.ts';

export interface Observed {
  readonly id: string;
  readonly patient: string;
  readonly codes: readonly { readonly system?: string; readonly code: string }[];
  readonly category: string;
  readonly status: string;
  /** Milliseconds, both ends included; absent where it has no date. */
  readonly range?: { readonly low: number; readonly high: number };
}

export interface Records {
  readonly resources: readonly (Resource & { id: string })[];
  readonly observations: readonly Observed[];
  readonly patients: readonly string[];
}

export const loinc = 'http://loinc.org';
export const local = 'http://local.example';
const day = 86_400_000;
const epoch = Date.parse('2010-01-01T00:00:00.000Z');
const families = ['Blanda', 'Bland', 'Kuhn', 'Wolff', 'Zieme', 'Adams', 'Berge', 'Dicki'];

/** https://en.wikipedia.org/wiki/Linear_congruential_generator */
function createRandom(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

type Random = ReturnType<typeof createRandom>;

/** Of thirty codes the first is frequent and the last is rare. */
const skewed = (random: Random, count: number): number => Math.floor((random(1_000) / 1_000) ** 3 * count);

function codesOf(random: Random): Observed['codes'] {
  const code = `c${skewed(random, 30)}`;
  if (random(5) === 0) {
    return [
      { system: loinc, code },
      { system: local, code: `c${random(30)}` },
    ];
  }
  return [random(8) === 0 ? { code } : { system: loinc, code }];
}

const text = (instant: number): string => new Date(instant).toISOString();

/** A moment, a day, a month or a period of weeks; now and then nothing. */
function effectiveOf(random: Random): { readonly element: object; readonly range?: Observed['range'] } {
  const start = epoch + random(3_650) * day;
  const kind = random(10);
  if (kind === 0) return { element: {} };
  if (kind === 1) {
    const end = start + random(40) * day;
    return {
      element: { effectivePeriod: { start: text(start).slice(0, 10), end: text(end).slice(0, 10) } },
      range: { low: start, high: end + day - 1 },
    };
  }
  if (kind === 2)
    return { element: { effectiveDateTime: text(start).slice(0, 10) }, range: { low: start, high: start + day - 1 } };
  const moment = start + random(86_400) * 1_000;
  return { element: { effectiveDateTime: text(moment) }, range: { low: moment, high: moment } };
}

function patientOf(id: string, number: number, random: Random): Resource & { id: string } {
  return {
    resourceType: 'Patient',
    id,
    active: true,
    gender: number % 2 === 0 ? 'male' : 'female',
    birthDate: text(epoch - random(30_000) * day).slice(0, 10),
    name: [{ family: `${families[random(families.length)]}${random(20)}`, given: ['Ann'] }],
    identifier: [{ system: 'http://mrn.example', value: String(number) }],
  };
}

function observe(
  id: string,
  patient: string,
  random: Random,
): { readonly observed: Observed; readonly resource: object } {
  const { element, range } = effectiveOf(random);
  const codes = codesOf(random);
  const category = random(60) === 0 ? 'exam' : random(2) === 0 ? 'laboratory' : 'vital-signs';
  const status = random(40) === 0 ? 'amended' : 'final';
  const system = 'http://terminology.hl7.org/CodeSystem/observation-category';
  const quantity = { value: random(2_000) / 10, unit: 'mg', system: 'http://unitsofmeasure.org', code: 'mg' };
  const resource = {
    resourceType: 'Observation',
    id,
    status,
    category: [{ coding: [{ system, code: category }] }],
    code: { coding: codes },
    subject: { reference: `Patient/${patient}` },
    encounter: { reference: `Encounter/e${patient}-${random(3)}` },
    ...element,
    valueQuantity: quantity,
  };
  return { observed: { id, patient, codes, category, status, ...(range && { range }) }, resource };
}

/** Each patient with three encounters and some observations. */
export function makeRecords(patientCount: number, observationsOfEach: number): Records {
  const random = createRandom(42);
  const patients = Array.from({ length: patientCount }, (_, number) => `p${number}`);
  const observations: Observed[] = [];
  const resources = patients.flatMap((patient, number) => {
    const encounters = [0, 1, 2].map((one) => ({
      resourceType: 'Encounter',
      id: `e${patient}-${one}`,
      status: 'finished',
      class: { code: 'AMB' },
      subject: { reference: `Patient/${patient}` },
      period: { start: text(epoch + random(3_650) * day) },
    }));
    const made = Array.from({ length: 2 * observationsOfEach * (random(100) / 100) }, (_, one) =>
      observe(`o${number}-${one}`, patient, random),
    );
    observations.push(...made.map(({ observed }) => observed));
    return [patientOf(patient, number, random), ...encounters, ...made.map(({ resource }) => resource)];
  });
  return { resources: resources as Records['resources'], observations, patients };
}
