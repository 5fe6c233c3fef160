/** Searches that user interfaces ask for, each of them and all in turn. https://hl7.org/fhir/R4/search.html */
import { vitalSigns } from '../records/codes.ts';
import { patientIdentifierSystem } from '../records/patient.ts';
import { createRandom, type Random } from '../records/random.ts';
import type { SeededData, SeededPatient } from '../seeded-data.ts';
import type { Workload } from './workload.ts';

/** The query of a search for what is known of a seeded patient. */
type Query = (patient: SeededPatient, random: Random) => string;

const codeOf = (random: Random): string => {
  const { system, code } = random.pick(vitalSigns);
  return encodeURIComponent(`${system}|${code}`);
};

const queries: Readonly<Record<string, Query>> = {
  family: ({ family }) => `Patient?family=${family}`,
  name: ({ family, given, gender }) => `Patient?family=${family}&given=${given}&gender=${gender}`,
  birthdate: ({ birthDate }) => `Patient?birthdate=${birthDate}`,
  identifier: ({ identifier }) =>
    `Patient?identifier=${encodeURIComponent(`${patientIdentifierSystem}|${identifier}`)}`,
  'patient-code': ({ id }, random) => `Observation?patient=${id}&code=${codeOf(random)}`,
  'patient-date': ({ id }) => `Observation?patient=Patient/${id}&date=ge2000-01-01&category=vital-signs`,
  code: (_patient, random) => `Observation?code=${codeOf(random)}&_count=20`,
  quantity: (_patient, random) => `Observation?code=${codeOf(random)}&value-quantity=gt30&_count=20`,
  include: ({ encounterId }) => `Encounter?_id=${encounterId}&_include=Encounter:subject`,
  revinclude: ({ id }) => `Patient?_id=${id}&_revinclude=Observation:patient`,
};

const common = { expected: 200, contains: '"entry":[', resources: 1, stores: false } as const;

/** The queries over and over. */
function* endlessly(asked: readonly Query[]): Generator<Query, never> {
  for (;;) yield* asked;
}

function requestsOf(asked: readonly Query[]) {
  return ({ patients }: SeededData, random: Random) => {
    const turns = endlessly(asked);
    return () => {
      const query = turns.next().value;
      return { method: 'GET', path: query(random.pick(patients), random) } as const;
    };
  };
}

export const search: Workload = {
  ...common,
  name: 'search',
  description: `these in turn: ${Object.keys(queries).join(', ')}`,
  requests: requestsOf(Object.values(queries)),
};

/** A query with its values left out. */
function shapeOf(query: Query): string {
  const patient = { family: '…', given: '…', gender: 'female', birthDate: '…', identifier: '…' } as const;
  return decodeURIComponent(query({ ...patient, id: '…', encounterId: '…' }, createRandom(0)));
}

/** `search:family` and so on. */
export const searches: readonly Workload[] = Object.entries(queries).map(([name, query]) => ({
  ...common,
  name: `search:${name}`,
  description: `\`${shapeOf(query)}\``,
  requests: requestsOf([query]),
}));
