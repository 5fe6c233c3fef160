/** Fills a database before measuring: patients with a visit and its vital signs, by transactions. */
import { randomUUID } from 'node:crypto';
import { ask } from './ask.ts';
import type { Api } from './load/load-order.ts';
import { type BundleEntry, makeTransaction } from './records/bundle.ts';
import { vitalSigns } from './records/codes.ts';
import { makeEncounter } from './records/encounter.ts';
import { makeVitalSign, randomInstant } from './records/observation.ts';
import { makePatient, type PersonFacts, randomPerson } from './records/patient.ts';
import { createRandom, type Random } from './records/random.ts';
import type { SeededData, SeededObservation, SeededPatient } from './seeded-data.ts';

const patientsPerBundle = 20;
const signsPerPatient = 2 * vitalSigns.length;
const entriesPerPatient = 2 + signsPerPatient;
/** Observations that `update` is told of. */
const observationsKept = 2_000;

function entriesOf(person: PersonFacts, random: Random): readonly BundleEntry[] {
  const patient = `urn:uuid:${randomUUID()}`;
  const encounter = `urn:uuid:${randomUUID()}`;
  const visit = { patient, time: randomInstant(random), identifier: randomUUID() };
  const signs = [...vitalSigns, ...vitalSigns];
  return [
    { fullUrl: patient, resource: makePatient(person, random) },
    { fullUrl: encounter, resource: makeEncounter(visit, random) },
    ...signs.map((sign) => ({
      fullUrl: `urn:uuid:${randomUUID()}`,
      resource: makeVitalSign(sign, { patient, encounter }, random),
    })),
  ];
}

interface TransactionResponse {
  readonly entry: readonly { readonly response: { readonly location?: string } }[];
}

/** The logical ids of what a transaction created, in its order. */
function idsOf(text: string): readonly string[] {
  return (JSON.parse(text) as TransactionResponse).entry.map(({ response }) => {
    const id = /([^/]+)\/_history\//.exec(response.location ?? '')?.[1];
    if (id === undefined) throw new Error('A transaction was answered without the locations of what it created');
    return id;
  });
}

interface SeededPerson {
  readonly patient: SeededPatient;
  readonly observations: readonly SeededObservation[];
}

function seededPerson(person: PersonFacts, ids: readonly string[]): SeededPerson {
  const [id = '', encounterId = '', ...observations] = ids;
  return {
    patient: { ...person, id, encounterId },
    observations: observations.map((observation) => ({ id: observation, patientId: id, encounterId })),
  };
}

async function seedBundle(api: Api, random: Random, size: number): Promise<readonly SeededPerson[]> {
  const people = Array.from({ length: size }, () => randomPerson(random));
  const body = makeTransaction(people.flatMap((person) => entriesOf(person, random)));
  const { status, text } = await ask({ method: 'POST', path: '', body }, api);
  if (status !== 200) throw new Error(`A transaction of the seed was answered ${status}: ${text.slice(0, 1_000)}`);
  const ids = idsOf(text);
  return people.map((person, index) =>
    seededPerson(person, ids.slice(index * entriesPerPatient, (index + 1) * entriesPerPatient)),
  );
}

/** Stores `count` patients with twelve resources each. Throws when a transaction is refused. */
export async function seed(api: Api, count: number): Promise<SeededData> {
  const random = createRandom(1);
  const people: SeededPerson[] = [];
  while (people.length < count) {
    people.push(...(await seedBundle(api, random, Math.min(patientsPerBundle, count - people.length))));
  }
  return {
    patients: people.map(({ patient }) => patient),
    observations: people.flatMap(({ observations }) => observations).slice(0, observationsKept),
  };
}
