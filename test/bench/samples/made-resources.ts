/** Patients and vital signs as the load has them, each different from the others, as NDJSON. https://hl7.org/fhir/R4/nd-json.html */
import { closeSync, openSync, writeSync } from 'node:fs';
import { vitalSigns } from '../records/codes.ts';
import { makeVitalSign } from '../records/observation.ts';
import { makePatient, randomPerson } from '../records/patient.ts';
import { createRandom, type Random } from '../records/random.ts';

export type MadeType = 'Patient' | 'Observation';

const makers: Readonly<Record<MadeType, (random: Random) => object>> = {
  Patient: (random) => ({ ...makePatient(randomPerson(random), random), id: `p${random.below(1_000_000)}` }),
  Observation: (random) => {
    const belonging = { patient: `Patient/p${random.below(10_000)}`, encounter: `Encounter/e${random.below(10_000)}` };
    return { ...makeVitalSign(random.pick(vitalSigns), belonging, random), id: `o${random.below(1_000_000)}` };
  },
};

/** So many lines, of these types in turn. */
export function makeLines(types: readonly MadeType[], count: number): readonly string[] {
  const random = createRandom(1);
  return Array.from({ length: count }, (_, index) => {
    const type = types[index % types.length] ?? 'Patient';
    return JSON.stringify(makers[type](random));
  });
}

/** Writes the lines again and again until the file has this many bytes. */
export function writeNdjson(file: string, lines: readonly string[], bytes: number): void {
  const block = Buffer.from(`${lines.join('\n')}\n`);
  const out = openSync(file, 'w');
  try {
    for (let written = 0; written < bytes; written += block.length) writeSync(out, block);
  } finally {
    closeSync(out);
  }
}
